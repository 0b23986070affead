"""Where a config names files that must be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..checkpoints.shipped import shipped_weights

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

_PATHS = {'keypoints', 'mean_params', 'model_path', 'openpose', 'path'}
_PATHS |= {'statistics', 'video', 'vocabulary', 'words'}
_ALWAYS = {'dictionary', 'model_path', 'path'}
"""Paths even if they look like a name."""
_SHIPPED = {'open', 'pose2sim'}
"""Names of a dictionary and of labels."""


@dataclass(frozen=True)
class Place:
    """A path in a config.

    Attributes:
        field: Where it stands, e.g. ``'model.body.model_path'``.
        value: The path.
        owner: The nearest entry above it that has a ``type``.
        key: The path's name inside of the owner, with dots.
        dataset: The config's ``dataset_name``.
    """

    field: str
    value: str
    owner: Mapping[str, Any]
    key: str
    dataset: str = ''

    @property
    def type(self) -> str:
        """Type of the owner, without scope; empty if it has none."""
        return str(self.owner.get('type', '')).rpartition('.')[2]


def config_places(
    value: Any,
    field: str = '',
    owner: Mapping[str, Any] | None = None,
    key: str = '',
) -> Iterator[Place]:
    """Paths in a config, with what stands around them.

    Args:
        value: The config or a part of it.
        field: Where the part stands.
        owner: The entry around it.
        key: Where it stands in the owner.
    """
    if isinstance(value, Mapping):
        if owner is None or 'type' in value:
            owner, key = value, ''
        items: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    else:
        if isinstance(value, str) and _is_path(field, value):
            yield Place(field, value, owner or {}, key)
        return
    for name, item in items:
        yield from config_places(
            item,
            f'{field}.{name}' if field else str(name),
            owner,
            f'{key}.{name}' if key else str(name),
        )


def _is_path(field: str, value: str) -> bool:
    parts = field.split('.')
    if parts[-1] in _WRITTEN or value.startswith(_FETCHED) or '://' in value:
        return False
    if parts[-1] == 'weights':
        return value not in shipped_weights()
    if parts[-1] in _ALWAYS:
        return value not in _SHIPPED
    looks = '/' in value or Path(value).suffix in _SUFFIXES
    return looks and (
        parts[-1] in _PATHS
        or 'regressors' in parts
        or Path(value).suffix in _SUFFIXES
    )
