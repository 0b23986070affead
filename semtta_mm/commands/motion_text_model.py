"""The motion-text model of a config, for the commands that evaluate it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..apis.config import read_config
from ..models.motion_text import MotionCLIP
from ..registry import MODELS
from ..utils import InputError


def read_motion_text(
    config: Path, options: Mapping[str, Any] | None, weights: str | None
) -> tuple[MotionCLIP, str]:
    """Build a config's ``motion_text`` with weights.

    Args:
        config: The config.
        options: Changed entries, or None.
        weights: Checkpoint; None takes the config's.

    Returns:
        The frozen model, and its weights' path or name.

    Raises:
        InputError: If the file is missing or wrong, or has no model or no
            weights.
    """
    cfg = read_config(config, options)
    if 'motion_text' not in cfg:
        fix = 'name configs/_base_/motion_text/open.py or a config on it'
        raise InputError(config, 'motion_text', 'is absent', fix)
    weights = weights or cfg.motion_text.get('weights')
    if not weights:
        fix = 'give a checkpoint with --weights'
        raise InputError(config, 'motion_text.weights', 'is absent', fix)
    model = MODELS.build(dict(cfg.motion_text) | {'weights': weights})
    return model, str(weights)
