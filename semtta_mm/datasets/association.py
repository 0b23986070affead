"""Who is who from frame to frame, by position alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..structures import Detection
from .boxes import is_box

_HISTORY = 5
"""Detections that the velocity is taken from."""


def link_detections(
    detections: Sequence[Detection], max_gap: int, max_distance: float
) -> list[list[Detection]]:
    """Link detections over time, the cheapest assignment in each frame.

    Each open track expects its person where the mean velocity of its last
    detections puts it; the cost is the mean distance of the keypoints that
    both sides see (of the box centres if they share none), over the longer
    side of the track's box. This keeps two people apart who cross at
    different speeds; it knows nothing of looks, so after a long mutual
    occlusion identities may swap.

    Args:
        detections: Cleaned detections of one video, in any order.
        max_gap: A track unseen for more frames than this is closed.
        max_distance: Pairs dearer than this are never linked.

    Returns:
        Chains of detections in rising frame order. A detection is in at most
        one chain; one without a box can continue a chain, not begin it.
    """
    usable = [d for d in detections if is_box(d.box) or (d.scores > 0).any()]
    chains: list[list[Detection]] = []
    ordered = sorted(usable, key=lambda item: item.frame)
    for frame, group in groupby(ordered, key=lambda item: item.frame):
        found = list(group)
        live = [c for c in chains if frame - c[-1].frame <= max_gap + 1]
        pairs = _assign(live, found, max_distance)
        for i, j in pairs:
            live[i].append(found[j])
        taken = {j for _, j in pairs}
        rest = [d for j, d in enumerate(found) if j not in taken]
        chains += [[d] for d in rest if is_box(d.box)]
    return chains


def _assign(
    chains: Sequence[list[Detection]],
    found: Sequence[Detection],
    max_distance: float,
) -> list[tuple[int, int]]:
    """Pairs of (chain, detection) of least total cost."""
    if not chains or not found:
        return []
    cost = np.array(
        [[link_cost(chain, item) for item in found] for chain in chains]
    )
    # Beyond the gate all are equally bad, so none distorts the assignment.
    rows, columns = linear_sum_assignment(np.minimum(cost, 2 * max_distance))
    return [
        (int(i), int(j))
        for i, j in zip(rows, columns, strict=True)
        if cost[i, j] <= max_distance
    ]


def link_cost(chain: Sequence[Detection], item: Detection) -> float:
    """Distance from where the chain expects its person.

    Args:
        chain: Detections of one person in rising frame order, one with a box.
        item: A later detection.

    Returns:
        Mean distance over the longer side of the chain's last box.
    """
    first, last = chain[-_HISTORY:][0], chain[-1]
    velocity = np.zeros(2)
    if last.frame > first.frame:
        moved = _displacement(first, last).mean(axis=0)
        velocity = moved / (last.frame - first.frame)
    # Nobody keeps a velocity for long: trust it no longer than it was seen.
    ahead = min(item.frame - last.frame, _HISTORY)
    miss = _displacement(last, item) - velocity * ahead
    return float(np.linalg.norm(miss, axis=-1).mean() / _size(chain))


def _displacement(start: Detection, end: Detection) -> np.ndarray:
    """Moves ``[M, 2]``, px, of the keypoints both see, or of the centre."""
    both = (start.scores > 0) & (end.scores > 0)
    if both.any():
        return end.keypoints[both] - start.keypoints[both]
    return (_centre(end) - _centre(start))[None]


def _centre(item: Detection) -> np.ndarray:
    if is_box(item.box):
        return (item.box[:2] + item.box[2:]) / 2
    return item.keypoints[item.scores > 0].mean(axis=0)


def _size(chain: Sequence[Detection]) -> float:
    """Longer side of the last known box, px."""
    box = next(d.box for d in reversed(chain) if is_box(d.box))
    return float((box[2:] - box[:2]).max())
