"""What stands in a read file for objects that are not tensors."""

from __future__ import annotations

import sys
from _compat_pickle import IMPORT_MAPPING
from typing import Any

_HARMLESS = frozenset(
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
"""Modules of the standard library whose objects are hyper-parameters."""

_PLAIN = frozenset(
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
"""Packages whose functions make code out of a file."""


class Refused(Exception):
    """A file names what no checkpoint needs."""


class Placeholder:
    """Takes whatever a pickle does with an object, and does nothing."""

    stands_for = ''
    """Dotted name of the class or function in the file."""

    __slots__ = ()

    def __new__(cls, *args: Any, **kwargs: Any) -> Placeholder:
        """Takes the arguments of any class."""
        return super().__new__(cls)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __call__(self, *args: Any, **kwargs: Any) -> Placeholder:
        """As the object of a function of the file."""
        return self

    def __setstate__(self, state: object) -> None:
        pass

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def append(self, value: object) -> None:
        """For subclasses of list."""

    def extend(self, values: object) -> None:
        """For subclasses of list."""

    def __repr__(self) -> str:
        return f'<{self.stands_for}, not read>'


def class_name(value: object) -> str:
    """Class of a value of a file, for messages."""
    if isinstance(value, Placeholder):
        return value.stands_for
    return type(value).__name__


def placeholder(module: str, name: str) -> type[Placeholder]:
    """A class of its own for a name of a file, without looking the name up.

    Args:
        module: Module in the file, of Python 2 or 3.
        name: Name in it.

    Raises:
        Refused: If it is a function of the standard library or the like,
            which can only do harm.
    """
    # Pickles of protocol 2 say __builtin__ and cPickle in Python 3 as well.
    module = IMPORT_MAPPING.get(module, module)
    full = name if module == 'builtins' else f'{module}.{name}'
    if not _may_stand(module, name):
        raise Refused(full)
    members = {'stands_for': full, '__slots__': (), '__module__': 'a file'}
    return type(Placeholder.__name__, (Placeholder,), members)


def _may_stand(module: str, name: str) -> bool:
    top = module.partition('.')[0]
    if top == 'builtins':
        return name in _PLAIN
    standard = top in sys.stdlib_module_names
    return top not in _PICKLERS and (not standard or top in _HARMLESS)
