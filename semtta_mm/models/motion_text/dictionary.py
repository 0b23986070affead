"""The motion dictionary: labels, their text vectors, their exemplars."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor

from ...utils import InputError
from .labels import normalise
from .motionclip import cosine
from .text import TextEncoder


@dataclass(frozen=True)
class Match:
    """Result of looking up a text.

    Attributes:
        index: Row in the dictionary; None if it is unknown.
        label: That row's label; None if it is unknown.
        score: Cosine of text and label, 1 for equal texts; None without a
            text encoder.
        nearest: Most similar label, also below the threshold; None without
            an encoder.
    """

    index: int | None
    label: str | None
    score: float | None
    nearest: str | None = None


@dataclass(frozen=True)
class MotionDictionary:
    """Labels of the motion-text model, with text vectors and exemplars.

    Attributes:
        labels: Sorted labels, L of them.
        embedding: Unit vectors ``[L, D]``.
        encoder: Name of the text encoder of the embeddings.
        exemplar: Label whose exemplar a row contains ``[L]``.
        source: Name of the exemplar's clip ``[L]``.
        length: Frames ``[L]`` of an exemplar before its last one is held.
        pose: Exemplars ``[L, 60, 24, 3, 3]``, rotation matrices at 30 fps.
        ankle: The 25th row of MotionCLIP's frames ``[L, 60, 3]``, m, or None.
    """

    labels: tuple[str, ...]
    embedding: Tensor = field(repr=False)
    encoder: str
    exemplar: tuple[str, ...] = field(repr=False)
    source: tuple[str, ...] = field(repr=False)
    length: tuple[int, ...] = field(repr=False)
    pose: Tensor = field(repr=False)
    ankle: Tensor | None = field(repr=False, default=None)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def root(self) -> Tensor:
        """Global rotations of the exemplars ``[L, 60, 3, 3]``.

        They replace predicted ones in the input of the motion encoder
        (paper, section 4.1).
        """
        return self.pose[:, :, 0]

    @property
    def translation(self) -> Tensor:
        """The 25th row of MotionCLIP's frames ``[L, 60, 3]``, m.

        Raises:
            InputError: If this dictionary has none.
        """
        if self.ankle is None:
            raise InputError(
                'dictionary',
                'ankle',
                'is absent',
                "build it from AMASS, or set motion_text.row_25='zeros'",
            )
        return self.ankle

    def index(self, label: str) -> int:
        """Row of a label.

        Raises:
            InputError: If the label is unknown.
        """
        found = normalise(label)
        if found not in self.labels:
            raise InputError(
                'dictionary',
                'label',
                f'{label!r} is unknown',
                f'use one of {", ".join(self.labels)}',
            )
        return self.labels.index(found)

    def nearest(
        self, text: str, encoder: TextEncoder, count: int
    ) -> list[str]:
        """Labels nearest to a text, the nearest first.

        Args:
            text: Any text.
            encoder: The text encoder of the embeddings.
            count: Of labels, at most.
        """
        scores = cosine(encoder.encode([normalise(text)]), self.embedding)[0]
        best = scores.topk(min(count, len(self))).indices
        return [self.labels[row] for row in best.tolist()]

    def lookup(
        self,
        text: str,
        encoder: TextEncoder | None = None,
        threshold: float = 0.6,
    ) -> Match:
        """Find the row of a text.

        Args:
            text: Any text; labels and their synonyms need no encoder.
            encoder: The text encoder of the embeddings, for other texts.
            threshold: Least cosine of a text with its label.
        """
        wanted = normalise(text)
        if wanted in self.labels:
            return Match(self.labels.index(wanted), wanted, 1.0, wanted)
        if encoder is None or not wanted:
            return Match(None, None, None)
        scores = cosine(encoder.encode([wanted]), self.embedding)[0]
        best = int(scores.argmax())
        score, nearest = float(scores[best]), self.labels[best]
        if score < threshold:
            return Match(None, None, score, nearest)
        return Match(best, nearest, score, nearest)
