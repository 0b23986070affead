"""Selection and conversion of a track's 2D evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from mmengine.logging import print_log

from ..conventions import (
    convert_keypoints,
    keypoint_index,
    keypoint_names,
)
from ..structures import PersonTrack
from ..utils import InputError
from .frame_selection import FrameSelection
from .rates import resample_track


@dataclass(frozen=True)
class EvidencePolicy:
    """Which frames and keypoints of a track are used.

    Attributes:
        min_score: Keypoints below it become missing (the paper's 0.3).
        convention: Convert the evidence to this convention, by name; None
            keeps it. Joints that the source lacks are missing.
        unused: Names of keypoints of the convention that count as missing.
        fps: Subsample to this many samples a second; None keeps the rate.
        max_frames: Number of samples to keep, from the first; None keeps
            all.
        frames: Arguments of :class:`.FrameSelection`, applied first; None
            keeps all.
    """

    min_score: float = 0.3
    convention: str | None = None
    unused: Sequence[str] = ()
    fps: float | None = None
    max_frames: int | None = None
    frames: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.convention is not None:
            keypoint_names(self.convention)
        if self.max_frames is not None and self.max_frames < 1:
            raise InputError(
                'TrackDataset',
                'max_frames',
                f'{self.max_frames} leaves no frame',
                'use 1 or more, or None for all',
            )

    def apply(self, track: PersonTrack) -> PersonTrack:
        """Apply the policy to a track.

        Raises:
            InputError: If subsampling cannot give the rate, or no frame is
                selected.
        """
        track = FrameSelection.of(self.frames).apply(track)
        if self.fps is not None:
            track = resample_track(track, self.fps)
        track = drop_low_scores(track[: self.max_frames], self.min_score)
        if self.convention not in (None, track.convention):
            keypoints, scores = convert_keypoints(
                track.keypoints,
                track.scores,
                track.convention,
                self.convention,
            )
            track = replace(
                track,
                keypoints=keypoints,
                scores=scores,
                convention=self.convention,
            )
        return without_keypoints(track, self.unused)


def without_keypoints(track: PersonTrack, names: Sequence[str]) -> PersonTrack:
    """Make some keypoints missing (score 0).

    Args:
        track: The track.
        names: Of the keypoints.

    Raises:
        InputError: If its convention has no such keypoint.
    """
    known = keypoint_names(track.convention)
    if not names:
        return track
    for name in names:
        if name not in known:
            problem = f'{name!r} is no keypoint of {track.convention}'
            fix = f'use names of {", ".join(known)}'
            raise InputError('TrackDataset', 'unused', problem, fix)
    scores = track.scores.copy()
    scores[:, keypoint_index(track.convention, list(names))] = 0
    return replace(track, scores=scores)


def drop_low_scores(track: PersonTrack, min_score: float) -> PersonTrack:
    """Make keypoints below ``min_score`` missing (score 0), with a log."""
    low = (track.scores > 0) & (track.scores < min_score)
    if not low.any():
        return track
    print_log(
        f'{track.name}: {low.sum()} of {(track.scores > 0).sum()} keypoints '
        f'score below {min_score:g} and count as missing',
        logger='current',
    )
    return replace(track, scores=np.where(low, 0, track.scores))
