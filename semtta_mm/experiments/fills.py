"""Keypoints that a method filled in, and how many of them are right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from ..evaluation.functional.image import pck
from ..structures.pose_bank import Source
from .unobserved_errors import Values

THRESHOLD = 0.1
"""Largest error of a right keypoint, share of the box's longer side."""


def fill_values(path: Path, true: np.ndarray | None = None) -> Values:
    """Fills of one track, as in the paper's Table 5.

    The paper does not define its PCK; here a fill is right within
    :data:`THRESHOLD` of the longer side of the crop box.

    Args:
        path: ``result.npz`` of the track.
        true: Exact keypoints ``[T, K, 2]``, px; None if they are not known.

    Returns:
        ``filled_percent``: filled keypoints in percent of the detected ones;
        and ``filled_pck``: share of right ones among the filled, None
        without fills or exact keypoints.
    """
    with np.load(path) as result:
        source = result['bank_source']
        points = result['bank_keypoints']
        boxes = result['bbox_xyxy']
    filled = source == int(Source.FILLED)
    detected = int((source == int(Source.DETECTED)).sum())
    percent = 100 * float(filled.sum()) / detected if detected else None
    values: Values = {'filled_percent': percent, 'filled_pck': None}
    if true is not None and filled.any():
        size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
        hits = pck(
            torch.as_tensor(points).double(),
            torch.as_tensor(true).double(),
            torch.as_tensor(filled),
            torch.as_tensor(size).double(),
            THRESHOLD,
        )
        right = (hits.values[hits.valid] * hits.counts[hits.valid]).sum()
        values['filled_pck'] = float(right / filled.sum())
    return values
