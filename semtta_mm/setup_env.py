"""Preparing a process: registries, default scope, torchvision."""

from mmengine.registry import Registry
from mmengine.registry import init_default_scope as set_default_scope

from . import registry
from .compat.torchvision import ensure_torchvision


def own_registries() -> list[Registry]:
    """The registries of semtta_mm, children of mmengine's."""
    values = vars(registry).values()
    return [
        value
        for value in values
        if isinstance(value, Registry) and value.scope == 'semtta_mm'
    ]


def register_all_modules(init_default_scope: bool = True) -> None:
    """Register all modules of semtta_mm, as mmpose's function of that name.

    Also makes torchvision importable, which every Runner of mmengine
    requires. Nothing of mmpose and mmhuman3d is imported.

    Args:
        init_default_scope: Make ``semtta_mm`` the default scope of this
            process, so that configs need no prefix.
    """
    ensure_torchvision()
    for own in own_registries():
        own.import_from_location()
    if init_default_scope:
        set_default_scope('semtta_mm')
