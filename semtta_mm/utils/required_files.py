"""Files that a component of a config needs, declared beside its class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def path_exists(value: str, config: Mapping[str, Any] | None = None) -> bool:
    """Whether a file or folder exists.

    Args:
        value: The path; ``~`` is the home folder.
        config: Not used; every check of :class:`RequiredFile` takes it.
    """
    return Path(value).expanduser().exists()


@dataclass(frozen=True)
class RequiredFile:
    """One argument of a class that names a file which must exist.

    A registered class lists them in ``required_files``: a tuple, or a class
    method that takes the entry of the config and returns one. ``--dry-run``
    checks them, so a missing file is reported before anything is built.

    Attributes:
        field: Name of the argument, with dots for nested ones, such as
            ``'regressors.h36m_17'``. An absent or empty argument needs no
            file.
        name: Short description of the file.
        how_to_get: Source of the file, and the command that prepares it.
        exists: Called with the argument's value and the entry of the config.
    """

    field: str
    name: str
    how_to_get: str
    exists: Callable[[str, Mapping[str, Any]], bool] = path_exists

    def value(self, config: Mapping[str, Any]) -> str | None:
        """The argument's value in an entry of a config; None if not given."""
        found: Any = config
        for key in self.field.split('.'):
            if not isinstance(found, Mapping):
                return None
            found = found.get(key)
        return str(found) if found else None
