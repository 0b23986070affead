"""Colours of people, to tell them apart."""

from __future__ import annotations

import cv2
import numpy as np

BINS = (8, 4, 4)
"""Of hue, saturation and value."""


def colour_histograms(image: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Colours of the middle of each box, where the body is.

    Args:
        image: ``[H, W, 3]``, BGR, uint8.
        boxes: ``[N, 4]`` (x1, y1, x2, y2), px.

    Returns:
        ``[N, 128]``, each with sum 1.
    """
    rows = [_histogram(_middle(image, box)) for box in boxes]
    return np.array(rows).reshape(-1, int(np.prod(BINS)))


def _middle(image: np.ndarray, box: np.ndarray) -> np.ndarray:
    """The upper body: half of the width, from 15 % to 60 % of the height."""
    width, height = box[2:] - box[:2]
    x = box[0] + np.array([0.25, 0.75]) * width
    y = box[1] + np.array([0.15, 0.6]) * height
    limit = image.shape[:2]
    x1, x2 = np.clip(x, 0, limit[1]).astype(int)
    y1, y2 = np.clip(y, 0, limit[0]).astype(int)
    return image[y1 : max(y2, y1 + 1), x1 : max(x2, x1 + 1)]


def _histogram(part: np.ndarray) -> np.ndarray:
    if not part.size:
        return np.full(int(np.prod(BINS)), 1 / np.prod(BINS))
    hsv = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_BGR2HSV)
    ranges = [0, 180, 0, 256, 0, 256]
    counts = cv2.calcHist([hsv], [0, 1, 2], None, list(BINS), ranges)
    return counts.ravel() / max(counts.sum(), 1)
