"""Processes that share the tracks of a run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist

from ...utils import InputError

PATIENCE = timedelta(days=7)
"""How long a process waits at the end for those whose tracks take longer.
torch's own limit, made for steps of a training, is 10 to 30 minutes."""


def start_group(launcher: str) -> None:
    """Join the other processes where mmengine cannot: it needs CUDA.

    Args:
        launcher: See mmengine; ``'none'`` joins nobody.

    Raises:
        InputError: If it is a launcher that needs CUDA, and there is none.
    """
    ready = torch.cuda.is_available() or dist.is_initialized()
    if launcher == 'none' or ready:
        return
    if launcher != 'pytorch':
        fix = 'use torchrun with --launcher pytorch on CPUs'
        raise InputError('--launcher', launcher, 'needs CUDA in mmengine', fix)
    dist.init_process_group('gloo', timeout=PATIENCE)


def patient(env_cfg: dict[str, Any]) -> dict[str, Any]:
    """The same for the groups that mmengine makes.

    Args:
        env_cfg: See mmengine; a ``timeout`` of its ``dist_cfg`` stays.
    """
    given = env_cfg.get('dist_cfg') or {}
    timeout = {'timeout': PATIENCE.total_seconds()}
    return {**env_cfg, 'dist_cfg': timeout | given}


def end_group() -> None:
    """Leave together, when all have written what they write.

    Launchers end all processes when one ends badly, so nobody may leave, and
    perhaps fail while doing so, before the others are done.
    """
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()
