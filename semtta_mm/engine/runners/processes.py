"""Processes of a distributed run, which share its tracks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist

from ...utils import InputError

LONG_TIMEOUT = timedelta(days=7)
"""Time that a process waits at the end for processes with longer tracks.
torch's own limit, meant for training steps, is 10 to 30 minutes."""


def start_group(launcher: str) -> None:
    """Start the process group on CPUs, where mmengine's needs CUDA.

    Args:
        launcher: See mmengine; ``'none'`` starts no group.

    Raises:
        InputError: If the launcher needs CUDA, and there is none.
    """
    ready = torch.cuda.is_available() or dist.is_initialized()
    if launcher == 'none' or ready:
        return
    if launcher != 'pytorch':
        fix = 'use torchrun with --launcher pytorch on CPUs'
        raise InputError('--launcher', launcher, 'needs CUDA in mmengine', fix)
    dist.init_process_group('gloo', timeout=LONG_TIMEOUT)


def with_long_timeout(env_cfg: dict[str, Any]) -> dict[str, Any]:
    """Options of mmengine's process groups with :data:`LONG_TIMEOUT`.

    Args:
        env_cfg: See mmengine; a ``timeout`` of its ``dist_cfg`` is kept.
    """
    given = env_cfg.get('dist_cfg') or {}
    timeout = {'timeout': LONG_TIMEOUT.total_seconds()}
    return {**env_cfg, 'dist_cfg': timeout | given}


def end_group() -> None:
    """Wait for all processes, then leave the group.

    Launchers end all processes when one fails, so none may exit before the
    others have written their files.
    """
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()
