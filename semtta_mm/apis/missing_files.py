"""Checks the files of an adaptation or a test before it starts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mmengine.config import Config

from ..datasets.track_dataset import read_tracks
from ..labeling import check_labels
from ..models.adaptors.parts import estimator_weights
from ..registry import DATASETS, HOOKS, LOOPS, METRICS, MODELS, TASK_UTILS
from ..utils import InputError
from ..utils.command import EXIT_INPUT
from ..utils.console import FieldList, make_console
from ..utils.required_files import RequiredFile

GUIDE = 'docs/licensed_assets.md'
_ADAPTS = ('model', 'train_cfg', 'train_dataloader', 'hooks', 'custom_hooks')
_TESTS = ('estimator', 'weights', 'body', 'tracks')
_BOTH = ('reference_bodies', 'baselines', 'monocular')
"""Entries that the commands read; others come from a config's bases."""

_REGISTRIES = (MODELS, TASK_UTILS, DATASETS, HOOKS, LOOPS, METRICS)
_NEIGHBOURS = ('mmpose', 'mmhuman3d', 'mmdet', 'mmengine')
"""Scopes whose classes declare no files; importing them takes seconds."""


@dataclass(frozen=True)
class Missing:
    """A file or folder that does not exist.

    Attributes:
        name: Its content.
        path: The path in the config.
        get: How to get it.
        fields: Entries of the config that name it.
    """

    name: str
    path: str
    get: str
    fields: tuple[str, ...] = ()


def missing_files(config: Mapping[str, Any]) -> list[Missing]:
    """Files that a config names and that do not exist.

    Args:
        config: The whole config, or a part of it.

    Returns:
        One entry for each path, in the order of the config.
    """
    found = []
    if 'type' not in config and 'estimator' in config:
        found += _missing([estimator_weights(config)], config, '')
    for field, part in typed_entries(config):
        found += _missing(declared_files(part), part, field)
    return _merged(found)


def typed_entries(
    value: Any, field: str = ''
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Entries of a config that have a ``type``, with their dotted names.

    Args:
        value: The config or a part of it.
        field: Name of the part.
    """
    if isinstance(value, Mapping):
        if 'type' in value:
            yield field, value
        items: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    else:
        return
    for name, item in items:
        yield from typed_entries(item, f'{field}.{name}' if field else name)


def declared_files(config: Mapping[str, Any]) -> Sequence[RequiredFile]:
    """Files that the class of an entry declares, see :class:`RequiredFile`.

    Args:
        config: An entry with a ``type``; unknown types declare none.
    """
    name = str(config['type'])
    if name.partition('.')[0] in _NEIGHBOURS:
        return ()
    found = (registry.get(name) for registry in _REGISTRIES)
    kind = next((kind for kind in found if kind is not None), None)
    declared = getattr(kind, 'required_files', ())
    return declared(config) if callable(declared) else declared


def missing_in_tracks(
    reader: Any,
    labeler: Mapping[str, Any] | None = None,
    only: Sequence[str] | None = None,
) -> list[Missing]:
    """Missing files of the tracks: a data set's parts, videos, labels.

    Args:
        reader: Config of a reader or of several, whose own paths exist.
        labeler: Config of a labeler, likewise.
        only: Names of the requested tracks; None: all.

    Returns:
        One entry for each file; a data set that cannot be read is one.
    """
    try:
        tracks = read_tracks(reader)
    except InputError as error:
        return [_from_error(error)]
    tracks = [t for t in tracks if only is None or t.name in only]
    videos = [
        Missing(f'video of {t.name}', str(t.video), 'as the tracks name it')
        for t in tracks
        if t.video is not None and not t.video.exists()
    ]
    if labeler is None:
        return _merged(videos)
    built = TASK_UTILS.build(dict(labeler))
    try:
        check_labels(built, [track.name for track in tracks])
    except InputError as error:
        name = f'text labels: {error.field} {error.problem}'
        videos.append(Missing(name, error.source, error.fix))
    return _merged(videos)


def find_missing(cfg: Config, tracks: bool = False) -> list[Missing]:
    """All files that a config needs and that do not exist.

    Args:
        cfg: Of an adaptation or a test.
        tracks: Read the tracks too, if their files exist.

    Returns:
        Empty if nothing is missing.
    """
    adapts = 'train_dataloader' in cfg
    keys = (*(_ADAPTS if adapts else _TESTS), *_BOTH)
    part = {key: cfg.get(key) for key in keys}
    found = missing_files(part)
    if not tracks:
        return found
    dataset = cfg.train_dataloader.dataset if adapts else cfg.tracks
    reader = dataset.get('reader')
    labeler = cfg.get('train_cfg', {}).get('labeler')
    if not reader or missing_files({'reader': reader}) or detects(reader):
        return found
    if labeler is not None and missing_files({'labeler': labeler}):
        labeler = None
    only = cfg.get('train_cfg', {}).get('only')
    return found + missing_in_tracks(reader, labeler, only)


def missing_table(missing: Sequence[Missing]) -> FieldList:
    """The missing files, their paths and how to get them."""
    items = []
    for item in missing:
        fields = {'path': item.path, 'how to get it': item.get}
        if item.fields:
            fields['field'] = _short(item.fields)
        items.append((item.name, fields))
    return FieldList(
        f'{len(missing)} missing',
        items,
        f'relative to {os.getcwd()}; licences, trees: {GUIDE}',
    )


def print_missing(missing: Sequence[Missing]) -> int:
    """Print the list on stderr.

    Args:
        missing: Of :func:`find_missing`, at least one.

    Returns:
        Exit code of a command that stops here.
    """
    make_console(stderr=True).print(missing_table(missing))
    return EXIT_INPUT


def detects(reader: Any) -> bool:
    """Whether reading would run a detector.

    Args:
        reader: Config of a reader of tracks, or of several.
    """
    configs = [reader] if isinstance(reader, Mapping) else reader
    kinds = [TASK_UTILS.get(config['type']) for config in configs]
    return any(getattr(kind, 'detects', False) for kind in kinds)


def _missing(
    files: Iterable[RequiredFile], config: Mapping[str, Any], field: str
) -> list[Missing]:
    found = []
    for file in files:
        value = file.value(config)
        if value is not None and not file.exists(value, config):
            name = f'{field}.{file.field}' if field else file.field
            found.append(Missing(file.name, value, file.how_to_get, (name,)))
    return found


def _from_error(error: InputError) -> Missing:
    """A reader's error as a row."""
    name = f'tracks: {error.field} {error.problem}'
    return Missing(name, error.source, error.fix)


def _merged(found: Iterable[Missing]) -> list[Missing]:
    """One entry for a file that several fields need."""
    merged: dict[tuple[str, str], Missing] = {}
    for item in found:
        key = item.name, item.path
        fields = item.fields
        if key in merged:
            fields = merged[key].fields + fields
        merged[key] = replace(item, fields=fields)
    return list(merged.values())


def _short(fields: Sequence[str]) -> str:
    more = f' and {len(fields) - 1} more' if len(fields) > 1 else ''
    return f'{fields[0]}{more}' if fields else ''
