"""Placeholders for objects of a checkpoint that are not read."""

from __future__ import annotations

import sys
from typing import Any

from .unpickler import refuse

_HYPER_PARAMETERS = frozenset(
    {
        '_codecs',
        'argparse',
        'collections',
        'copyreg',
        'datetime',
        'decimal',
        'enum',
        'fractions',
        'functools',
        'pathlib',
        'random',
        're',
        'time',
        'types',
        'typing',
        'uuid',
    }
)
"""Modules of the standard library that hyper-parameters come from."""

_BUILTINS = frozenset(
    {
        'bool',
        'bytearray',
        'bytes',
        'complex',
        'dict',
        'float',
        'frozenset',
        'getattr',
        'int',
        'list',
        'long',
        'object',
        'range',
        'set',
        'slice',
        'str',
        'tuple',
        'type',
        'unicode',
    }
)
"""Builtins that a checkpoint may name; ``getattr`` is for mmengine's logs."""

_PICKLERS = frozenset({'dill', 'cloudpickle'})
"""Packages whose functions create code from a file."""


class Placeholder:
    """Accepts all operations of a pickle on an object and ignores them."""

    stands_for = ''
    """Dotted name of the class or function in the file."""

    __slots__ = ()

    def __new__(cls, *args: Any, **kwargs: Any) -> Placeholder:
        """Accept the arguments of any class."""
        return super().__new__(cls)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __call__(self, *args: Any, **kwargs: Any) -> Placeholder:
        """A call gives the placeholder itself."""
        return self

    def __setstate__(self, state: object) -> None:
        pass

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def append(self, value: object) -> None:
        """Ignored; for subclasses of list."""

    def extend(self, values: object) -> None:
        """Ignored; for subclasses of list."""

    def __repr__(self) -> str:
        return f'<{self.stands_for}, not read>'


def class_name(value: object) -> str:
    """Class of a value of a file, for messages."""
    if isinstance(value, Placeholder):
        return value.stands_for
    return type(value).__name__


def make_placeholder(module: str, name: str) -> type[Placeholder]:
    """A new placeholder class for a name of a file; imports nothing.

    Args:
        module: Module in the file, by its Python 3 name.
        name: Name in the module.

    Raises:
        Refused: If it is a name of the standard library or of a pickling
            package that no hyper-parameter needs.
    """
    if not _is_harmless(module, name):
        refuse(module, name)
    members = {
        'stands_for': f'{module}.{name}',
        '__slots__': (),
        '__module__': 'a file',
    }
    return type(Placeholder.__name__, (Placeholder,), members)


def _is_harmless(module: str, name: str) -> bool:
    top = module.partition('.')[0]
    if top == 'builtins':
        return name in _BUILTINS
    standard = top in sys.stdlib_module_names
    return top not in _PICKLERS and (not standard or top in _HYPER_PARAMETERS)
