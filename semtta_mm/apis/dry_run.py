"""What an adaptation needs, looked for before any work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..engine.runners.semtta_runner import pick_device
from ..utils import InputError
from ..utils.weights import shipped_weights

_SUFFIXES = {
    '.ckpt',
    '.json',
    '.mp4',
    '.npy',
    '.npz',
    '.pkl',
    '.pt',
    '.pth',
    '.safetensors',
    '.tar',
    '.tflite',
}
_FETCHED = ('imagenet/', 'movenet/')
"""Weights that are fetched by name."""

_WRITTEN = {'work_dir', 'folder'}
"""Fields that name what will be written."""

_PATHS = {'keypoints', 'mean_params', 'model_path', 'path', 'video'}
_ALWAYS = {'model_path', 'path'}
"""Paths even if they look like a name."""
_SHIPPED = {'open', 'pose2sim'}
"""Names of a dictionary and of labels."""
_CHECKED = (
    'model',
    'train_cfg',
    'train_dataloader',
    'custom_hooks',
    'baselines',
    'monocular',
)


def missing_files(config: Mapping[str, Any]) -> list[str]:
    """Files that a config names and that are not there.

    Args:
        config: The whole config.

    Returns:
        ``'field: path'`` each.
    """
    return [
        f'{field}: {path}'
        for field, path in sorted(_paths(config))
        if not Path(path).exists()
    ]


def _paths(value: Any, field: str = '') -> Iterator[tuple[str, str]]:
    """Fields that hold a path, and the path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _paths(item, f'{field}.{key}' if field else str(key))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _paths(item, f'{field}.{i}')
    elif isinstance(value, str) and _is_path(field, value):
        yield field, value


def _is_path(field: str, value: str) -> bool:
    parts = field.split('.')
    if parts[-1] in _WRITTEN or value.startswith(_FETCHED) or '://' in value:
        return False
    if parts[-1] == 'weights':
        return value not in shipped_weights()
    if parts[-1] in _ALWAYS or parts[-1] == 'dictionary':
        return value not in _SHIPPED
    looks = '/' in value or Path(value).suffix in _SUFFIXES
    return looks and (
        parts[-1] in _PATHS
        or 'regressors' in parts
        or Path(value).suffix in _SUFFIXES
    )


def check(cfg: Config) -> None:
    """All that a config names must be there.

    Args:
        cfg: The config.

    Raises:
        InputError: Listing all that is not; or if the device is not there.
    """
    missing = missing_files({key: cfg.get(key) for key in _CHECKED})
    if missing:
        raise InputError(
            cfg.filename,
            f'{len(missing)} files',
            f'do not exist: {"; ".join(missing)}',
            'get them (docs/), or change the paths with --cfg-options',
        )
    pick_device(cfg.get('device', 'auto'))
