"""The unpickler of every foreign file; it imports no name of a file.

A pickle is a program: it names functions and classes and calls them. Here a
name is looked up in the :class:`Policy` of the kind of file, which lists the
names that such files need and an object of ours for each. All other names
are decided on by ``Policy.others``:

- ``plain_data.py`` (HumanData, 3DPW, EgoBody): refused.
- ``smpl_pickles.py`` (SMPL bodies and pose priors): refused, but for the
  classes of ``chumpy``, whose state is kept.
- ``torchscript.py`` (TorchScript archives): refused, but for the classes of
  the archive's own code, whose attributes are kept.
- ``torch_files.py`` (checkpoints of torch): an inert
  :class:`~.placeholders.Placeholder`; most of the standard library is
  refused.

A pickle can also set attributes of the objects that it is handed. It
therefore gets functions as :class:`ProtectedFunction`, and only types that
cannot be changed that way. Numpy's own restoring code never runs, see
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
"""What reading a broken or hostile file may raise."""


class Refused(pickle.UnpicklingError):
    """A file names a class or function that its kind does not need."""


class ProtectedFunction:
    """A function that a file may call but not change."""

    __slots__ = ('_function',)

    def __init__(self, function: Callable) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        """Call the function."""
        return self._function(*args)

    def __setstate__(self, state: object) -> None:
        raise pickle.UnpicklingError('a function has no state')


def refuse(module: str, name: str) -> Any:
    """Stop the reading.

    Raises:
        Refused: Always, with the dotted name.
    """
    raise Refused(f'{module}.{name}')


@dataclass(frozen=True)
class Policy:
    """Which names a kind of file may use.

    Attributes:
        names: Module and name, as Python 3 spells them, to what takes their
            place.
        others: Called with module and name of any other; returns what takes
            its place, or raises :class:`Refused`.
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
        options: Of ``pickle.Unpickler``, such as ``encoding``.
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
            # Pickle's documentation sets it this way too.
            self.persistent_load = read_storage  # type: ignore[method-assign]

    def find_class(self, module: str, name: str) -> Any:
        """Resolve a global name of the file, never by importing it.

        Raises:
            Refused: If the policy does.
        """
        # Protocols up to 2 spell __builtin__ and copy_reg in Python 3 too.
        module = IMPORT_MAPPING.get(module, module)
        found = self._policy.names.get((module, name))
        return self._policy.others(module, name) if found is None else found


def describe_error(error: BaseException) -> str:
    """What is wrong with a file whose unpickling failed, for messages."""
    if isinstance(error, Refused):
        return f'holds an object of the refused class {error}'
    return f'cannot be read ({error})'
