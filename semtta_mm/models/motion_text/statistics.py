"""Reading of HumanML3D's means, deviations and skeleton, with checks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ...checkpoints.torch_files import read_torch_file
from ...utils import InputError
from .posed_joints import COUNT


def read_statistics(
    folder: Path,
    names: tuple[str, str],
    read: Callable[[Path], Tensor],
    fix: str,
) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation.

    Args:
        folder: Folder of the two files.
        names: File names of the mean and of the deviation.
        read: Reads one file, e.g. :func:`read_feature_vector`.
        fix: What the user should give, for messages.

    Raises:
        InputError: If a file is bad, or a deviation is not positive.
    """
    mean, std = (read(folder / name) for name in names)
    if not (std > 0).all():
        raise InputError(folder / names[1], 'file', 'holds a 0', fix)
    return mean, std


def read_joint_array(path: Path, fix: str) -> np.ndarray:
    """Numbers of HumanML3D's joints ``[22, 3]`` from an npy file.

    Args:
        path: File.
        fix: What the user should give, for messages.

    Raises:
        InputError: If the file is missing, of another shape, or not finite.
    """
    _check_exists(path, fix)
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        problem = f'cannot be read ({error})'
        raise InputError(path, 'file', problem, fix) from error
    if array.shape != (COUNT, 3) or not np.isfinite(array).all():
        problem = f'is {list(array.shape)}, not finite [{COUNT}, 3]'
        raise InputError(path, 'file', problem, fix)
    return array


def read_feature_vector(path: Path, size: int, fix: str) -> Tensor:
    """A float vector ``[size]`` from a file of ``torch.save``.

    Args:
        path: File.
        size: Number of entries.
        fix: What the user should give, for messages.

    Raises:
        InputError: If the file is missing, no such vector, or not finite.
    """
    _check_exists(path, fix)
    value = read_torch_file(path)
    if not isinstance(value, Tensor) or value.shape != (size,):
        raise InputError(path, 'file', f'is no tensor [{size}]', fix)
    if not torch.isfinite(value).all():
        raise InputError(path, 'file', 'holds NaN or infinity', fix)
    return value.float()


def _check_exists(path: Path, fix: str) -> None:
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', fix)
