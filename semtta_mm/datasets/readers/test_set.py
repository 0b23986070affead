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

Evidence = Literal['detected', 'visible', 'true']

TEST_SET_FIX = 'make the set with `semtta make-test-set`'


@TASK_UTILS.register_module()
class TestSetReader:
    """Tracks of one or more variants of a test set.

    Args:
        folder: Output of ``semtta make-test-set``.
        variants: Names of the variants.
        evidence: ``'detected'``; ``'visible'``: the exact places of the
            detected keypoints that are in the image and not behind a thing,
            the other ones are missing; or ``'true'``: all exact keypoints,
            also those that the variant hides; an upper bound of every
            method.
        error: Factor on the error of each detected keypoint; 0 gives its
            exact place, and keeps which keypoints are missing.
        gravity: Whether tracks get the true up direction of their camera, as
            a phone's accelerometer measures it.
        camera: Whether tracks get the intrinsics of their camera.
        clips: Read the first clips only; None reads all.
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
        error: float = 1.0,
        gravity: bool = False,
        camera: bool = True,
        clips: int | None = None,
    ) -> None:
        if evidence not in get_args(Evidence):
            raise ValueError(f'evidence: {evidence!r} is unknown')
        self.folder = Path(folder)
        self.variants = tuple(variants)
        if not error >= 0:
            raise ValueError(f'error: expected 0 or more, got {error}')
        self.evidence, self.error = evidence, error
        self.gravity, self.camera = gravity, camera
        if clips is not None and clips < 1:
            raise ValueError(f'clips: expected 1 or more, got {clips}')
        self.clips = clips

    def __call__(self) -> list[PersonTrack]:
        """Read the tracks, by variant and clip.

        Raises:
            InputError: If a file is missing or invalid.
        """
        tracks: list[PersonTrack] = []
        for variant in self.variants:
            found = NpzTrackReader(self.folder / 'tracks' / variant)()
            tracks += found[: self.clips]
        if self.evidence == 'true':
            tracks = [self._true(track) for track in tracks]
        elif self.evidence == 'visible':
            tracks = [self._visible(track) for track in tracks]
        elif self.error != 1:
            tracks = [self._with_error(track) for track in tracks]
        if self.gravity:
            tracks = [replace(t, up=self._up(t)) for t in tracks]
        if not self.camera:
            tracks = [replace(t, intrinsics=None) for t in tracks]
        return tracks

    def _true(self, track: PersonTrack) -> PersonTrack:
        """The track with its exact keypoints."""
        points = self._true_points(track)
        ones = np.ones(points.shape[:2], np.float32)
        return replace(track, keypoints=points, scores=ones)

    def _visible(self, track: PersonTrack) -> PersonTrack:
        """The track with exact places, and without guesses.

        In sets that do not record what is hidden, no detection is a guess.
        """
        points = self._true_points(track)
        there = (track.scores > 0) & ~hidden_keypoints(self.folder, track)
        return replace(
            track,
            keypoints=np.where(there[..., None], points, 0),
            scores=np.where(there, track.scores, 0),
        )

    def _with_error(self, track: PersonTrack) -> PersonTrack:
        """The track with another error of its detected keypoints."""
        true = self._true_points(track)
        points = true + self.error * (track.keypoints - true)
        there = track.scores[..., None] > 0
        points = np.where(there, points, 0).astype(track.keypoints.dtype)
        return replace(track, keypoints=points)

    def _true_points(self, track: PersonTrack) -> np.ndarray:
        """Exact keypoints of the track's frames ``[T, K, 2]``, px."""
        kinds = len(keypoint_names(track.convention))
        return self._truth(track, 'keypoints', (kinds, 2))

    def _up(self, track: PersonTrack) -> np.ndarray:
        """Up direction in the camera's frame ``[T, 3]``; the world has y."""
        return self._truth(track, 'camera_rotation', (3, 3))[:, :, 1]

    def _truth(
        self, track: PersonTrack, field: str, shape: tuple[int, ...]
    ) -> np.ndarray:
        """Values of the track's frames ``[T, *shape]``."""
        path = truth_path(self.folder, track.name)
        values = read_npz(path, TEST_SET_FIX, (field,))[field]
        last = int(track.frame_ids[-1])
        if values.shape[1:] != shape or len(values) <= last:
            problem = (
                f'has shape {values.shape}, the track {shape} up to frame '
                f'{last}'
            )
            raise InputError(path, field, problem, TEST_SET_FIX)
        return values[track.frame_ids]


def hidden_keypoints(folder: Path, track: PersonTrack) -> np.ndarray:
    """Keypoints behind a thing or outside the image.

    Args:
        folder: Of the test set.
        track: One of its tracks.

    Returns:
        ``[T, K]``, bool; all False in sets that do not record it.
    """
    truth = read_npz(truth_path(folder, track.name), TEST_SET_FIX, ())
    if 'occluded' not in truth:
        return np.zeros(track.scores.shape, bool)
    hidden: np.ndarray = truth['occluded'] | truth['outside']
    return hidden[track.frame_ids]


def truth_path(folder: Path, track: str) -> Path:
    """File with the exact keypoints of a track.

    Args:
        folder: Of the test set.
        track: Name of the track.

    Returns:
        The file of its variant, in sets where variants differ in their
        cameras (handheld); else the clip's.
    """
    clip = clip_of(track)
    place = folder / 'clips' / clip
    own = place / track.removeprefix(f'{clip}_') / 'truth.npz'
    return own if own.is_file() else place / 'truth.npz'


def clip_of(track: str) -> str:
    """Clip of a track's name: ``cmu_test_03_lower_body`` is ``cmu_test_03``.

    The clip's number is the last part that is a number.
    """
    parts = track.split('_')
    last = max(i for i, part in enumerate(parts) if part.isdigit())
    return '_'.join(parts[: last + 1])
