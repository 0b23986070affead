"""Lazy import of optional packages with one clear error."""

from importlib import import_module
from types import ModuleType

from .errors import MissingDependencyError

INSTALL_MM = 'semtta install-mm'
"""The command that installs mmpose and mmhuman3d (see ``docs/install.md``)."""


def extra(name: str) -> str:
    """Shell command that installs one of our extras."""
    return f"pip install 'semtta_mm[{name}]'"


def require(module: str, needed_by: str, command: str) -> ModuleType:
    """Import ``module``, or raise an error with the install command.

    Args:
        module: Dotted name, e.g. ``'ai_edge_litert.interpreter'``.
        needed_by: The part that needs it, for the message.
        command: Shell command that installs it.

    Returns:
        The imported module.

    Raises:
        MissingDependencyError: If the module's package is not installed. An
            import error raised *inside* an installed package is raised as
            it is, because installing the package again would not help.
    """
    root = module.split('.')[0]
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or '').split('.')[0] != root:
            raise
        raise MissingDependencyError(root, needed_by, command) from error


def find_module(module: str) -> ModuleType | None:
    """Import a module that is of use but not needed.

    Args:
        module: Dotted name, e.g. ``'av'``.

    Returns:
        The module, or None if its package is not installed. An import error
        raised *inside* an installed package is raised as it is.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or '').split('.')[0] != module.split('.')[0]:
            raise
        return None
