"""Checkpoints written by an mmengine Runner, read without running code.

A Runner puts its log buffers beside the weights, and mmengine 0.10.7 can
then not read its own files under torch >= 2.6, where ``weights_only=True``
is the default. It stays on here: numpy's plain containers are allowed, the
log buffers become nothing, and any other class is refused by name.
"""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.logging import print_log
from torch import Tensor, nn

from ..utils import InputError

_FIX = 'give a checkpoint of mmengine or a plain state dict of tensors'


@dataclass(frozen=True)
class MMCheckpoint:
    """What is used of a checkpoint.

    Attributes:
        state_dict: Name to tensor, on the CPU.
        dataset_meta: Keypoint names, flips, sigmas …; None if not stored.
    """

    state_dict: dict[str, Tensor]
    dataset_meta: dict[str, Any] | None = field(default=None, repr=False)


class _Nothing:
    """Takes the place of a log buffer."""

    def __setstate__(self, state: object) -> None:
        pass


def _no_getattr(*_: object) -> None:
    """Takes the place of ``getattr``, used for the buffers' own methods."""


def _encode(text: str, encoding: str) -> bytes:
    """``codecs.encode`` as numpy pickles bytes, and not otherwise."""
    if encoding != 'latin1':
        raise pickle.UnpicklingError(f'encoding {encoding!r} is not allowed')
    return text.encode(encoding)


def _allowed() -> list[Callable | tuple[Callable, str]]:
    multiarray = np.core.multiarray
    allowed: list[Callable | tuple[Callable, str]] = [
        np.ndarray,
        np.dtype,
        (_Nothing, 'mmengine.logging.history_buffer.HistoryBuffer'),
        (_no_getattr, 'builtins.getattr'),
        (_encode, '_codecs.encode'),
    ]
    for core in ('numpy.core', 'numpy._core'):
        for name in ('_reconstruct', 'scalar'):
            function = getattr(multiarray, name)
            allowed.append((function, f'{core}.multiarray.{name}'))
    allowed += [type(np.dtype(code)) for code in '?bBhHiIlLqQefdSU']
    return allowed


def _read(path: Path) -> Any:
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', _FIX)
    try:
        with torch.serialization.safe_globals(_allowed()):
            return torch.load(path, map_location='cpu', weights_only=True)
    except pickle.UnpicklingError as error:
        reason = _forbidden(str(error))
        raise InputError(path, 'file', reason, _FIX) from error
    except (RuntimeError, EOFError, OSError, ValueError) as error:
        raise InputError(
            path, 'file', f'cannot be read ({error})', _FIX
        ) from error


def _forbidden(message: str) -> str:
    """The one useful part of torch's advice, which is to switch it off."""
    _, found, rest = message.partition('GLOBAL ')
    if found:
        return f'holds an object of the refused class {rest.split()[0]}'
    return 'is not a checkpoint of torch, or it is damaged'


def read_mm_checkpoint(path: str | PathLike[str]) -> MMCheckpoint:
    """Read weights and dataset meta.

    Args:
        path: ``.pth`` of an mmengine Runner (``state_dict`` and ``meta``) or
            a plain state dict.

    Raises:
        InputError: If the file is missing, damaged, holds anything but plain
            data, or no tensors.
    """
    path = Path(path)
    content = _read(path)
    if not isinstance(content, Mapping):
        raise InputError(
            path, 'file', f'holds a {type(content).__name__}', _FIX
        )
    state = content.get('state_dict', content)
    if not isinstance(state, Mapping) or not state:
        raise InputError(path, 'state_dict', 'holds no tensors', _FIX)
    for name, value in state.items():
        if not isinstance(value, Tensor):
            raise InputError(
                path, str(name), f'is of type {type(value).__name__}', _FIX
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
            are absent or of another shape. Weights that the model does not
            have are named in the log.
    """
    if path is None:
        return
    checkpoint = read_mm_checkpoint(path)
    fix = 'use the config that the checkpoint was trained with'
    try:
        keys = model.load_state_dict(checkpoint.state_dict, strict=False)
    except RuntimeError as error:
        raise InputError(path, 'state_dict', str(error), fix) from error
    if keys.missing_keys:
        problem = f'lacks {_some(keys.missing_keys)}'
        raise InputError(path, 'state_dict', problem, fix)
    if keys.unexpected_keys:
        print_log(f'{path}: unused {_some(keys.unexpected_keys)}', 'current')
    if checkpoint.dataset_meta is not None:
        # mmpose reads this plain attribute of its models.
        vars(model)['dataset_meta'] = checkpoint.dataset_meta


def _some(names: list[str]) -> str:
    """The first three names and how many there are."""
    more = f' and {len(names) - 3} more' if len(names) > 3 else ''
    return ', '.join(names[:3]) + more
