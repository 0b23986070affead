"""Detections in frames, and their conversion to tracks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from mmengine.logging import print_log

from ..structures import Detection, PersonTrack
from .association import link_detections
from .boxes import interpolate_boxes, is_box, keypoint_box


@dataclass(frozen=True)
class Recording:
    """All detections of one video.

    Attributes:
        people: All detections.
        frames: Numbers of all processed frames, also of those without a
            detection.
    """

    people: list[Detection]
    frames: list[int]

    @property
    def stride(self) -> int:
        """Greatest common divisor of the frame number differences."""
        numbers = np.unique(np.array(self.frames, np.int64))
        return max(int(np.gcd.reduce(np.diff(numbers))), 1)


@dataclass(frozen=True)
class TrackingOptions:
    """Options of the conversion of detections to tracks.

    Attributes:
        min_score: Keypoints below it are missing: they are not used for
            boxes and association, and have score 0 in the track.
        boxes: ``'file'`` uses the file's boxes where it has them,
            ``'keypoints'`` always the extent of the visible keypoints (for
            files whose boxes are the whole image).
        fill_boxes: Keep frames without a box by interpolating it between
            their neighbours; False drops them.
        max_gap: Largest number of frames without a detection within a track.
        max_distance: Largest mean distance of keypoints from their
            extrapolated positions, over the longer side of the box.
        min_length: Shorter tracks are dropped; in a short video half of its
            frames is sufficient.
    """

    min_score: float = 0.3
    boxes: Literal['file', 'keypoints'] = 'file'
    fill_boxes: bool = True
    max_gap: int = 30
    max_distance: float = 0.5
    min_length: int = 10

    def __post_init__(self) -> None:
        if self.boxes not in ('file', 'keypoints'):
            raise ValueError(
                f"boxes: {self.boxes!r} is not 'file' or 'keypoints'"
            )


def clean_detections(
    detections: Sequence[Detection], options: TrackingOptions
) -> list[Detection]:
    """Mark NaN and low-score keypoints and boxes without area as missing.

    The number of keypoints that became missing is logged once.

    Args:
        detections: As read.
        options: Threshold of visible keypoints, and source of the boxes.

    Returns:
        Detections with finite keypoints, a box or NaN, in the same order.
    """
    cleaned, low, broken = [], 0, 0
    for item in detections:
        finite = np.isfinite(item.keypoints).all(-1) & np.isfinite(item.scores)
        positive = np.where(finite, item.scores, 0) > 0
        visible = positive & (np.nan_to_num(item.scores) >= options.min_score)
        low += int((positive & ~visible).sum())
        broken += int((~finite).sum())
        keypoints = np.where(visible[:, None], item.keypoints, 0)
        box = item.box
        if options.boxes == 'keypoints' or not is_box(box):
            box = keypoint_box(keypoints, visible)
        scores = np.where(visible, item.scores, 0)
        cleaned.append(
            Detection(
                item.frame, keypoints, scores, box, item.person, item.row
            )
        )
    if low or broken:
        print_log(
            f'{low} keypoints score below {options.min_score:g} and {broken} '
            'are NaN: they count as missing',
            logger='current',
        )
    return cleaned


def group_detections(
    recording: Recording, options: TrackingOptions
) -> list[list[Detection]]:
    """Group detections by person, in the order of first appearance.

    Identities of the file are used as they are; detections without one are
    linked over time. Frames without a usable box at the ends of a chain are
    removed, and short chains are dropped.

    Args:
        recording: Cleaned detections of one video.
        options: Options of the association.

    Returns:
        Chains, each in rising frame order with a box in every frame.
    """
    known: dict[int | str, list[Detection]] = {}
    for item in recording.people:
        if item.person is not None:
            known.setdefault(item.person, []).append(item)
    unknown = [d for d in recording.people if d.person is None]
    chains = [sorted(chain, key=_frame) for chain in known.values()]
    chains += link_detections(unknown, options.max_gap, options.max_distance)
    chains = [with_boxes(chain, options.fill_boxes) for chain in chains]
    half = (len(set(recording.frames)) + 1) // 2
    shortest = min(options.min_length, half)
    chains = [chain for chain in chains if len(chain) >= max(shortest, 1)]
    return sorted(chains, key=lambda chain: chain[0].frame)


def with_boxes(chain: Sequence[Detection], fill: bool) -> list[Detection]:
    """Interpolate missing boxes and drop detections without a box.

    Args:
        chain: Detections of one person in rising frame order.
        fill: Interpolate boxes between known ones.

    Returns:
        The detections with a box.
    """
    frames = np.array([item.frame for item in chain])
    boxes = np.stack([item.box for item in chain])
    known = is_box(boxes)
    if fill and not known.all():
        boxes = interpolate_boxes(frames, boxes)
    return [
        Detection(d.frame, d.keypoints, d.scores, box, d.person, d.row)
        for d, box in zip(chain, boxes, strict=True)
        if is_box(box)
    ]


def chain_to_track(
    chain: Sequence[Detection],
    name: str,
    convention: str,
    fps: float,
    stride: int = 1,
) -> PersonTrack:
    """Stack the detections of one person.

    Args:
        chain: In rising frame order, with a box in every frame.
        name: Name of the track.
        convention: Keypoint convention.
        fps: Frames per second that the frame numbers count.
        stride: Frames between two samples.
    """
    return PersonTrack(
        name=name,
        frame_ids=np.array([item.frame for item in chain]),
        fps=fps,
        boxes=np.stack([item.box for item in chain]),
        keypoints=np.stack([item.keypoints for item in chain]),
        scores=np.stack([item.scores for item in chain]),
        convention=convention,
        stride=stride,
    )


def _frame(item: Detection) -> int:
    return item.frame
