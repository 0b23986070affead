"""Images of a folder, in order or by the numbers in their names."""

import re
from pathlib import Path

import cv2
import numpy as np

from ..utils import InputError
from .video_capture import FIX

IMAGE_SUFFIXES = ('.bmp', '.jpeg', '.jpg', '.png', '.tif', '.tiff', '.webp')


def natural_key(name: str) -> list[tuple[int, str]]:
    """Sort key under which ``img2`` comes before ``img10``."""
    parts = re.split(r'(\d+)', name)
    return [
        (int(part), '') if part.isdigit() else (-1, part) for part in parts
    ]


def last_number(name: str) -> int | None:
    """The last group of digits in a file name without its suffix."""
    groups = re.findall(r'\d+', name)
    return int(groups[-1]) if groups else None


def list_images(folder: Path) -> list[Path]:
    """Images of a folder in natural order.

    Raises:
        InputError: If the folder is missing or has no image.
    """
    if not folder.is_dir():
        raise InputError(folder, 'folder', 'does not exist', FIX)
    images = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() in IMAGE_SUFFIXES
    ]
    if not images:
        raise InputError(folder, 'folder', 'has no image', FIX)
    return sorted(images, key=lambda path: natural_key(path.name))


def numbered_images(folder: Path, numbering: str) -> dict[int, Path]:
    """Frame number to image.

    Args:
        folder: Folder of images.
        numbering: ``'position'`` or ``'name'``, see
            :class:`~semtta_mm.structures.PersonTrack`.

    Raises:
        InputError: If names must contain unique numbers and do not.
    """
    images = list_images(folder)
    if numbering == 'position':
        return dict(enumerate(images))
    numbered: dict[int, Path] = {}
    for path in images:
        number = last_number(path.stem)
        fix = "rename it, or use numbering='position'"
        if number is None:
            raise InputError(path, 'file name', 'has no number', fix)
        if number in numbered:
            problem = f'has the same number as {numbered[number].name}'
            raise InputError(path, 'file name', problem, fix)
        numbered[number] = path
    return numbered


def read_image(path: Path) -> np.ndarray:
    """Read an image ``[H, W, 3]``, BGR, uint8.

    Raises:
        InputError: If it cannot be read.
    """
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise InputError(path, 'image', 'cannot be read', FIX)
    return image
