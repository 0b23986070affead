"""Whether something that was followed through a video is a person.

A network sees people in furniture, posters and noise. One frame cannot tell,
but several measures over time can: the score of the person detector, whether
two independent networks see the same joints, whether limbs keep their
lengths, whether left and right are alike, and whether the body moves in
itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import median_filter

from ...conventions import convert_keypoints, keypoint_names
from ..result import DetectionResult
from .result import TrackedPeople

_BODY = tuple(
    f'{side}_{joint}'
    for joint in ('shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle')
    for side in ('left', 'right')
)
JOINTS = [keypoint_names('coco_17').index(name) for name in _BODY]
"""Twelve joints of the body in COCO's order, left and right in turn."""
LIMBS = ((0, 2), (2, 4), (6, 8), (8, 10))
"""Of the left side, as positions in :data:`JOINTS`; the right is the next."""
VISIBLE = 0.2
NEAR = 0.1
"""Share of the box's height within which two joints are the same."""
FEWEST_JOINTS = 4
WINDOW = 3.0
"""Duration in which motion is looked for, s: who walks in and then stands
still for a minute has moved."""


@dataclass(frozen=True)
class Evidence:
    """Measures of one candidate.

    Attributes:
        seconds: From the first detection to the last.
        score: Mean score of the person detector.
        agreement: Share of the detections in which the pose detector sees
            the same joints as the person detector; NaN if the latter gives
            boxes only.
        limb_change: Median change of a limb's length from a frame to the
            next, as a share; NaN in a single frame.
        asymmetry: Median factor between the left and the right limb, as
            the absolute natural logarithm; NaN if no pair is visible.
        motion: How far a joint moves in the body in :data:`WINDOW`, the
            largest over time, as a share of the box's height; NaN if no
            joint is visible.
    """

    seconds: float
    score: float
    agreement: float
    limb_change: float
    asymmetry: float
    motion: float


@dataclass(frozen=True)
class Limits:
    """Limits of a person; see :class:`Evidence`.

    Attributes:
        score: Lowest score, unless both networks agree.
        sure: Agreement that makes up for a low score.
        agreement: Lowest agreement.
        limb_change: Highest change of a limb.
        asymmetry: Highest asymmetry.
        motion: Lowest motion of what is seen for ``still_seconds``.
        still_seconds: Shorter ones may be still: a picture is a person.
    """

    score: float = 0.2
    sure: float = 0.6
    agreement: float = 0.2
    limb_change: float = 0.25
    asymmetry: float = 0.8
    motion: float = 0.015
    still_seconds: float = 3.0


def why_no_person(evidence: Evidence, limits: Limits) -> str | None:
    """The reason that something is no person, or None if it is one."""
    seen = evidence
    if seen.score < limits.score and not seen.agreement >= limits.sure:
        return f'the detector is uncertain ({seen.score:.2f})'
    if seen.agreement < limits.agreement:  # False for NaN
        return f'two networks see other joints ({seen.agreement:.2f})'
    if seen.limb_change > limits.limb_change:  # False for NaN
        return f'limbs change their lengths ({seen.limb_change:.2f})'
    if seen.asymmetry > limits.asymmetry:
        return f'left and right differ ({seen.asymmetry:.2f})'
    if seen.seconds >= limits.still_seconds and seen.motion < limits.motion:
        return f'it does not move ({seen.motion:.3f})'
    return None


def measure(
    people: TrackedPeople, person: int, poses: DetectionResult
) -> Evidence:
    """Measure one candidate.

    Args:
        people: Of the person detector.
        person: Which one.
        poses: Of the pose detector, for this person.
    """
    rows = people.rows(person)
    frames, boxes = people.frame_ids[rows], people.boxes[rows]
    heights = np.maximum((boxes[:, 2:] - boxes[:, :2]).max(axis=1), 1)
    points, scores = convert_keypoints(
        poses.keypoints, poses.scores, poses.convention, 'coco_17'
    )
    points = np.where(scores[..., None] >= VISIBLE, points, np.nan)
    points = points[:, JOINTS].astype(float)
    sizes = np.interp(poses.frame_ids, frames, heights)
    first = people.keypoints[rows][:, JOINTS].astype(float)
    seen = people.keypoint_scores[rows][:, JOINTS] >= VISIBLE
    first = np.where(seen[..., None], first, np.nan)
    near_in_time = np.diff(poses.frame_ids) <= 0.2 * people.fps
    agreeing = agreement(first, frames, points, poses.frame_ids, heights)
    return Evidence(
        seconds=float(frames[-1] - frames[0]) / people.fps,
        score=float(people.scores[rows].mean()),
        agreement=agreeing if seen.any() else float('nan'),
        limb_change=limb_change(points, near_in_time),
        asymmetry=asymmetry(points),
        motion=largest_motion(
            points, sizes, round(WINDOW * poses.fps / poses.stride)
        ),
    )


def agreement(
    first: np.ndarray,
    frames: np.ndarray,
    second: np.ndarray,
    second_frames: np.ndarray,
    heights: np.ndarray,
) -> float:
    """Share of the frames of one network in which the other sees the same.

    Args:
        first: Joints of the one ``[T, J, 2]``, px; NaN if not visible.
        frames: Its frame numbers ``[T]``, rising.
        second: Joints of the other ``[N, J, 2]``.
        second_frames: Its frame numbers ``[N]``, rising.
        heights: Of the person in the frames of the one ``[T]``, px.
    """
    _, one, other = np.intersect1d(frames, second_frames, return_indices=True)
    distance = np.linalg.norm(first[one] - second[other], axis=-1)
    distance = distance / heights[one, None]
    common = np.isfinite(distance).sum(axis=1) >= FEWEST_JOINTS
    middle = np.full(len(one), np.inf)
    middle[common] = np.nanmedian(distance[common], axis=1)
    return float((middle < NEAR).sum() / max(len(frames), 1))


def limb_lengths(points: np.ndarray) -> np.ndarray:
    """Lengths ``[T, 2, 4]`` (left and right, limb), px, of joints."""
    sides = [
        [points[:, a + side] - points[:, b + side] for a, b in LIMBS]
        for side in (0, 1)
    ]
    lengths = np.linalg.norm(np.array(sides), axis=-1)
    return np.maximum(np.moveaxis(lengths, 2, 0), 1e-6)


def limb_change(points: np.ndarray, usable: np.ndarray) -> float:
    """Median change of a limb's length from a frame to the next.

    Args:
        points: Joints ``[T, 12, 2]``, px; NaN if not visible.
        usable: Which of the steps between frames count ``[T - 1]``.
    """
    logs = np.log(limb_lengths(points))
    steps = np.abs(np.diff(logs, axis=0))[usable]
    return _median(steps)


def asymmetry(points: np.ndarray) -> float:
    """Factor between left and right limbs, as absolute logarithm.

    Each limb's factor is its median over time: a limb that points to the
    camera is short for a while, but not always.

    Args:
        points: Joints ``[T, 12, 2]``, px; NaN if not visible.
    """
    logs = np.log(limb_lengths(points))
    factors = [_median(column) for column in (logs[:, 0] - logs[:, 1]).T]
    return _median(np.abs(factors))


def largest_motion(
    points: np.ndarray, heights: np.ndarray, window: int
) -> float:
    """:func:`inner_motion` of the part of a track that has most of it.

    Args:
        points: Joints ``[T, J, 2]``, px; NaN if not visible.
        heights: Of the person ``[T]``, px.
        window: Frames of a part; parts overlap by half.

    Returns:
        NaN if no part has enough joints.
    """
    step = max(window // 2, 1)
    last = max(len(points) - window, 0)
    starts = [*range(0, last, step), last]
    found = np.array(
        [
            inner_motion(points[i : i + window], heights[i : i + window])
            for i in starts
        ]
    )
    known = found[np.isfinite(found)]
    return float(known.max()) if known.size else float('nan')


def inner_motion(points: np.ndarray, heights: np.ndarray) -> float:
    """How far joints move in the body, over the body's height.

    Movement, turn and size of the whole in the image are removed, as the
    camera may move too. A median over five frames removes jitter. The value
    is that of the joint that moves third most, from its 5th to its 95th
    percentile.

    Args:
        points: Joints ``[T, J, 2]``, px; NaN if not visible.
        heights: Of the person ``[T]``, px.
    """
    known = np.isfinite(points).all(axis=(0, 2))
    if known.sum() < FEWEST_JOINTS or not len(points):
        # Some joint is missing now and then: something changes.
        often = np.isfinite(points[..., 0]).mean(axis=0) > 0.5
        known = often if often.sum() >= FEWEST_JOINTS else known
        rows = np.isfinite(points[:, known]).all(axis=(1, 2))
        points, heights = points[rows], heights[rows]
    if known.sum() < FEWEST_JOINTS or not len(points):
        return float('nan')
    plane = points[:, known, 0] + 1j * points[:, known, 1]
    plane = (plane - plane.mean(axis=1, keepdims=True)) / heights[:, None]
    model = np.median(plane.real, axis=0) + 1j * np.median(plane.imag, axis=0)
    turn = (plane.conj() * model).sum(1) / (np.abs(plane) ** 2).sum(1)
    moved = plane * turn[:, None] - model
    smooth = [median_filter(part, (5, 1)) for part in (moved.real, moved.imag)]
    low, high = np.percentile(np.array(smooth), [5, 95], axis=1)
    spans = np.hypot(*(high - low))
    return float(np.sort(spans)[-3])


def _median(values: np.ndarray | list[float]) -> float:
    """Median of the finite values; NaN if there is none."""
    array = np.asarray(values, float)
    array = array[np.isfinite(array)]
    return float(np.median(array)) if array.size else float('nan')
