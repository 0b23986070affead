"""Labels of held-out test sets (``docs/test_sets.md``)."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Literal, get_args

from ..datasets.readers.test_set import TEST_SET_FIX, clip_of
from ..models.motion_text import read_dictionary
from ..registry import TASK_UTILS
from ..structures import PersonTrack
from ..utils import InputError
from .base import BaseLabeler
from .spans import LabelSpan

Rule = Literal['right', 'shuffled', 'wrong']


@TASK_UTILS.register_module()
class TestSetLabeler(BaseLabeler):
    """The true labels of a test set, or wrong ones for a control.

    Args:
        folder: Of the test set.
        rule: ``'right'``, or ``'shuffled'`` for a control: every clip gets
            another clip's label, the next one that differs; or ``'wrong'``,
            another control: the text half a sorted dictionary further, which
            mostly is no clip's.
    """

    __test__ = False  # pytest: not a test class
    any_track = False

    def __init__(
        self, folder: str | PathLike[str], rule: Rule = 'right'
    ) -> None:
        if rule not in get_args(Rule):
            raise ValueError(f'rule: {rule!r} is unknown')
        self.path = Path(folder) / 'manifest.json'
        self.rule = rule

    def __call__(self, track: PersonTrack) -> list[LabelSpan]:
        """One span over the whole track.

        Raises:
            InputError: If the manifest is missing or lacks the clip.
        """
        first, last = int(track.frame_ids[0]), int(track.frame_ids[-1])
        text = self.text(track.name)
        return [LabelSpan(first, last + 1, text, source=self.rule)]

    def text(self, track: str) -> str:
        """Label of a track.

        Args:
            track: Its name.

        Raises:
            InputError: If the manifest is missing or lacks the clip.
        """
        labels, clip = self._labels(), clip_of(track)
        if clip not in labels:
            raise InputError(
                self.path, 'clips', f'lacks {clip!r}', TEST_SET_FIX
            )
        text = labels[clip]
        if self.rule == 'shuffled':
            text = next_other(list(labels.values()), list(labels).index(clip))
        elif self.rule == 'wrong':
            known = read_dictionary().labels
            at = bisect_left(known, text) + len(known) // 2
            text = known[at % len(known)]
        return text

    def _labels(self) -> dict[str, str]:
        try:
            manifest: Any = json.loads(self.path.read_text(encoding='utf-8'))
            return {c['name']: c['label'] for c in manifest['clips']}
        except (OSError, ValueError, KeyError, TypeError) as error:
            problem = f'cannot be read ({error!r})'
            raise InputError(
                self.path, 'clips', problem, TEST_SET_FIX
            ) from error


def next_other(labels: Sequence[str], index: int) -> str:
    """The next label in the circle that is another one.

    Raises:
        ValueError: If all labels are the same.
    """
    for step in range(1, len(labels)):
        other = labels[(index + step) % len(labels)]
        if other != labels[index]:
            return other
    raise ValueError('all clips have one label: nothing to shuffle')
