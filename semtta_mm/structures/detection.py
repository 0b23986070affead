"""One detected person in one frame."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Detection:
    """One person in one frame.

    Attributes:
        frame: Frame number.
        keypoints: ``[K, 2]``, px.
        scores: ``[K]``; 0 means missing.
        box: ``[4]`` (x1, y1, x2, y2), px; NaN if unknown.
        person: Identity in the file; None if the file has none.
        row: Row in the file, to find other fields of the same person.
    """

    frame: int
    keypoints: np.ndarray
    scores: np.ndarray
    box: np.ndarray
    person: int | str | None = None
    row: int = -1
