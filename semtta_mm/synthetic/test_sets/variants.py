"""Variants of a track: which keypoints are missing, in which video."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ...conventions import keypoint_names
from ...datasets.boxes import interpolate_boxes
from ...structures import PersonTrack
from .plan import Shift

VARIANTS: Mapping[str, str] = MappingProxyType(
    {
        'none': 'nothing beyond what the detector missed',
        'random': '30 % of all keypoints missing, each on its own',
        'lower_body': 'knees, ankles and feet behind something in the whole '
        'clip: hidden in the pictures, and missing',
        'block': 'every keypoint missing in a third of the clip, in one block',
    }
)
"""Variant to what is missing in it."""

HANDHELD: Mapping[str, str] = MappingProxyType(
    {
        'clear': 'nothing in front of the person',
        'legs_hidden': 'legs behind furniture, or below the lower border of '
        'the image, in the whole clip',
        'blocks': 'legs, one side or the whole person behind something that '
        'comes, stays for 30 to 120 frames and goes',
    }
)
"""The same for handheld sets: all of it is in the pictures."""

RANDOM_SHARE = 0.3
BLOCK_SHARE = 1 / 3
LOWER_BODY = ('knee', 'ankle', 'heel', 'big_toe', 'small_toe')


def variants_of(shift: Shift) -> Mapping[str, str]:
    """Variants of a set, and what is missing in each."""
    return HANDHELD if shift == 'handheld' else VARIANTS


def missing_mask(
    variant: str, frames: int, convention: str, rng: np.random.Generator
) -> np.ndarray:
    """Keypoints that a variant removes.

    Args:
        variant: Name in :data:`VARIANTS`.
        frames: T.
        convention: Of the keypoints.
        rng: Source of all choices.

    Returns:
        ``[T, K]``, bool, True where removed.
    """
    names = keypoint_names(convention)
    mask = np.zeros((frames, len(names)), bool)
    if variant == 'random':
        mask = rng.random(mask.shape) < RANDOM_SHARE
    elif variant == 'lower_body':
        mask[:, [name.endswith(LOWER_BODY) for name in names]] = True
    elif variant == 'block':
        length = round(BLOCK_SHARE * frames)
        # Not at an end: a track starts and ends with detections.
        start = int(rng.integers(frames // 6, frames - length - frames // 6))
        mask[start : start + length] = True
    elif variant != 'none':
        raise ValueError(f'variant: {variant!r} is none of {list(VARIANTS)}')
    return mask


def occluded(
    track: PersonTrack,
    variant: str,
    rng: np.random.Generator,
    covered: np.ndarray,
    covered_video: Path,
) -> PersonTrack:
    """The variant of a track.

    Boxes of frames without any keypoint are interpolated, as the readers do.
    Missing keypoints have score 0 and the coordinates 0, as readers give.

    Args:
        track: With all detected keypoints.
        variant: Name in :data:`VARIANTS`.
        rng: Source of all choices.
        covered: Keypoints behind the occluder ``[T, K]``, bool.
        covered_video: The video with covered legs.
    """
    mask = missing_mask(variant, len(track), track.convention, rng)
    video = track.video
    if variant == 'lower_body':
        mask, video = mask | covered, covered_video
    scores = np.where(mask, 0, track.scores)
    points = np.where(scores[..., None] > 0, track.keypoints, 0)
    boxes = track.boxes.copy()
    boxes[mask.all(axis=1)] = np.nan
    return replace(
        track,
        name=f'{track.name}_{variant}',
        video=video,
        keypoints=points,
        scores=scores,
        boxes=interpolate_boxes(track.frame_ids, boxes),
    )
