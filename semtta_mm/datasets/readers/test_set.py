"""Held-out test sets (``docs/test_sets.md``) as tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from ...conventions import keypoint_names
from ...registry import TASK_UTILS
from ...structures import PersonTrack
from ...utils import InputError, read_npz
from ...utils.required_files import RequiredFile
from .npz import NpzTrackReader

Evidence = Literal['detected', 'true']

TEST_SET_FIX = 'make the set with `semtta make-test-set`'


@TASK_UTILS.register_module()
class TestSetReader:
    """Tracks of one or more variants of a test set.

    Args:
        folder: Output of ``semtta make-test-set``.
        variants: Names of the variants.
        evidence: ``'detected'``, or ``'true'``: the exact keypoints, also
            those that the variant removes; an upper bound of every method.
        gravity: Whether tracks get the true up direction of their camera, as
            a phone's accelerometer measures it.
    """

    __test__ = False  # pytest: not a test class

    required_files = (
        RequiredFile(
            'folder',
            'test set',
            '`semtta make-test-set --out FOLDER`',
        ),
    )

    def __init__(
        self,
        folder: str | PathLike[str],
        variants: Sequence[str] = ('none', 'random', 'lower_body', 'block'),
        evidence: Evidence = 'detected',
        gravity: bool = False,
    ) -> None:
        if evidence not in get_args(Evidence):
            raise ValueError(f'evidence: {evidence!r} is unknown')
        self.folder = Path(folder)
        self.variants = tuple(variants)
        self.evidence = evidence
        self.gravity = gravity

    def __call__(self) -> list[PersonTrack]:
        """Read the tracks, by variant and clip.

        Raises:
            InputError: If a file is missing or invalid.
        """
        tracks: list[PersonTrack] = []
        for variant in self.variants:
            tracks += NpzTrackReader(self.folder / 'tracks' / variant)()
        if self.evidence == 'true':
            tracks = [self._true(track) for track in tracks]
        if self.gravity:
            tracks = [replace(t, up=self._up(t)) for t in tracks]
        return tracks

    def _true(self, track: PersonTrack) -> PersonTrack:
        """The track with its exact keypoints."""
        shape = (len(track), len(keypoint_names(track.convention)), 2)
        points = self._truth(track, 'keypoints', shape)
        return replace(
            track, keypoints=points, scores=np.ones(shape[:2], np.float32)
        )

    def _up(self, track: PersonTrack) -> np.ndarray:
        """Up direction in the camera's frame ``[T, 3]``; the world has y."""
        shape = (len(track), 3, 3)
        return self._truth(track, 'camera_rotation', shape)[:, :, 1]

    def _truth(
        self, track: PersonTrack, field: str, shape: tuple[int, ...]
    ) -> np.ndarray:
        path = self.folder / 'clips' / clip_of(track.name) / 'truth.npz'
        values = read_npz(path, TEST_SET_FIX, (field,))[field]
        if values.shape != shape:
            problem = f'has shape {values.shape}, the track {shape}'
            raise InputError(path, field, problem, TEST_SET_FIX)
        return values


def clip_of(track: str) -> str:
    """Clip of a track's name: ``cmu_test_03_lower_body`` is ``cmu_test_03``.

    The clip's number is the last part that is a number.
    """
    parts = track.split('_')
    last = max(i for i, part in enumerate(parts) if part.isdigit())
    return '_'.join(parts[: last + 1])
