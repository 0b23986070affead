"""Checkpoints written by an mmengine Runner, read without running code.

A Runner stores its log buffers beside the weights. mmengine 0.10.7 cannot
read such files under torch >= 2.6, where ``weights_only=True`` is the
default. :func:`.read_torch_file` reads them and runs no code of theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

from torch import Tensor

from ..utils import InputError
from .placeholders import class_name
from .torch_files import FIX, read_torch_file


@dataclass(frozen=True)
class MMCheckpoint:
    """Weights and dataset meta of a checkpoint.

    Attributes:
        state_dict: Name to tensor, on the CPU.
        dataset_meta: Keypoint names, flips, sigmas …; None if not stored.
    """

    state_dict: dict[str, Tensor]
    dataset_meta: dict[str, Any] | None = field(default=None, repr=False)


def read_mm_checkpoint(path: str | PathLike[str]) -> MMCheckpoint:
    """Read weights and dataset meta.

    Args:
        path: ``.pth`` of an mmengine Runner (``state_dict`` and ``meta``) or
            a plain state dict.

    Raises:
        InputError: If the file is missing or damaged, contains anything but
            plain data, or contains no tensors.
    """
    return parse_mm_checkpoint(read_torch_file(path), path)


def parse_mm_checkpoint(
    content: Any, path: str | PathLike[str]
) -> MMCheckpoint:
    """Find weights and dataset meta in the content of a file.

    Args:
        content: See :func:`.read_torch_file`.
        path: The file, for messages.

    Raises:
        InputError: If it is not a dict, or contains no tensors.
    """
    if not isinstance(content, Mapping):
        raise InputError(
            path, 'file', f'contains a {type(content).__name__}', FIX
        )
    state = content.get('state_dict', content)
    if not isinstance(state, Mapping) or not state:
        raise InputError(path, 'state_dict', 'contains no tensors', FIX)
    for name, value in state.items():
        if not isinstance(value, Tensor):
            raise InputError(
                path, str(name), f'is of type {class_name(value)}', FIX
            )
    meta = content.get('meta')
    meta = meta.get('dataset_meta') if isinstance(meta, Mapping) else None
    return MMCheckpoint(dict(state), meta)


def load_mm_state_dict(path: str | PathLike[str]) -> dict[str, Tensor]:
    """Weights alone, see :func:`read_mm_checkpoint`."""
    return read_mm_checkpoint(path).state_dict
