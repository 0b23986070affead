"""Registry that makes a neighbour usable before mmengine asks for it."""

from importlib import import_module
from typing import Any

from mmengine.registry import DefaultScope, Registry


def open_bridge(scope: str) -> None:
    """Prepare a neighbour.

    Args:
        scope: ``'mmhuman3d'`` or ``'mmpose'``; others are left to mmengine.

    Raises:
        MissingDependencyError: If the neighbour is not installed.
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
    """Where mmengine starts to look for the type of a config."""
    default = DefaultScope.get_current_instance()
    return cfg.get('_scope_') or (default.scope_name if default else '')


class BridgedRegistry(Registry):
    """Child registry with bridges to mmhuman3d and mmpose.

    Both ways in are covered: a Runner builds through mmengine's root and
    reaches us by ``get``; our own modules build their parts by ``build``,
    which mmengine passes on to whatever scope is the default.
    """

    def get(self, key: str) -> type | None:
        """See mmengine; opens the bridge that ``key`` needs."""
        open_bridge(_prefix(key))
        return super().get(key)

    def build(self, cfg: dict, *args: Any, **kwargs: Any) -> Any:
        """See mmengine; opens the bridges that the config needs."""
        if isinstance(cfg, dict):
            open_bridge(_prefix(cfg.get('type')))
            open_bridge(_scope_of(cfg))
        return super().build(cfg, *args, **kwargs)
