"""2D keypoints on an image."""

import cv2
import numpy as np

from ..conventions import keypoint_names
from .skeleton import limbs, side_of

COLOURS: dict[str, tuple[int, int, int]] = {
    'left': (255, 144, 30),
    'right': (48, 96, 255),
    'middle': (230, 230, 230),
    'filled': (60, 200, 60),
}
"""BGR: the person's left is blue, the right red, filled-in points green."""

_SHIFT = 4
"""Fractional bits of OpenCV's drawing coordinates."""


def draw_keypoints(
    image: np.ndarray,
    keypoints: np.ndarray,
    visible: np.ndarray,
    convention: str,
    source: np.ndarray | None = None,
    thickness: int | None = None,
) -> np.ndarray:
    """Draw one person.

    Args:
        image: ``[H, W, 3]``, BGR, uint8; not changed.
        keypoints: ``[K, 2]``, px.
        visible: ``[K]``, bool; only these are drawn, and limbs with both
            ends visible.
        convention: Names of the keypoints.
        source: ``[K]``, bool: True where the point was filled in and not
            detected.
        thickness: Of limbs, px; None fits the size of the person.

    Returns:
        A copy with the skeleton.

    Raises:
        ValueError: If the arrays do not fit the convention.
    """
    names = keypoint_names(convention)
    if keypoints.shape != (len(names), 2) or visible.shape != (len(names),):
        raise ValueError(
            f'{convention} needs keypoints [{len(names)}, 2] and visible '
            f'[{len(names)}], got {keypoints.shape} and {visible.shape}'
        )
    visible = visible.astype(bool) & np.isfinite(keypoints).all(axis=-1)
    filled = np.zeros(len(names), bool) if source is None else source
    colours = [
        COLOURS['filled' if fill else side_of(name)]
        for name, fill in zip(names, filled, strict=True)
    ]
    canvas = image.copy()
    width = thickness or _fitting_thickness(keypoints[visible])
    for a, b in limbs(convention):
        if visible[a] and visible[b]:
            sides = {side_of(names[a]), side_of(names[b])}
            side = sides.pop() if len(sides) == 1 else 'middle'
            colour = COLOURS['filled' if filled[a] or filled[b] else side]
            ends = (_fixed(keypoints[a]), _fixed(keypoints[b]))
            cv2.line(canvas, *ends, colour, width, cv2.LINE_AA, _SHIFT)
    for k in np.flatnonzero(visible):
        _dot(canvas, keypoints[k], width, colours[k])
    return canvas


def _dot(
    canvas: np.ndarray, point: np.ndarray, width: int, colour: tuple
) -> None:
    """A dot with a dark rim, visible on any background."""
    for radius, fill in ((width + 1.5, (20, 20, 20)), (width + 0.5, colour)):
        cv2.circle(
            canvas,
            _fixed(point),
            round(radius * 2**_SHIFT),
            fill,
            cv2.FILLED,
            cv2.LINE_AA,
            _SHIFT,
        )


def _fixed(point: np.ndarray) -> tuple[int, int]:
    """Continuous px to OpenCV's fixed point, with pixel centres at 0."""
    # Far outside the image the fixed-point numbers would overflow.
    near = np.clip(point, -1e5, 1e5)
    x, y = np.round((near - 0.5) * 2**_SHIFT).astype(int).tolist()
    return x, y


def _fitting_thickness(points: np.ndarray) -> int:
    """About 1 % of the person's size, 1 to 6 px."""
    if len(points) < 2:
        return 2
    size = np.ptp(points, axis=0).max()
    return int(np.clip(round(float(size) / 150), 1, 6))
