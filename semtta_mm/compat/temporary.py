"""Temporary changes of the interpreter, undone at the end of a block."""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType
from typing import Any, cast

IMPORT_LOCK = threading.RLock()
"""Held while stand-ins are importable."""

_ABSENT = object()


def stand_in(name: str, **members: Any) -> ModuleType:
    """A module with a name and members, not yet importable."""
    module = ModuleType(name, 'Stand-in made by semtta_mm.compat.')
    vars(module).update(members)
    return module


def is_installed(module: str) -> bool:
    """Whether a module can be found, without importing it.

    The parents of a dotted name are imported.
    """
    try:
        return find_spec(module) is not None
    except ImportError:
        return False


@contextmanager
def temporary_modules(modules: Mapping[str, ModuleType]) -> Iterator[None]:
    """Make ``modules`` importable by their names inside the block."""
    before = {name: sys.modules.get(name, _ABSENT) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is _ABSENT:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = cast(ModuleType, module)


@contextmanager
def temporary_attributes(
    target: ModuleType, values: Mapping[str, Any]
) -> Iterator[None]:
    """Set attributes of ``target`` inside the block."""
    before = {name: vars(target).get(name, _ABSENT) for name in values}
    vars(target).update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is _ABSENT:
                delattr(target, name)
            else:
                setattr(target, name, value)
