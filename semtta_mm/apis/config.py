"""Reading a config for a command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..utils import InputError


def read_config(path: Path, changes: Mapping[str, Any] | None) -> Config:
    """The config with the command line's changes.

    Args:
        path: A config file.
        changes: Dotted keys to values, as ``--cfg-options`` gives them.

    Raises:
        InputError: If it is missing.
    """
    if not path.is_file():
        raise InputError(
            path, 'file', 'does not exist', 'name a file in configs/'
        )
    cfg = Config.fromfile(path)
    cfg.merge_from_dict(dict(changes or {}))
    return cfg
