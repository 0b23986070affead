"""Held-out test sets (``docs/test_sets.md``) as tracks, and their labels."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from ..conventions import keypoint_names
from ..datasets.readers import NpzTrackReader
from ..labeling import LabelSpan
from ..models.motion_text import read_dictionary
from ..registry import TASK_UTILS
from ..structures import PersonTrack
from ..utils import InputError, read_npz

Evidence = Literal['detected', 'true']
Rule = Literal['right', 'shuffled', 'wrong']

_FIX = 'make the set with `semtta make-test-set`'


@TASK_UTILS.register_module()
class TestSetReader:
    """Tracks of a test set, several variants at once.

    Args:
        folder: What ``semtta make-test-set --out`` wrote.
        variants: Which of them, by name.
        evidence: ``'detected'``, or ``'true'``: every keypoint where it
            really is, those included that the variant takes away. That is no
            method but an upper bound of any.
    """

    __test__ = False  # pytest: not a test class

    def __init__(
        self,
        folder: str | PathLike[str],
        variants: Sequence[str] = ('none', 'random', 'lower_body', 'block'),
        evidence: Evidence = 'detected',
    ) -> None:
        if evidence not in get_args(Evidence):
            raise ValueError(f'evidence: {evidence!r} is unknown')
        self.folder = Path(folder)
        self.variants = tuple(variants)
        self.evidence = evidence

    def __call__(self) -> list[PersonTrack]:
        """Read the tracks, by variant and clip.

        Raises:
            InputError: If a file is missing or bad.
        """
        tracks: list[PersonTrack] = []
        for variant in self.variants:
            tracks += NpzTrackReader(self.folder / 'tracks' / variant)()
        if self.evidence == 'true':
            return [self._true(track) for track in tracks]
        return tracks

    def _true(self, track: PersonTrack) -> PersonTrack:
        """The track with the keypoints that it really has."""
        clip = clip_of(track.name)
        shape = (len(track), len(keypoint_names(track.convention)), 2)
        path = self.folder / 'clips' / clip / 'truth.npz'
        points = read_npz(path, _FIX, ('keypoints',))['keypoints']
        if points.shape != shape:
            problem = f'has shape {points.shape}, the track {shape}'
            raise InputError(path, 'keypoints', problem, _FIX)
        return replace(
            track, keypoints=points, scores=np.ones(shape[:2], np.float32)
        )


@TASK_UTILS.register_module()
class TestSetLabeler:
    """What the people of a test set really do, or do not.

    Args:
        folder: Of the test set.
        rule: ``'right'``, or ``'shuffled'`` for a control: every clip gets
            another clip's label, the next one that differs; or ``'wrong'``,
            another control: the text half a sorted dictionary further, which
            mostly is no clip's.
    """

    __test__ = False  # pytest: not a test class

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
            InputError: If the manifest is missing or does not know the clip.
        """
        labels, clip = self._labels(), clip_of(track.name)
        if clip not in labels:
            raise InputError(self.path, 'clips', f'lacks {clip!r}', _FIX)
        text = labels[clip]
        if self.rule == 'shuffled':
            text = next_other(list(labels.values()), list(labels).index(clip))
        elif self.rule == 'wrong':
            known = read_dictionary().labels
            at = bisect_left(known, text) + len(known) // 2
            text = known[at % len(known)]
        first, last = int(track.frame_ids[0]), int(track.frame_ids[-1])
        return [LabelSpan(first, last + 1, text, source=self.rule)]

    def _labels(self) -> dict[str, str]:
        try:
            manifest: Any = json.loads(self.path.read_text(encoding='utf-8'))
            return {c['name']: c['label'] for c in manifest['clips']}
        except (OSError, ValueError, KeyError, TypeError) as error:
            problem = f'cannot be read ({error!r})'
            raise InputError(self.path, 'clips', problem, _FIX) from error


def clip_of(track: str) -> str:
    """Clip of a track's name: ``cmu_test_03_lower_body`` is ``cmu_test_03``.

    The clip's number is the last part that is one.
    """
    parts = track.split('_')
    last = max(i for i, part in enumerate(parts) if part.isdigit())
    return '_'.join(parts[: last + 1])


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
