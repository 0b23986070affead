"""mmengine's Runner, which can be reset for the next track."""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from mmengine.device import get_device
from mmengine.dist import master_only
from mmengine.hooks import Hook
from mmengine.logging import MMLogger
from mmengine.runner import Runner
from torch import nn

from ...registry import RUNNERS
from ...utils import InputError
from .processes import start_group, with_long_timeout


def start_over(runner: Runner) -> None:
    """Build optimizer and schedulers again for a network that was reset.

    A function, so that
    :class:`~semtta_mm.engine.loops.VideoAdaptLoop` works in any Runner.

    Args:
        runner: Built from a config, which each track's optimizer needs.
    """
    runner.optim_wrapper = runner.build_optim_wrapper(
        copy.deepcopy(runner.cfg.optim_wrapper)
    )
    schedule = runner.cfg.get('param_scheduler')
    runner.param_schedulers = []
    if schedule:
        runner.param_schedulers = runner.build_param_scheduler(
            copy.deepcopy(schedule)
        )
    runner.optim_wrapper.initialize_count_status(
        runner.model, runner.train_loop.iter, runner.train_loop.max_iters
    )


def hooks_by_role(
    hooks: Mapping[str, Any] | None,
) -> dict[str, dict[str, Any]]:
    """Configs of the hooks of a config's ``hooks``.

    Args:
        hooks: Role to the config of a hook, or None to leave it out.

    Returns:
        Role to config, in the order of ``hooks``.

    Raises:
        InputError: If a role has no type, such as a misspelled one.
    """
    found: dict[str, dict[str, Any]] = {}
    hooks = hooks or {}
    for role, config in hooks.items():
        if config is None:
            continue
        if 'type' not in config:
            known = ', '.join(k for k, c in hooks.items() if c and 'type' in c)
            fix = f"write {role}=dict(type='...'); roles with a type: {known}"
            raise InputError('config', f'hooks.{role}', 'has no type', fix)
        found[role] = dict(config)
    return found


def merged_hooks(
    hooks: Mapping[str, Any] | None,
    custom: Sequence[Hook | dict[str, Any]] | None,
) -> list[Hook | dict[str, Any]]:
    """Hooks by role and further ones, for mmengine's ``custom_hooks``.

    Args:
        hooks: See :func:`hooks_by_role`.
        custom: A config's own ``custom_hooks``. A list that repeats a type
            of ``hooks`` is that of a config of version 0.1, in which it had
            all hooks: it then replaces ``hooks``, with a warning.

    Raises:
        InputError: If a role has no type, or ``custom`` is no list.
    """
    if isinstance(custom, Mapping):
        problem = 'is no list; version 0.1 had hooks by number there'
        fix = 'change a role, e.g. hooks.fill.weight=0.3'
        raise InputError('config', 'custom_hooks', problem, fix)
    more = list(custom or [])
    roles = list(hooks_by_role(hooks).values())
    repeated = _types(roles) & _types(more)
    if not repeated:
        return [*roles, *more]
    names = ', '.join(sorted(repeated))
    warnings.warn(
        f'custom_hooks repeats {names} and replaces hooks: deprecated, '
        'change roles instead, e.g. hooks=dict(ema=None)',
        FutureWarning,
        stacklevel=3,
    )
    return more


def _types(hooks: Sequence[Hook | dict[str, Any]]) -> set[str]:
    """Types of hooks that are given as configs, without scope."""
    configs = [hook for hook in hooks if isinstance(hook, Mapping)]
    return {str(hook['type']).rpartition('.')[2] for hook in configs}


def pick_device(name: str) -> str:
    """Check that a device exists.

    Args:
        name: ``'auto'`` takes the best; else as torch names it.

    Raises:
        InputError: If it is no device, or CUDA is requested and absent.
    """
    if name == 'auto':
        return str(get_device())
    fix = "give auto or cpu, or install torch's CUDA build"
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise InputError('--device', name, 'is no device', fix) from error
    found = torch.cuda.device_count()
    if device.type == 'cuda' and (device.index or 0) >= found:
        problem = f'is not available here: {found} CUDA devices'
        raise InputError('--device', name, problem, fix)
    return name


@RUNNERS.register_module()
class SemTTARunner(Runner):
    """Adapts to all tracks of a ``VideoAdaptLoop``, one after the other.

    Everything else is mmengine's: configs, hooks, loggers, visualizers. The
    optimizer and the schedulers must be given as configs, because each track
    needs new ones. Two entries of the config are ours: ``hooks`` names hooks
    by role, ``dict(ema=dict(type=...), fill=None)``, where None leaves a
    role out; with ``quiet_console=True`` only warnings reach the console.
    """

    def register_hooks(
        self,
        default_hooks: dict[str, Hook | dict[str, Any]] | None = None,
        custom_hooks: list[Hook | dict[str, Any]] | None = None,
    ) -> None:
        """See mmengine; hooks by role come before ``custom_hooks``.

        Args:
            default_hooks: See mmengine.
            custom_hooks: See :func:`merged_hooks`.

        Raises:
            InputError: If a role has no type, or ``custom_hooks`` is no list.
        """
        hooks = merged_hooks(self.cfg.get('hooks'), custom_hooks)
        super().register_hooks(default_hooks, hooks)

    def build_logger(self, *args: Any, **kwargs: Any) -> MMLogger:
        """See mmengine; with ``quiet_console`` only warnings are printed."""
        logger = super().build_logger(*args, **kwargs)
        if self.cfg.get('quiet_console', False):
            for handler in logger.handlers:
                if type(handler) is logging.StreamHandler:
                    handler.setLevel(logging.WARNING)
        return logger

    def setup_env(self, env_cfg: dict[str, Any]) -> None:
        """See mmengine, whose process groups need CUDA; ours do not.

        Args:
            env_cfg: See mmengine.

        Raises:
            InputError: If the launcher needs CUDA, and there is none.
        """
        start_group(self.launcher)
        super().setup_env(with_long_timeout(env_cfg))

    def wrap_model(
        self, model_wrapper_cfg: dict[str, Any] | None, model: nn.Module
    ) -> nn.Module:
        """The model on its device, without a wrapper.

        With several processes each adapts to its own tracks: no gradients
        are averaged over them.

        Args:
            model_wrapper_cfg: Not used.
            model: The adaptor.

        Raises:
            InputError: If the device of the config does not exist.
        """
        return model.to(pick_device(self.cfg.get('device', 'auto')))

    @master_only  # type: ignore[untyped-decorator]  # mmengine's
    def dump_config(self) -> None:
        """The resolved config, as ``config.py`` in the work directory."""
        self.cfg.dump(str(Path(self.work_dir) / 'config.py'))

    def start_over(self) -> None:
        """See :func:`start_over`."""
        start_over(self)
