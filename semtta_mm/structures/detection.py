"""One detected person in one frame."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray


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
    keypoints: NDArray[Any]
    scores: NDArray[Any]
    box: NDArray[Any]
    person: int | str | None = None
    row: int = -1
