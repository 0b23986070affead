"""Checkpoints written by an mmengine Runner, read without running code.

A Runner puts its log buffers beside the weights, and mmengine 0.10.7 can
then not read its own files under torch >= 2.6, where ``weights_only=True``
is the default. :func:`.read_foreign` reads them and runs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

from mmengine.logging import print_log
from torch import Tensor, nn

from ..utils import InputError
from ..utils.fill import fill, some
from .foreign import FIX, read_foreign
from .placeholders import class_name


@dataclass(frozen=True)
class MMCheckpoint:
    """What is used of a checkpoint.

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
        InputError: If the file is missing, damaged, holds anything but plain
            data, or no tensors.
    """
    return mm_checkpoint(read_foreign(path), path)


def mm_checkpoint(content: Any, path: str | PathLike[str]) -> MMCheckpoint:
    """Weights and dataset meta of what a file holds.

    Args:
        content: See :func:`.read_foreign`.
        path: The file, for messages.

    Raises:
        InputError: If it is no dict, or holds no tensors.
    """
    if not isinstance(content, Mapping):
        raise InputError(
            path, 'file', f'holds a {type(content).__name__}', FIX
        )
    state = content.get('state_dict', content)
    if not isinstance(state, Mapping) or not state:
        raise InputError(path, 'state_dict', 'holds no tensors', FIX)
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


def load_weights(model: nn.Module, path: str | PathLike[str] | None) -> None:
    """Put a checkpoint into a built model of mmpose.

    Args:
        model: The model; its ``dataset_meta`` is set if the file has one.
        path: The checkpoint; None leaves the model as it is.

    Raises:
        InputError: As :func:`read_mm_checkpoint`, or if weights of the model
            are absent, of another shape or not finite. Weights that the
            model does not have are named in the log.
    """
    if path is None:
        return
    checkpoint = read_mm_checkpoint(path)
    fix = 'use the config that the checkpoint was trained with'
    unused = fill(
        model, checkpoint.state_dict, path, 'state_dict', fix, strict=False
    )
    if unused:
        print_log(f'{path}: unused {some(unused)}', 'current')
    if checkpoint.dataset_meta is not None:
        # mmpose reads this plain attribute of its models.
        vars(model)['dataset_meta'] = checkpoint.dataset_meta
