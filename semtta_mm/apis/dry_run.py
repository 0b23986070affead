"""What an adaptation would need and do, before any work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config
from rich.table import Table

from ..datasets import TrackDataset
from ..datasets.segments import find_segments
from ..engine.loops.video_adapt_loop import chosen_numbers
from ..engine.loops.window_loader import window_loader
from ..models.adaptors.windows import MOTION_RATE
from ..registry import DATASETS
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
}
_FETCHED = ('imagenet/', 'movenet/')
"""Weights that are fetched by name."""

_WRITTEN = {'work_dir', 'folder'}
"""Fields that name what will be written."""

_PATHS = {'keypoints', 'mean_params', 'model_path', 'path', 'video'}


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
        InputError: Listing all that is not.
    """
    missing = missing_files(
        {
            key: cfg[key]
            for key in ('model', 'train_cfg', 'train_dataloader')
            if key in cfg
        }
        | {'custom_hooks': cfg.get('custom_hooks') or []}
    )
    if missing:
        raise InputError(
            cfg.filename,
            f'{len(missing)} files',
            f'do not exist: {"; ".join(missing)}',
            'get them (docs/), or change the paths with --cfg-options',
        )


def plan(cfg: Config) -> Table:
    """Tracks, windows and steps; nothing heavy is built.

    Args:
        cfg: The config.

    Raises:
        InputError: If the tracks cannot be read, or one is not known.
    """
    options = {**cfg.train_dataloader}
    dataset: TrackDataset = DATASETS.build(options.pop('dataset'))
    table = Table(title=f'{cfg.method} on {cfg.dataset_name}')
    for name in ('track', 'frames', 'windows', 'epochs', 'steps'):
        table.add_column(name, justify='left' if name == 'track' else 'right')
    for number in chosen_numbers(dataset.names, cfg.train_cfg.get('only')):
        track = dataset.tracks[number]
        seconds = cfg.model.get('window_frames', 60) / MOTION_RATE
        length = max(1, round(seconds * track.rate))
        windows = find_segments(track.frame_ids, length, stride=track.stride)
        steps = cfg.train_cfg.max_epochs * len(window_loader(windows, options))
        cells = (len(track), len(windows), cfg.train_cfg.max_epochs, steps)
        table.add_row(track.name, *map(str, cells))
    return table
