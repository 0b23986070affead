"""A set of training crops: its source motions, and a contact sheet."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..models.bodies import SMPLBody
from ..training_data import CropDataset, MotionClip
from .motions.library import cmu_clips, open_clips
from .motions.procedural import Split

RATE = 10.0
"""Frames per second of the motions that poses are drawn from."""

SHEET = (6, 12)
"""Rows and columns of the contact sheet."""


def source_clips(
    split: Split, cmu: Path | None, per_label: int, seed: int
) -> list[MotionClip]:
    """Open clips of a split, and CMU's if given.

    Args:
        split: Split of the motions.
        cmu: The npz, or None.
        per_label: Performances of each open label.
        seed: Of their styles.

    Raises:
        InputError: If a file cannot be fetched or read.
    """
    rest = SMPLBody().joint_template.numpy()
    clips = open_clips(split, seed, per_label, rest_joints=rest)
    if cmu is not None:
        clips += cmu_clips(cmu, split, rest)
    # Single frames are drawn; adjacent frames are nearly equal.
    return [clip.resampled(RATE) for clip in clips]


def contact_sheet(dataset: CropDataset) -> np.ndarray:
    """Evenly spaced crops of the data set, in one image.

    Args:
        dataset: The crops, ``S`` px a side.

    Returns:
        ``[6 * S, 12 * S, 3]``, BGR, uint8.
    """
    rows, columns = SHEET
    at = np.linspace(0, len(dataset) - 1, rows * columns).astype(int)
    images = [dataset[int(i)]['image'].permute(1, 2, 0).numpy() for i in at]
    lines = [
        np.concatenate(images[r * columns : (r + 1) * columns], axis=1)
        for r in range(rows)
    ]
    return np.concatenate(lines)[..., ::-1]
