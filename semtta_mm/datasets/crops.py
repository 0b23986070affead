"""Square crops, consistent with :func:`semtta_mm.geometry.image_to_crop`.

Coordinates in this project are continuous: pixel ``i`` covers ``[i, i + 1)``
and its centre is ``i + 0.5``, so a box of side ``b`` covers ``b`` pixels and
the crop maps ``x`` to ``(x - x1) S / b``. OpenCV's ``warpAffine`` counts
pixel centres as whole numbers; the half pixels are added here, once.
"""

import cv2
import numpy as np

_SHRINK_TO_BLUR = 1.1
"""Half the box over the crop, above which 4D-Humans blurs."""


def crop_matrix(box: np.ndarray, size: int) -> np.ndarray:
    """Affine map for ``cv2.warpAffine``, from image to crop.

    Args:
        box: Square box ``[4]`` (x1, y1, x2, y2), px.
        size: Side ``S`` of the crop, px.

    Returns:
        ``[2, 3]``, between OpenCV's coordinates (pixel centres at whole
        numbers): ``x' = (x + 0.5 - x1) S / b - 0.5``.
    """
    scale = size / float(box[2] - box[0])
    shift = (0.5 - np.asarray(box[:2], np.float64)) * scale - 0.5
    return np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])


def crop_image(
    image: np.ndarray, box: np.ndarray, size: int, antialias: bool = False
) -> np.ndarray:
    """Cut a square out of an image, bilinear, black outside.

    Args:
        image: ``[H, W, 3]``, uint8.
        box: Square box ``[4]``, px.
        size: Side ``S`` of the crop, px.
        antialias: Blur the image before it shrinks to less than half, as
            HMR2.0 does; without it, as in the HMR lineage, such crops
            flicker.

    Returns:
        ``[S, S, 3]``, uint8, same colour order.
    """
    if antialias:
        image, box = _blurred(image, box, size)
    return cv2.warpAffine(
        image,
        crop_matrix(box, size),
        (size, size),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0, 0, 0),
    )


def _blurred(
    image: np.ndarray, box: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """The image about the box, blurred, and the box in it (4D-Humans)."""
    shrink = float(box[2] - box[0]) / size / 2
    if shrink <= _SHRINK_TO_BLUR:
        return image, box
    sigma = (shrink - 1) / 2
    # Blurring all of a large frame is slow; 4 sigma reach no further.
    edge = np.ceil(4 * sigma) + 1
    height, width = image.shape[:2]
    low = np.clip(np.floor(box[:2] - edge), 0, [width, height]).astype(int)
    high = np.clip(np.ceil(box[2:] + edge), 0, [width, height]).astype(int)
    part = image[low[1] : high[1], low[0] : high[0]]
    if part.size == 0:
        return image, box
    blurred = cv2.GaussianBlur(
        part, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101
    )
    return blurred, np.asarray(box) - np.tile(low, 2)
