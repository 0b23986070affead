"""People found in frames, and how they become tracks."""

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
    """What a file tells of one video.

    Attributes:
        people: All detections.
        frames: Numbers of all frames looked at, also of empty ones.
    """

    people: list[Detection]
    frames: list[int]

    @property
    def stride(self) -> int:
        """Largest step of which all frame numbers are multiples apart."""
        numbers = np.unique(np.array(self.frames, np.int64))
        return max(int(np.gcd.reduce(np.diff(numbers))), 1)


@dataclass(frozen=True)
class TrackingOptions:
    """How detections become tracks.

    Attributes:
        min_score: Keypoints below it are missing: they have no part in
            boxes and association, and score 0 in the track.
        boxes: ``'file'`` uses the file's boxes where it has them,
            ``'keypoints'`` always the extent of the visible keypoints (for
            files whose boxes are the whole image).
        fill_boxes: Keep frames without a box by interpolating it between
            their neighbours; False drops them.
        max_gap: Frames that a person may be unseen and still be the same.
        max_distance: How far keypoints may move from where they were
            expected, over the longer side of the box.
        min_length: Shorter tracks are dropped; in a short sequence half of
            its frames is enough.
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
    """Missing stays missing: NaN, low scores, boxes without area.

    The log says once how many keypoints fell.

    Args:
        detections: As read.
        options: What counts as seen.

    Returns:
        Detections with finite keypoints, a box or NaN, in the same order.
    """
    cleaned, low, broken = [], 0, 0
    for item in detections:
        finite = np.isfinite(item.keypoints).all(-1) & np.isfinite(item.scores)
        positive = np.where(finite, item.scores, 0) > 0
        seen = positive & (np.nan_to_num(item.scores) >= options.min_score)
        low += int((positive & ~seen).sum())
        broken += int((~finite).sum())
        keypoints = np.where(seen[:, None], item.keypoints, 0)
        box = item.box
        if options.boxes == 'keypoints' or not is_box(box):
            box = keypoint_box(keypoints, seen)
        scores = np.where(seen, item.scores, 0)
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
    """Detections of one person each, in the order of first appearance.

    Identities of the file are trusted; detections without one are linked
    over time. Chains lose frames without a usable box at their ends, and
    short chains are dropped.

    Args:
        recording: Cleaned detections of one video.
        options: How to link.

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
    """Give every detection a box, or leave it out.

    Args:
        chain: Detections of one person in rising frame order.
        fill: Interpolate boxes between known ones.

    Returns:
        The detections that have a box now.
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
