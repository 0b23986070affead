"""Registry that imports mmpose and mmhuman3d when a type needs them."""

from importlib import import_module
from typing import Any

from mmengine.registry import DefaultScope, Registry


def open_bridge(scope: str) -> None:
    """Import the package of a scope.

    Args:
        scope: ``'mmhuman3d'`` or ``'mmpose'``; mmengine handles others.

    Raises:
        MissingDependencyError: If the package is not installed.
    """
    if scope == 'mmhuman3d':
        import_module('semtta_mm.compat.mmhuman3d_models')
    elif scope == 'mmpose':
        from .mmpose import import_mmpose

        import_mmpose('models')


def _prefix(key: object) -> str:
    """``'mmpose'`` of ``'mmpose.MobileNetV2'``; empty without a prefix."""
    return key.partition('.')[0] if isinstance(key, str) else ''


def _scope_of(cfg: dict) -> str:
    """Scope in which mmengine first searches the type of a config."""
    default = DefaultScope.get_current_instance()
    return cfg.get('_scope_') or (default.scope_name if default else '')


class BridgedRegistry(Registry):
    """Child registry that imports mmhuman3d and mmpose on demand.

    Both entry points are covered: a Runner builds through mmengine's root
    registry, which calls ``get``; our modules build their parts by ``build``,
    which mmengine forwards to the default scope.
    """

    def get(self, key: str) -> type | None:
        """See mmengine; imports the package that ``key`` needs."""
        open_bridge(_prefix(key))
        return super().get(key)

    def build(self, cfg: dict, *args: Any, **kwargs: Any) -> Any:
        """See mmengine; imports the packages that the config needs."""
        if isinstance(cfg, dict):
            open_bridge(_prefix(cfg.get('type')))
            open_bridge(_scope_of(cfg))
        return super().build(cfg, *args, **kwargs)
