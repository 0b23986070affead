"""The motion dictionary: labels, their text vectors, their exemplar's root.

========= ================= ===============================================
field     shape             meaning
========= ================= ===============================================
schema    []                ``'semtta_mm/dictionary/1'``
label     [L]               labels, sorted, as :func:`normalise` gives them
embedding [L, D]            unit vectors of the labels, float32
encoder   []                text encoder they were made with
exemplar  [L]               label whose exemplar this is: its own, or a
                            relative's where no motion of it may ship
source    [L]               name of the exemplar's clip
length    [L]               frames before the last one is held, int64
rotvec    [L, 60, 24, 3]    exemplars at 30 fps, radians, y up (of AMASS:
                            z up), float32
ankle     [L, 60, 3]        25th row of MotionCLIP's frames, m; may be absent
========= ================= ===============================================
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ...conventions import NUM_JOINTS
from ...geometry import axis_angle_to_matrix
from ...utils import InputError, read_npz
from .labels import normalise
from .motionclip import cosine
from .text import TextEncoder

SCHEMA = 'semtta_mm/dictionary/1'
"""Value of the field ``schema``; grows when the layout changes."""

FRAMES = 60
"""Length of an exemplar, at 30 fps."""

OPEN = Path(__file__).parents[2] / 'assets' / 'dictionary' / 'open.npz'
"""The dictionary that ships."""

_FIX = 'build it again with `semtta build-dictionary`'
_FIELDS = ('embedding', 'exemplar', 'source', 'length', 'rotvec')


@dataclass(frozen=True)
class Match:
    """What a wording was found to be.

    Attributes:
        index: Row in the dictionary; None if it is unknown.
        label: That row's label; None if it is unknown.
        score: Cosine of wording and label, 1 for the same wording; None
            without a text encoder.
        nearest: Most similar label, known or not; None without an encoder.
    """

    index: int | None
    label: str | None
    score: float | None
    nearest: str | None = None


@dataclass(frozen=True)
class MotionDictionary:
    """Labels that the motion-text model knows.

    Attributes:
        labels: Sorted labels, L of them.
        embedding: Unit vectors ``[L, D]``.
        encoder: Name of the text encoder they come from.
        exemplar: Label whose exemplar a row holds ``[L]``.
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

        They take the place of predicted ones before the motion encoder sees
        a motion (paper, section 4.1).
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
            InputError: If it has none.
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

    def lookup(
        self,
        text: str,
        encoder: TextEncoder | None = None,
        threshold: float = 0.6,
    ) -> Match:
        """Find the row that a wording means.

        Args:
            text: Any wording; listed ones need no encoder.
            encoder: The text encoder of the embeddings, for other wordings.
            threshold: Least cosine of a wording with a label it may mean.
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


def read_dictionary(path: str | PathLike[str] = 'open') -> MotionDictionary:
    """Read a dictionary.

    Args:
        path: File of :func:`write_dictionary`; ``'open'`` is the one that
            ships.

    Raises:
        InputError: If the file is missing, broken or of another schema, or
            a field has a wrong shape or value.
    """
    path = OPEN if str(path) == 'open' else Path(path)
    data = read_npz(path, _FIX, ('schema', 'label', 'encoder', *_FIELDS))
    _check(path, data)
    rotvec = torch.from_numpy(data['rotvec']).float()
    ankle = data.get('ankle')
    return MotionDictionary(
        labels=tuple(data['label'].tolist()),
        embedding=torch.from_numpy(data['embedding']).float(),
        encoder=str(data['encoder']),
        exemplar=tuple(data['exemplar'].tolist()),
        source=tuple(data['source'].tolist()),
        length=tuple(data['length'].tolist()),
        pose=axis_angle_to_matrix(rotvec),
        ankle=None if ankle is None else torch.from_numpy(ankle).float(),
    )


def write_dictionary(
    path: str | PathLike[str],
    labels: Sequence[str],
    embedding: np.ndarray,
    encoder: str,
    exemplars: Mapping[str, Sequence[str] | Sequence[int]],
    rotvec: np.ndarray,
    ankle: np.ndarray | None = None,
) -> Path:
    """Write a dictionary; a reader never sees half of it.

    Args:
        path: File ending in ``.npz``.
        labels: Sorted, normalised labels.
        embedding: ``[L, D]``.
        encoder: Name of the text encoder.
        exemplars: ``exemplar``, ``source`` and ``length`` of each label.
        rotvec: ``[L, 60, 24, 3]``, radians.
        ankle: ``[L, 60, 3]``, m, or None.

    Returns:
        The file.

    Raises:
        InputError: If the content is not what a reader accepts.
    """
    path = Path(path)
    data = {
        'schema': np.array(SCHEMA),
        'label': np.array(labels),
        'embedding': np.asarray(embedding, np.float32),
        'encoder': np.array(encoder),
        'exemplar': np.array(exemplars['exemplar']),
        'source': np.array(exemplars['source']),
        'length': np.array(exemplars['length'], np.int64),
        'rotvec': np.asarray(rotvec, np.float32),
    }
    if ankle is not None:
        data['ankle'] = np.asarray(ankle, np.float32)
    _check(path, data)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f'.{path.name}.{os.getpid()}.tmp')
    try:
        with draft.open('wb') as file:
            np.savez_compressed(file, **data)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _check(path: Path, data: dict[str, np.ndarray]) -> None:
    """Refuse what would only be noticed as a bad similarity."""
    if str(data['schema']) != SCHEMA:
        problem = f'{data["schema"]} is not {SCHEMA}'
        raise InputError(path, 'schema', problem, _FIX)
    labels = data['label'].tolist()
    if not labels or labels != sorted(set(labels)):
        raise InputError(path, 'label', 'is not sorted and unique', _FIX)
    for label in labels:
        if normalise(label) != label:
            problem = f'{label!r} is to be {normalise(label)!r}'
            raise InputError(path, 'label', problem, _FIX)
    count = len(labels)
    shapes = {
        'rotvec': (count, FRAMES, NUM_JOINTS, 3),
        'ankle': (count, FRAMES, 3),
    }
    optional = ('ankle',) if 'ankle' in data else ()
    for name in (*_FIELDS, *optional):
        found = data[name].shape
        if found != shapes.get(name, (count, *found[1:])):
            raise InputError(path, name, f'is {list(found)}', _FIX)
    for name in ('rotvec', 'embedding', *optional):
        if not np.isfinite(data[name]).all():
            raise InputError(path, name, 'holds NaN or infinity', _FIX)
    norm = np.linalg.norm(data['embedding'], axis=-1)
    if data['embedding'].ndim != 2 or not np.allclose(norm, 1, atol=1e-3):
        raise InputError(path, 'embedding', 'is not of unit length', _FIX)
