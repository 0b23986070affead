"""From the person network's raw output to one person's alignment points."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

INPUT_SIDE = 224
_LAYERS = ((8, 2), (16, 2), (32, 6))
"""Stride in px and anchors a cell; three layers of stride 32 are merged."""
_SCORE_CLIP = 100.0


@dataclass(frozen=True)
class Candidates:
    """Possible people, in the unit square of the network's input.

    Attributes:
        boxes: Boxes of the *face* ``[N, 4]`` (x1, y1, x2, y2).
        points: ``[N, 4, 2]``: middle of the hips, size and direction of the
            body, middle of the shoulders, the same for the upper body.
        scores: ``[N]``, in [0, 1].
    """

    boxes: np.ndarray
    points: np.ndarray
    scores: np.ndarray


def make_anchors() -> np.ndarray:
    """Anchor centres ``[2254, 2]`` in the unit square; their size is 1."""
    layers = []
    for stride, count in _LAYERS:
        cells = INPUT_SIDE // stride
        ticks = (np.arange(cells) + 0.5) / cells
        y, x = np.meshgrid(ticks, ticks, indexing='ij')
        centres = np.stack([x, y], axis=-1).reshape(-1, 2)
        layers.append(np.repeat(centres, count, axis=0))
    return np.concatenate(layers)


def decode_candidates(
    raw: np.ndarray,
    raw_scores: np.ndarray,
    anchors: np.ndarray,
    min_score: float,
) -> Candidates:
    """Candidates of at least ``min_score``, the best first.

    Args:
        raw: ``[N, 12]``: centre, size and four points, px of the input,
            relative to the anchors.
        raw_scores: Logits ``[N]``.
        anchors: ``[N, 2]``.
        min_score: Lower ones are left out.

    Returns:
        Zero or more candidates.
    """
    scores = expit(np.clip(raw_scores, -_SCORE_CLIP, _SCORE_CLIP))
    order = np.argsort(-scores, kind='stable')
    keep = order[scores[order] >= min_score]
    values = raw[keep].reshape(-1, 6, 2) / INPUT_SIDE
    centre = values[:, 0] + anchors[keep]
    half = values[:, 1] / 2
    points = values[:, 2:] + anchors[keep, None]
    boxes = np.concatenate([centre - half, centre + half], axis=1)
    return Candidates(boxes, points, scores[keep])


def box_iou(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Intersection over union of one box ``[4]`` with others ``[N, 4]``."""
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:], boxes[:, 2:])
    common = np.clip(high - low, 0, None).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    union = (box[2:] - box[:2]).prod() + areas - common
    return np.divide(common, union, np.zeros_like(common), where=union > 0)


def merge_best(found: Candidates, min_overlap: float = 0.3) -> np.ndarray:
    """Points of the person of the best score (weighted NMS).

    All candidates whose box overlaps the best one's are the same person;
    their points are averaged by score.

    Args:
        found: At least one candidate, the best first.
        min_overlap: Intersection over union from which two are the same.

    Returns:
        ``[4, 2]``, unit square.
    """
    same = box_iou(found.boxes[0], found.boxes) > min_overlap
    # A box without area overlaps nothing, not even itself.
    same[0] = True
    return np.average(found.points[same], axis=0, weights=found.scores[same])
