"""All that an adaptation or a test needs, looked for before any work."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..datasets.track_dataset import read_tracks
from ..labeling import FileLabeler
from ..models.bodies.loading import find_body_file
from ..registry import TASK_UTILS
from ..utils import InputError
from ..utils.command import EXIT_INPUT
from ..utils.console import FieldList, make_console
from .assets import GUIDE, LABELS, SMPL, asset_of
from .config_places import Place, config_places

_ADAPTS = ('model', 'train_cfg', 'train_dataloader', 'custom_hooks')
_TESTS = ('estimator', 'weights', 'body', 'tracks', 'reference_bodies')
_BOTH = ('baselines', 'monocular')
"""What the commands read; other entries of a config are its bases'."""


@dataclass(frozen=True)
class Missing:
    """Something that is not there.

    Attributes:
        name: What it is.
        path: Where it was looked for.
        get: How to get it.
        fields: Entries of the config that name it.
    """

    name: str
    path: str
    get: str
    fields: tuple[str, ...] = ()


def missing_files(config: Mapping[str, Any]) -> list[Missing]:
    """Files that a config names and that are not there.

    Args:
        config: The whole config, or a part of it.

    Returns:
        One entry for each path, in the order of the config.
    """
    dataset = str(config.get('dataset_name', ''))
    found = []
    for place in config_places(config):
        missing = _look(replace(place, dataset=dataset))
        if missing is not None:
            found.append(missing)
    return _merged(found)


def missing_in_tracks(
    reader: Any,
    labeler: Mapping[str, Any] | None = None,
    only: Sequence[str] | None = None,
) -> list[Missing]:
    """What the tracks themselves need: a data set's parts, videos, labels.

    Args:
        reader: Config of a reader or of several, whose own paths are there.
        labeler: Config of a labeler, likewise.
        only: Names of the tracks that are asked for; None: all.

    Returns:
        One entry for each file; a data set that cannot be read is one.
    """
    try:
        tracks = read_tracks(reader)
    except InputError as error:
        return [_told(error)]
    tracks = [t for t in tracks if only is None or t.name in only]
    videos = [
        Missing(f'video of {t.name}', str(t.video), 'as the tracks name it')
        for t in tracks
        if t.video is not None and not t.video.exists()
    ]
    if labeler is None:
        return _merged(videos)
    built = TASK_UTILS.build(dict(labeler))
    if isinstance(built, FileLabeler):
        try:
            built.check([track.name for track in tracks])
        except InputError as error:
            told = f'{LABELS.name}: {error.field} {error.problem}'
            videos.append(Missing(told, error.source, LABELS.get))
    return _merged(videos)


def find_missing(cfg: Config, tracks: bool = False) -> list[Missing]:
    """All that a config needs and that is not there.

    Args:
        cfg: Of an adaptation or a test.
        tracks: Read the tracks too, if their files are there.

    Returns:
        Empty if nothing is missing.
    """
    adapts = 'train_dataloader' in cfg
    keys = (*(_ADAPTS if adapts else _TESTS), *_BOTH)
    part = {key: cfg.get(key) for key in keys}
    found = missing_files(part | {'dataset_name': cfg.get('dataset_name')})
    if not tracks:
        return found
    dataset = cfg.train_dataloader.dataset if adapts else cfg.tracks
    reader = dataset.get('reader')
    labeler = cfg.get('train_cfg', {}).get('labeler')
    if not reader or missing_files({'reader': reader}) or _detects(reader):
        return found
    if labeler is not None and missing_files({'labeler': labeler}):
        labeler = None
    only = cfg.get('train_cfg', {}).get('only')
    return found + missing_in_tracks(reader, labeler, only)


def missing_table(missing: Sequence[Missing]) -> FieldList:
    """All that is missing, with where it was looked for and how to get it."""
    items = []
    for item in missing:
        fields = {'looked for at': item.path, 'how to get it': item.get}
        if item.fields:
            fields['field'] = _short(item.fields)
        items.append((item.name, fields))
    return FieldList(
        f'{len(missing)} missing',
        items,
        f'relative to {os.getcwd()}; licences, trees: {GUIDE}',
    )


def tell_missing(missing: Sequence[Missing]) -> int:
    """Print the list on stderr.

    Args:
        missing: Of :func:`find_missing`, at least one.

    Returns:
        Exit code of a command that stops here.
    """
    make_console(stderr=True).print(missing_table(missing))
    return EXIT_INPUT


def _detects(reader: Any) -> bool:
    """Whether reading would run a detector."""
    configs = [reader] if isinstance(reader, Mapping) else reader
    return any('Detection' in str(c.get('type')) for c in configs)


def _look(place: Place) -> Missing | None:
    """None if what a path names is there."""
    asset = asset_of(place)
    if asset is SMPL:
        return _look_for_smpl(place)
    if Path(place.value).expanduser().exists():
        return None
    return Missing(asset.name, place.value, asset.get, (place.field,))


def _look_for_smpl(place: Place) -> Missing | None:
    gender = str(place.owner.get('gender', 'neutral'))
    try:
        find_body_file(place.value, gender)
    except InputError:
        name = f'{SMPL.name}, {gender}'
        return Missing(name, place.value, SMPL.get, (place.field,))
    return None


def _told(error: InputError) -> Missing:
    """A reader's message as a row."""
    name = f'tracks: {error.field} {error.problem}'
    return Missing(name, error.source, error.fix)


def _merged(found: Iterable[Missing]) -> list[Missing]:
    """One entry for what several fields name."""
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
