"""Reads foreign ``.pt``, ``.pth``, ``.ckpt`` files and runs nothing of them.

torch's ``weights_only`` reader comes first. It refuses files that carry
hyper-parameters (``argparse.Namespace``, yacs, OmegaConf ...) beside the
tensors, so those are read by an unpickler of our own that knows tensors,
numpy arrays and containers; whatever else a file names is never looked up
and becomes an inert :class:`Placeholder`. Functions of the standard library
have no business in a checkpoint: naming one ends the reading.
"""

from __future__ import annotations

import pickle
import tarfile
import warnings
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch

from ..utils import InputError
from .placeholders import Placeholder, Refused
from .temporary import stand_in

FIX = 'give a checkpoint of mmengine or a plain state dict of tensors'
"""What to do about a file that holds no weights."""

_UNREADABLE = (
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    KeyError,
    AssertionError,
)
"""What reading a broken file may raise, beside ``UnpicklingError``."""


def read_foreign(path: str | PathLike[str]) -> Any:
    """What a file of ``torch.save`` holds, zip or legacy format.

    Args:
        path: The file.

    Returns:
        Containers, numbers, strings, arrays and tensors on the CPU; objects
        of other classes as :class:`Placeholder`.

    Raises:
        InputError: If the file is missing, damaged, an archive of
            TorchScript, asks for a function of the standard library, or is
            a pickled object as a whole.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', FIX)
    content = _read(path)
    if isinstance(content, Placeholder):
        problem = f'is a pickled object of the class {content.stands_for}'
        fix = 'save its state_dict() on a machine that you trust it on'
        raise InputError(path, 'file', problem, fix)
    return content


def _read(path: Path) -> Any:
    try:
        with (
            warnings.catch_warnings(),
            torch.serialization.safe_globals(_allowed()),
        ):
            # Of another pickle protocol: what it cannot read, we do below.
            warnings.simplefilter('ignore')
            return torch.load(path, map_location='cpu', weights_only=True)
    except pickle.UnpicklingError:
        return _read_with_placeholders(path)
    except _UNREADABLE as error:
        problem = f'cannot be read ({error})'
        if 'TorchScript' in problem:  # torch goes on to advise to run it
            problem = 'is an archive of TorchScript, which is a program'
        raise InputError(path, 'file', problem, FIX) from error


def _read_with_placeholders(path: Path) -> Any:
    """By our own unpickler, which torch takes as ``pickle_module``."""
    if tarfile.is_tarfile(path):
        # torch would unpack it on the disk; nobody has written them so since
        # torch 0.1.
        raise InputError(path, 'file', 'is a tar archive', FIX)
    try:
        return torch.load(
            path,
            map_location='cpu',
            weights_only=False,
            pickle_module=_reader(),
            encoding='latin1',
        )
    except Refused as error:
        problem = f'holds an object of the refused class {error}'
        raise InputError(path, 'file', problem, FIX) from error
    except (pickle.UnpicklingError, *_UNREADABLE) as error:
        problem = 'is not a checkpoint of torch, or it is damaged'
        raise InputError(path, 'file', problem, FIX) from error


def _reader() -> ModuleType:
    # Late: it is built on the reader of datasets, which import weights.
    from .foreign_unpickler import ForeignUnpickler

    def load(file: Any, **options: Any) -> Any:
        return ForeignUnpickler(file, **options).load()

    return stand_in('reader', Unpickler=ForeignUnpickler, load=load)


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
    """What ``weights_only`` may meet beside tensors: numpy, log buffers."""
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
