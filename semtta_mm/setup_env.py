"""Preparing a process: registries, default scope, torchvision."""

from importlib import import_module

from mmengine.registry import init_default_scope as set_default_scope

from .compat.torchvision import ensure_torchvision

LOCATIONS = (
    'models',
    'datasets',
    'evaluation',
    'detection',
    'labeling',
    'visualization',
    'engine',
    'apis',
    'synthetic.crop_shards',
    'synthetic.descriptions',
    'synthetic.motion_windows',
    'synthetic.action_windows',
    'synthetic.held_out',
)
"""What registers modules: the ``locations`` of our registries."""


def register_all_modules(init_default_scope: bool = True) -> None:
    """Register all modules of semtta_mm, as mmpose's function of that name.

    Also makes torchvision importable, which every Runner of mmengine asks
    for. Nothing of mmpose and mmhuman3d is imported.

    Args:
        init_default_scope: Make ``semtta_mm`` the default scope of this
            process, so that configs need no prefix.
    """
    ensure_torchvision()
    for name in LOCATIONS:
        import_module(f'semtta_mm.{name}')
    if init_default_scope:
        set_default_scope('semtta_mm')
