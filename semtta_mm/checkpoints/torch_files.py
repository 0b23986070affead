"""Reads ``.pt``, ``.pth``, ``.ckpt`` files and runs no code of theirs.

torch's ``weights_only`` reader is tried first. It refuses files that contain
hyper-parameters (``argparse.Namespace``, yacs, OmegaConf ...) beside the
tensors. Those are read by our own unpickler: it restores tensors, numpy
arrays and containers; any other object becomes a :class:`Placeholder`. Names
of the standard library that no hyper-parameter needs are refused.
"""

from __future__ import annotations

import pickle
import tarfile
import warnings
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import torch
from torch import Tensor

from ..utils import InputError
from .pickled_arrays import PLAIN_NAMES, PickledArray, restore_arrays
from .placeholders import Placeholder, make_placeholder
from .unpickler import (
    UNREADABLE,
    Policy,
    ProtectedFunction,
    Refused,
    RestrictedUnpickler,
    describe_error,
)

FIX = 'give a checkpoint of mmengine or a plain state dict of tensors'
"""Fix for a file that contains no weights."""


def read_torch_file(path: str | PathLike[str]) -> Any:
    """Content of a file of ``torch.save``, zip or legacy format.

    Args:
        path: The file.

    Returns:
        Containers, numbers, strings, arrays and tensors on the CPU; objects
        of other classes as :class:`Placeholder`.

    Raises:
        InputError: If the file is missing, damaged, an archive of
            TorchScript, uses a function of the standard library, or is a
            single pickled object.
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
            torch.serialization.safe_globals(_safe_globals()),
        ):
            # It warns of pickle protocols that only our reader supports.
            warnings.simplefilter('ignore')
            content = torch.load(path, map_location='cpu', weights_only=True)
            return restore_arrays(content)
    except pickle.UnpicklingError:
        return _read_with_placeholders(path)
    except UNREADABLE as error:
        problem = describe_error(error)
        if 'TorchScript' in problem:  # torch would advise to run it
            problem = 'is an archive of TorchScript, which is a program'
        raise InputError(path, 'file', problem, FIX) from error


def _safe_globals() -> list[Callable | tuple[Callable, str]]:
    """Names that ``weights_only`` may use: numpy and log buffers."""
    history = ('mmengine.logging.history_buffer', 'HistoryBuffer')
    return [
        *((found, '.'.join(name)) for name, found in PLAIN_NAMES.items()),
        (make_placeholder(*history), '.'.join(history)),
        # Log buffers store their methods by getattr.
        (ProtectedFunction(_no_attribute), 'builtins.getattr'),
        # Under any name; torch sets the state of listed classes only.
        (PickledArray, 'semtta_mm.PickledArray'),
    ]


def _no_attribute(*_: object) -> None:
    """Replaces ``getattr``."""


def _read_with_placeholders(path: Path) -> Any:
    """Read with our own unpickler, given to torch as ``pickle_module``."""
    if tarfile.is_tarfile(path):
        # Files of torch 0.1, which torch would unpack to the disk.
        raise InputError(path, 'file', 'is a tar archive', FIX)
    try:
        content = torch.load(
            path,
            map_location='cpu',
            weights_only=False,
            pickle_module=_pickle_module(),
            encoding='latin1',
        )
        return restore_arrays(content)
    except Refused as error:
        raise InputError(path, 'file', describe_error(error), FIX) from error
    except UNREADABLE as error:
        problem = 'is not a checkpoint of torch, or is damaged'
        raise InputError(path, 'file', problem, FIX) from error


def _pickle_module() -> ModuleType:
    def load(file: IO[bytes], **options: Any) -> Any:
        return _TorchUnpickler(file, **options).load()

    module = ModuleType('semtta_mm_pickle')
    vars(module).update(Unpickler=_TorchUnpickler, load=load)
    return module


def _rebuild_tensor(
    storage: Any, offset: int, size: tuple, stride: tuple, *_: Any
) -> Tensor:
    """``torch._utils._rebuild_tensor_v2``, without gradients and hooks."""
    if not isinstance(storage, torch.storage.TypedStorage):
        raise pickle.UnpicklingError('a tensor without a storage')
    return torch._utils._rebuild_tensor(storage, offset, size, stride)


def _rebuild_parameter(data: Any, *_: Any) -> Tensor:
    """``torch._utils._rebuild_parameter``: the tensor alone."""
    if not isinstance(data, Tensor):
        raise pickle.UnpicklingError('a parameter without a tensor')
    return data


def _names() -> dict[tuple[str, str], Any]:
    tensor = ProtectedFunction(_rebuild_tensor)
    parameter = ProtectedFunction(_rebuild_parameter)
    return {
        **PLAIN_NAMES,
        ('torch', 'Size'): torch.Size,
        ('torch._utils', '_rebuild_tensor'): tensor,
        ('torch._utils', '_rebuild_tensor_v2'): tensor,
        ('torch._utils', '_rebuild_parameter'): parameter,
        ('torch._utils', '_rebuild_parameter_with_state'): parameter,
    }


def _dtype_or_placeholder(module: str, name: str) -> Any:
    # Not getattr, which makes torch import some of its modules.
    found = vars(torch).get(name) if module == 'torch' else None
    if isinstance(found, torch.dtype):
        return found
    return make_placeholder(module, name)


_POLICY = Policy(_names(), _dtype_or_placeholder)
"""Plain data and tensors; harmless other names become placeholders."""


class _TorchUnpickler(RestrictedUnpickler):
    """Our unpickler, with the arguments that torch passes to pickle's."""

    def __init__(self, file: IO[bytes], **options: Any) -> None:
        super().__init__(file, _POLICY, **options)

    def load(self) -> Any:
        """Read one object; references are to storages and classes only.

        torch's reader would also compare the source code of a pickled module
        with the stored one, and write the difference to a path of the file.
        """
        read_storage = getattr(self, 'persistent_load', None)

        def persistent_load(reference: Any) -> Any:
            if read_storage is None or not isinstance(reference, tuple):
                raise pickle.UnpicklingError(
                    'a reference to something other than a storage'
                )
            if reference[0] in ('module', b'module'):
                return reference[1]
            return read_storage(reference)

        # Set on the instance, as torch does and pickle documents.
        self.persistent_load = persistent_load  # type: ignore[method-assign]
        return super().load()
