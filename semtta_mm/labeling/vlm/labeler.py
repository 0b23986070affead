"""Labels by a vision-language model (paper, Sec. 4.1, "Text labeling")."""

from __future__ import annotations

import json
from collections import Counter
from os import PathLike
from pathlib import Path
from typing import Any

from mmengine.logging import print_log

from ...models.motion_text import (
    TextEncoder,
    load_encoder,
    read_dictionary,
)
from ...registry import TASK_UTILS
from ...structures import PersonTrack
from ...utils import InputError, MissingDependencyError
from ..base import BaseLabeler
from ..spans import UNKNOWN_TEXT, LabelSpan, joined
from . import questions
from .client import NoAnswerError, VisionClient
from .frames import Window, track_windows, window_images


@TASK_UTILS.register_module()
class VLMLabeler(BaseLabeler):
    """Asks a vision-language model what the person does.

    For each window of a track the model describes the motion in some frames,
    then chooses the label that fits best from a shortlist of the dictionary,
    several times. The label with most votes is asked once more: whether the
    images contradict it. Without a majority, or if they do, the window is
    unknown. All questions and answers are in ``raw`` of each span, so in
    ``labels.json``. **Images of the person are sent to the server.**

    Args:
        url: Base URL of an OpenAI-compatible server, often ending in ``/v1``.
        model: Name of its model; it must accept images.
        dictionary: The motion dictionary, a shipped name or an npz.
        window_seconds: Longest duration with one label, s.
        images: Frames that are shown of each window.
        image_size: Their longer side, px.
        samples: Descriptions and choices of each window.
        agreement: Least share of the samples that choose the label.
        check: Whether the label is asked once more.
        shortlist: Labels to choose from: those nearest to the description by
            the dictionary's text encoder; all labels without the encoder.
        key_variable: Environment variable with the key.
        timeout: Of a request, s.
        retries: After the first try.
        folder: Keeps answers there, by the content of the question.
    """

    def __init__(
        self,
        url: str,
        model: str,
        dictionary: str | PathLike[str] = 'open',
        window_seconds: float = 4.0,
        images: int = 8,
        image_size: int = 448,
        samples: int = 3,
        agreement: float = 0.5,
        check: bool = True,
        shortlist: int = 20,
        key_variable: str = 'OPENAI_API_KEY',
        timeout: float = 60.0,
        retries: int = 4,
        folder: str | PathLike[str] | None = None,
    ) -> None:
        for name, value in (
            ('window_seconds', window_seconds),
            ('images', images),
            ('image_size', image_size),
            ('samples', samples),
            ('shortlist', shortlist),
        ):
            if not value > 0:
                raise ValueError(f'{name}: expected above 0, got {value}')
        self.dictionary = read_dictionary(dictionary)
        self.window_seconds, self.images = window_seconds, images
        self.image_size, self.samples = image_size, samples
        self.agreement, self.check_label = agreement, check
        self.shortlist = shortlist
        self.client = VisionClient(
            url,
            model,
            key_variable,
            timeout,
            retries,
            None if folder is None else Path(folder),
        )
        self._encoder: TextEncoder | None = None
        self._tried = False

    def __call__(self, track: PersonTrack) -> list[LabelSpan]:
        """Spans of the track; neighbours with one label are one.

        Raises:
            InputError: If the video is absent or lacks a frame, the server
                cannot be reached, or it refuses the key or the model.
            MissingDependencyError: If ``openai`` is not installed.
        """
        windows = track_windows(track, self.window_seconds, self.images)
        shown = window_images(track, windows, self.image_size)
        print_log(
            f'{track.name}: {sum(map(len, shown))} images of the person go '
            f'to {self.client.url}, model {self.client.model}',
            logger='current',
        )
        spans = [
            self._span(track.name, window, images)
            for window, images in zip(windows, shown, strict=True)
        ]
        return joined(spans)

    def _span(
        self, name: str, window: Window, images: tuple[bytes, ...]
    ) -> LabelSpan:
        """The label of one window."""
        steps: dict[str, Any] = {'model': self.client.model}
        try:
            label, score = self._label(window, images, steps)
        except NoAnswerError as error:
            label, score = UNKNOWN_TEXT, None
            steps['error'] = str(error)
            print_log(
                f'{name}: frames {window.start} to {window.end}: unknown, '
                f'the model did not answer: {error}',
                logger='current',
                level=30,  # warning
            )
        return LabelSpan(
            window.start,
            window.end,
            label,
            score=score,
            source='vlm',
            raw=json.dumps(steps, ensure_ascii=False),
        )

    def _label(
        self,
        window: Window,
        images: tuple[bytes, ...],
        steps: dict[str, Any],
    ) -> tuple[str, float]:
        """The label, and the share of the samples that chose it.

        Args:
            window: Its duration is in the questions.
            images: JPEG files.
            steps: Gets all answers.
        """
        steps['samples'] = []
        votes: Counter[str] = Counter()
        for sample in range(self.samples):
            vote = self._vote(window, images, sample, steps['samples'])
            if vote is not None:
                votes[vote] += 1
        steps['votes'] = dict(votes)
        if not votes:
            return UNKNOWN_TEXT, 0.0
        label, count = votes.most_common(1)[0]
        share = count / self.samples
        tied = sum(number == count for number in votes.values()) > 1
        if tied or share < self.agreement or label == UNKNOWN_TEXT:
            return UNKNOWN_TEXT, share
        if self.check_label:
            question = questions.check(images, window.seconds, label)
            answer = self.client.ask(question)
            steps['contradicted'] = answer
            if question.parse(answer) == 'yes':
                return UNKNOWN_TEXT, share
        return label, share

    def _vote(
        self,
        window: Window,
        images: tuple[bytes, ...],
        sample: int,
        record: list[dict[str, Any]],
    ) -> str | None:
        """A label of the dictionary, ``'unknown'``, or None if not valid."""
        question = questions.describe(images, window.seconds)
        answer = self.client.ask(question, sample)
        record.append({'description': answer})
        description = question.parse(answer)
        if description is None:
            return None
        labels = self._near(description)
        question = questions.choose(
            images, window.seconds, description, labels
        )
        answer = self.client.ask(question, sample)
        record[-1] |= {'shortlist': labels, 'choice': answer}
        return question.parse(answer)

    def _near(self, description: str) -> list[str]:
        """The shortlist of a description, in alphabetical order."""
        labels = list(self.dictionary.labels)
        encoder = self._text_encoder()
        if encoder is None or len(labels) <= self.shortlist:
            return labels
        return sorted(
            self.dictionary.nearest(description, encoder, self.shortlist)
        )

    def _text_encoder(self) -> TextEncoder | None:
        """That of the dictionary; None, logged once, if it is absent."""
        if not self._tried:
            self._tried = True
            try:
                self._encoder = load_encoder(self.dictionary.encoder)
            except (InputError, MissingDependencyError) as error:
                print_log(
                    'VLMLabeler: the model chooses among all labels, without '
                    f'a shortlist: {error}',
                    logger='current',
                )
        return self._encoder
