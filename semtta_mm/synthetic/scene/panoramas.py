"""Photographs of real places as backgrounds: environment maps, CC0.

The npm package ``@pmndrs/assets`` contains 18 panoramas of Poly Haven (512 x
256, linear light): rooms, halls, streets, a forest. Direction and exposure are
random.
"""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

import cv2
import numpy as np

from ...utils import InputError
from ...utils.optional import extra, require
from ...utils.package_data import fetch_known, known_files

LEAST_VIEW = np.radians(40.0)
"""The resolution is too low for narrower views."""


def load_panoramas() -> list[np.ndarray]:
    """Fetch and decode all panoramas of ``packages.json``.

    Returns:
        Linear RGB ``[H, 2 H, 3]``, float32; up is the first row.

    Raises:
        InputError: If one cannot be fetched or decoded.
        MissingDependencyError: If OpenEXR is absent.
    """
    names = [name for name in known_files() if name.startswith('panoramas/')]
    return [decode_panorama(fetch_known(name)) for name in names]


def decode_panorama(path: Path) -> np.ndarray:
    """Read an EXR inside a JavaScript module of the package.

    Args:
        path: ``export default 'data:application/exr;base64,...'``.

    Returns:
        Linear RGB ``[H, W, 3]``, float32.

    Raises:
        InputError: If the file contains no such image.
    """
    openexr = require('OpenEXR', 'reading panoramas', extra('synthetic'))
    text = path.read_text()
    start = text.find('base64,')
    fix = 'delete the file; it will be fetched again'
    if start < 0:
        raise InputError(path, 'file', 'contains no base64 image', fix)
    content = base64.b64decode(text[start + 7 :].split("'")[0])
    with tempfile.TemporaryDirectory() as folder:
        exr = Path(folder) / 'image.exr'
        exr.write_bytes(content)
        with openexr.File(str(exr)) as file:
            image = file.channels()['RGB'].pixels
    return np.asarray(image, np.float32)


def perspective_view(
    panorama: np.ndarray, rotation: np.ndarray, view: float, size: int
) -> np.ndarray:
    """A perspective view of a panorama.

    Args:
        panorama: ``[H, W, 3]``, equirectangular, y up.
        rotation: World (y up) to camera (y down, z forward) ``[3, 3]``.
        view: Angle of view, radians.
        size: Side of the view, px.

    Returns:
        ``[size, size, 3]`` in the panorama's unit.
    """
    focal = size / 2 / np.tan(view / 2)
    at = np.arange(size) + 0.5 - size / 2
    x, y = np.meshgrid(at / focal, at / focal)
    rays = np.stack([x, y, np.ones_like(x)], axis=-1) @ rotation
    rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
    height, width = panorama.shape[:2]
    longitude = np.arctan2(rays[..., 0], rays[..., 2])
    column = (longitude / (2 * np.pi) + 0.5) * width - 0.5
    row = np.arccos(np.clip(rays[..., 1], -1, 1)) / np.pi * height - 0.5
    return cv2.remap(
        panorama,
        column.astype(np.float32),
        row.clip(0, height - 1).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )


def sample_place(
    panorama: np.ndarray,
    rotation: np.ndarray,
    view: float,
    size: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """A photograph of a place.

    Args:
        panorama: Linear RGB ``[H, W, 3]``.
        rotation: World to camera ``[3, 3]``: horizon and roll are those of
            the person's image.
        view: Angle of view, radians; widened to :data:`LEAST_VIEW`.
        size: Side, px.
        rng: Source of heading, exposure and blur.

    Returns:
        RGB ``[size, size, 3]``, float32 in [0, 1].
    """
    image = perspective_view(panorama, rotation, max(view, LEAST_VIEW), size)
    white = float(np.percentile(image, rng.uniform(70, 99))) + 1e-6
    image = np.clip(image / white, 0, 1) ** (1 / 2.2)
    if rng.random() < 0.3:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 2.0))
    if rng.random() < 0.5:
        image = image[:, ::-1]
    return np.ascontiguousarray(image, np.float32)
