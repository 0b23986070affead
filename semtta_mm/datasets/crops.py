"""Square crops that agree with :func:`semtta_mm.geometry.image_to_crop`.

Coordinates in this project are continuous: pixel ``i`` covers ``[i, i + 1)``
and its centre is ``i + 0.5``, so a box of side ``b`` covers ``b`` pixels and
the crop maps ``x`` to ``(x - x1) S / b``. OpenCV's ``warpAffine`` counts
pixel centres as whole numbers; the half pixels are added here, once.
"""

import cv2
import numpy as np


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


def crop_image(image: np.ndarray, box: np.ndarray, size: int) -> np.ndarray:
    """Cut a square out of an image, bilinear, black outside.

    Args:
        image: ``[H, W, 3]``, uint8.
        box: Square box ``[4]``, px.
        size: Side ``S`` of the crop, px.

    Returns:
        ``[S, S, 3]``, uint8, same colour order.
    """
    return cv2.warpAffine(
        image,
        crop_matrix(box, size),
        (size, size),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0, 0, 0),
    )
