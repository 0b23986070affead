"""The unpickler of all foreign files; it imports no name of a file.

A pickle is a program: it names functions and classes and calls them. Here a
name is looked up in the :class:`Policy` of the kind of file, which maps the
names that such files need to objects of ours. ``Policy.others`` handles all
other names:

- ``plain_data.py`` (HumanData, 3DPW, EgoBody): refused.
- ``smpl_pickles.py`` (SMPL bodies and pose priors): refused, except for
  classes of ``chumpy``, whose state is kept.
- ``torchscript.py`` (TorchScript archives): refused, except for classes that
  the archive defines, whose attributes are kept.
- ``torch_files.py`` (checkpoints of torch): replaced by a
  :class:`~.placeholders.Placeholder`; most of the standard library is
  refused.

A pickle can also set attributes of the objects that it gets. Functions are
therefore wrapped in :class:`ProtectedFunction`, and only types without
writable attributes are listed. Numpy's restoring code never runs, see
``pickled_arrays.py``.
"""

from __future__ import annotations

import pickle
from _compat_pickle import IMPORT_MAPPING
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

UNREADABLE = (
    pickle.UnpicklingError,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    MemoryError,
    AssertionError,
    RuntimeError,  # torch's errors, and nesting that is too deep
)
"""Errors that reading a broken or malicious file may raise."""


class Refused(pickle.UnpicklingError):
    """A file uses a class or function that is not allowed in its kind."""


class ProtectedFunction:
    """A function that a file may call but not change."""

    __slots__ = ('_function',)

    def __init__(self, function: Callable) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        """Call the function."""
        return self._function(*args)

    def __setstate__(self, state: object) -> None:
        raise pickle.UnpicklingError('the state of a function is set')


def refuse(module: str, name: str) -> Any:
    """Refuse a name.

    Raises:
        Refused: Always, with the dotted name.
    """
    raise Refused(f'{module}.{name}')


@dataclass(frozen=True)
class Policy:
    """The names that a kind of file may use.

    Attributes:
        names: (module, name), by their Python 3 names, to their replacement.
        others: Called with module and name of any other; returns a
            replacement, or raises :class:`Refused`.
    """

    names: Mapping[tuple[str, str], Any]
    others: Callable[[str, str], Any] = refuse


class RestrictedUnpickler(pickle.Unpickler):
    """Unpickles under a policy.

    Args:
        file: The open file.
        policy: Resolves the global names of the file.
        read_storage: Called with the persistent references of the file;
            None refuses them.
        options: Options of ``pickle.Unpickler``, such as ``encoding``.
    """

    def __init__(
        self,
        file: IO[bytes],
        policy: Policy,
        read_storage: Callable[[Any], Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(file, **options)
        self._policy = policy
        if read_storage is not None:
            # Set on the instance, as pickle documents.
            self.persistent_load = read_storage  # type: ignore[method-assign]

    def find_class(self, module: str, name: str) -> Any:
        """Resolve a global name of the file, never by importing it.

        Raises:
            Refused: If the policy does.
        """
        # Protocols up to 2 use __builtin__ and copy_reg in Python 3 too.
        module = IMPORT_MAPPING.get(module, module)
        found = self._policy.names.get((module, name))
        return self._policy.others(module, name) if found is None else found


def describe_error(error: BaseException) -> str:
    """Problem of a file whose unpickling failed, for messages."""
    if isinstance(error, Refused):
        return f'contains an object of the refused class {error}'
    return f'cannot be read ({error})'
