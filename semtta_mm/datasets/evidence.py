"""Selection and conversion of a track's 2D evidence by a dataset."""

from dataclasses import dataclass, replace

import numpy as np
from mmengine.logging import print_log

from ..conventions import convert_keypoints, keypoint_names
from ..structures import PersonTrack
from ..utils import InputError
from .rates import resample_track


@dataclass(frozen=True)
class EvidencePolicy:
    """Which frames and which keypoints are used.

    Attributes:
        min_score: Keypoints below it become missing (the paper's 0.3).
        convention: Convert the evidence to this convention, by name; None
            keeps it. Joints that the source lacks are missing.
        fps: Thin to this many samples a second; None keeps the rate.
        max_frames: Keep the first this many samples; None keeps all.
    """

    min_score: float = 0.3
    convention: str | None = None
    fps: float | None = None
    max_frames: int | None = None

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
        """The track under this policy.

        Raises:
            InputError: If thinning cannot give the rate.
        """
        if self.fps is not None:
            track = resample_track(track, self.fps)
        track = drop_low_scores(track[: self.max_frames], self.min_score)
        if self.convention in (None, track.convention):
            return track
        keypoints, scores = convert_keypoints(
            track.keypoints, track.scores, track.convention, self.convention
        )
        return replace(
            track,
            keypoints=keypoints,
            scores=scores,
            convention=self.convention,
        )


def drop_low_scores(track: PersonTrack, min_score: float) -> PersonTrack:
    """Make keypoints below ``min_score`` missing (score 0), and log it."""
    low = (track.scores > 0) & (track.scores < min_score)
    if not low.any():
        return track
    print_log(
        f'{track.name}: {low.sum()} of {(track.scores > 0).sum()} keypoints '
        f'score below {min_score:g} and count as missing',
        logger='current',
    )
    return replace(track, scores=np.where(low, 0, track.scores))
