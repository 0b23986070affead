"""Links detections over time by position."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..structures import Detection
from .boxes import is_box

_HISTORY = 5
"""Number of detections that the velocity is estimated from."""


def link_detections(
    detections: Sequence[Detection], max_gap: int, max_distance: float
) -> list[list[Detection]]:
    """Link detections over time, with an optimal assignment in each frame.

    The position of each open track is extrapolated with the mean velocity of
    its last detections. The cost is the mean distance of the keypoints that
    are visible in both detections (of the box centres if there are none),
    divided by the longer side of the track's box. This separates two people
    who cross at different speeds. Appearance is not used, so identities may
    swap after a long mutual occlusion.

    Args:
        detections: Cleaned detections of one video, in any order.
        max_gap: A track without detections for more frames than this is
            closed.
        max_distance: Pairs with a higher cost are never linked.

    Returns:
        Chains of detections in rising frame order. A detection is in at most
        one chain; one without a box can continue a chain but not start it.
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
    # Clip costs beyond the gate, so that none distorts the assignment.
    rows, columns = linear_sum_assignment(np.minimum(cost, 2 * max_distance))
    return [
        (int(i), int(j))
        for i, j in zip(rows, columns, strict=True)
        if cost[i, j] <= max_distance
    ]


def link_cost(chain: Sequence[Detection], item: Detection) -> float:
    """Distance of a detection from a chain's extrapolated position.

    Args:
        chain: Detections of one person in rising frame order, at least one
            with a box.
        item: A later detection.

    Returns:
        Mean distance divided by the longer side of the chain's last box.
    """
    first, last = chain[-_HISTORY:][0], chain[-1]
    velocity = np.zeros(2)
    if last.frame > first.frame:
        moved = _displacement(first, last).mean(axis=0)
        velocity = moved / (last.frame - first.frame)
    # Do not extrapolate further than the span that the velocity is from.
    ahead = min(item.frame - last.frame, _HISTORY)
    error = _displacement(last, item) - velocity * ahead
    return float(np.linalg.norm(error, axis=-1).mean() / _size(chain))


def _displacement(start: Detection, end: Detection) -> np.ndarray:
    """Displacements ``[M, 2]``, px, of common keypoints or of the centre."""
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
