"""An unpickler for tensors and plain data, see ``foreign.py``."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Callable
from types import FunctionType
from typing import Any

import torch
from torch import Tensor

from ..datasets.plain_pickle import PlainUnpickler
from .placeholders import placeholder


class _Call:
    """A function that a file may call but not change.

    A pickle can set attributes of what it is handed, so it never gets a
    function of a module.
    """

    __slots__ = ('_function',)

    def __init__(self, function: Callable) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        return self._function(*args)

    def __setstate__(self, state: object) -> None:
        raise pickle.UnpicklingError('a function has no state')


def _tensor(
    storage: Any, offset: int, size: tuple, stride: tuple, *_: Any
) -> Tensor:
    """``torch._utils._rebuild_tensor_v2``, without gradients and hooks."""
    if not isinstance(storage, torch.storage.TypedStorage):
        raise pickle.UnpicklingError('a tensor without a storage')
    return torch._utils._rebuild_tensor(storage, offset, size, stride)


def _parameter(data: Any, *_: Any) -> Tensor:
    """``torch._utils._rebuild_parameter``: the tensor alone."""
    if not isinstance(data, Tensor):
        raise pickle.UnpicklingError('a parameter without a tensor')
    return data


_FUNCTIONS: dict[str, Callable] = {
    '_rebuild_tensor': _tensor,
    '_rebuild_tensor_v2': _tensor,
    '_rebuild_parameter': _parameter,
    '_rebuild_parameter_with_state': _parameter,
}


def _type_of(module: str, name: str) -> Any:
    """Types that cannot be changed from a pickle; None for any other."""
    if module in ('builtins', '__builtin__'):
        kinds = (set, frozenset, list, dict)
        return {kind.__name__: kind for kind in kinds}.get(name)
    if (module, name) == ('collections', 'OrderedDict'):
        return OrderedDict
    if module == 'torch':
        found = getattr(torch, name, None)
        if isinstance(found, torch.dtype) or found is torch.Size:
            return found
    return None


class ForeignUnpickler(PlainUnpickler):
    """Tensors and plain data; anything else becomes a placeholder."""

    def find_class(self, module: str, name: str) -> Any:
        """Resolve a name of the file, never by importing it.

        Raises:
            Refused: If only harm can come of it.
        """
        found = _type_of(module, name)
        if found is not None:
            return found
        if module == 'torch._utils' and name in _FUNCTIONS:
            return _Call(_FUNCTIONS[name])
        try:
            found = super().find_class(module, name)
        except pickle.UnpicklingError:
            return placeholder(module, name)
        return _Call(found) if isinstance(found, FunctionType) else found

    def load(self) -> Any:
        """Read one object; references are to storages and classes only.

        torch's reader would also compare the source of a pickled module with
        the file's, and write the difference to a file that the file names.
        """
        read_storage = getattr(self, 'persistent_load', None)

        def persistent_load(reference: Any) -> Any:
            if read_storage is None or not isinstance(reference, tuple):
                raise pickle.UnpicklingError('a reference to no storage')
            if reference[0] in ('module', b'module'):
                return reference[1]
            return read_storage(reference)

        # As torch sets it; pickle's documentation names this way too.
        self.persistent_load = persistent_load  # type: ignore[method-assign]
        return super().load()
