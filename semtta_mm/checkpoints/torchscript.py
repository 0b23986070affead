"""Tensors of a TorchScript archive, read without running its code.

Such an archive is a zip file: ``NAME/data.pkl`` contains the module as a tree
of objects whose classes are defined by the code in the archive, and
``NAME/data/N`` the raw numbers, little endian (torch's ``serialization``
notes). Only the tree is read, never the code.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..utils import InputError
from .unpickler import (
    UNREADABLE,
    Policy,
    ProtectedFunction,
    Refused,
    RestrictedUnpickler,
    describe_error,
    refuse,
)

_FIX = 'give the original archive'
_TYPES = {
    'HalfStorage': np.float16,
    'FloatStorage': np.float32,
    'DoubleStorage': np.float64,
    'LongStorage': np.int64,
    'IntStorage': np.int32,
    'BoolStorage': np.bool_,
    'ByteStorage': np.uint8,
}
"""Storage class in the pickle to numpy type."""


class _Node:
    """The attributes of an object of the tree, of any class."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}

    def __setstate__(self, state: object) -> None:
        self.state = state if isinstance(state, dict) else {}


class _Storage:
    """A storage class of torch."""

    def __init__(self, dtype: type) -> None:
        self.dtype: np.dtype = np.dtype(dtype)


def is_torchscript(path: str | PathLike[str]) -> bool:
    """Whether a file is an archive of TorchScript."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(
            name.endswith('/constants.pkl') for name in archive.namelist()
        )


def read_torchscript_tensors(path: str | PathLike[str]) -> dict[str, Tensor]:
    """Parameters and buffers by their dotted names, as a state dict.

    Args:
        path: An archive of ``torch.jit.save``.

    Raises:
        InputError: If the file is missing, damaged, not such an archive, or
            contains anything but tensors and plain data.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', _FIX)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            roots = [n for n in names if n.endswith('/data.pkl')]
            if len(roots) != 1:
                raise ValueError('it contains no data.pkl')
            root = roots[0].removesuffix('data.pkl')
            data = io.BytesIO(archive.read(roots[0]))
            storages = partial(_read_storage, archive, root)
            tree = RestrictedUnpickler(data, _POLICY, storages).load()
    except Refused as error:
        raise InputError(path, 'file', describe_error(error), _FIX) from error
    except (zipfile.BadZipFile, *UNREADABLE) as error:
        problem = f'is not a readable archive of TorchScript ({error})'
        raise InputError(path, 'file', problem, _FIX) from error
    return dict(_tensors(tree, ''))


def _tensors(node: object, prefix: str) -> Iterator[tuple[str, Tensor]]:
    if not isinstance(node, _Node):
        return
    for name, value in node.state.items():
        if isinstance(value, Tensor):
            yield prefix + name, value
        else:
            yield from _tensors(value, f'{prefix}{name}.')


def _read_storage(
    archive: zipfile.ZipFile, root: str, reference: Any
) -> np.ndarray:
    """The numbers of a storage reference in the tree."""
    kind, storage, key, _, count = reference
    if kind != 'storage' or not isinstance(storage, _Storage):
        raise pickle.UnpicklingError(
            'a reference to something other than a storage'
        )
    raw = archive.read(f'{root}data/{key}')
    numbers = np.frombuffer(raw, storage.dtype.newbyteorder('<'))
    if len(numbers) < count:
        raise pickle.UnpicklingError(f'data/{key} is truncated')
    return numbers.astype(storage.dtype)


def _without_type(value: Any, _: Any) -> Any:
    """``restore_type_tag``: the types of containers are not needed."""
    return value


def _rebuild_tensor(
    numbers: np.ndarray, offset: int, size: tuple, stride: tuple, *_: Any
) -> Tensor:
    if not isinstance(numbers, np.ndarray):
        raise pickle.UnpicklingError('a tensor without a storage')
    flat = torch.from_numpy(numbers)
    return flat.as_strided(tuple(size), tuple(stride), offset).clone()


_NAMES: dict[tuple[str, str], Any] = {
    ('collections', 'OrderedDict'): OrderedDict,
    ('torch._utils', '_rebuild_tensor_v2'): ProtectedFunction(_rebuild_tensor),
    ('torch.jit._pickle', 'restore_type_tag'): ProtectedFunction(
        _without_type
    ),
}


def _node_storage_or_refuse(module: str, name: str) -> Any:
    if module.startswith('__torch__'):
        return _Node
    if module in ('torch', 'torch.storage') and name in _TYPES:
        return _Storage(_TYPES[name])
    if module == 'torch.jit._pickle' and name.startswith('build_'):
        return ProtectedFunction(list)
    return refuse(module, name)


_POLICY = Policy(_NAMES, _node_storage_or_refuse)
"""Tensors, lists and the classes of the tree; other names are refused."""
