"""The plan of an adaptation, without building networks or detecting."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from mmengine.config import Config

from ..apis.missing_files import detects
from ..datasets import TrackDataset, video_info
from ..datasets.segments import find_segments
from ..detection.frames import frame_rate
from ..geometry.resampling import MOTION_RATE
from ..labeling import check_labels
from ..registry import DATASETS, LOOPS, TASK_UTILS
from ..utils.wide_table import WideTable


class _Outline(NamedTuple):
    """A track without its evidence: ``frame_ids [T]``, samples a second."""

    name: str
    frame_ids: np.ndarray
    rate: float
    stride: int = 1


def plan(cfg: Config) -> WideTable:
    """Tracks, windows and steps.

    Args:
        cfg: The config.

    Raises:
        InputError: If the tracks cannot be read, one is unknown, or one has
            no label file.
    """
    options = {**cfg.train_dataloader}
    dataset = options.pop('dataset')
    epochs = cfg.train_cfg.get('max_epochs', '–')
    reader = dataset.get('reader')
    loop = LOOPS.get(cfg.train_cfg.type)
    table = WideTable(
        ['track'],
        ['frames', 'windows', 'epochs', 'steps an epoch'],
        title=f'{cfg.get("method", "")} on {cfg.get("dataset_name", "")}',
    )
    if isinstance(reader, Mapping) and detects(reader):
        outlines = [_undetected(reader)]
        table.caption = (
            'for one person in all frames: people are not searched yet'
        )
    else:
        outlines = _read(dataset, cfg.train_cfg.get('only'))
    _check_labels(cfg.train_cfg.get('labeler'), outlines)
    for track in outlines:
        seconds = cfg.model.get('window_frames', 60) / MOTION_RATE
        length = max(1, round(seconds * track.rate))
        windows = find_segments(track.frame_ids, length, stride=track.stride)
        steps = loop.steps_per_epoch(windows, options)
        cells = (len(track.frame_ids), len(windows), epochs, steps)
        table.add_row(track.name, *map(str, cells))
    return table


def _undetected(reader: Mapping[str, Any]) -> _Outline:
    """All frames of a video, under the name of its track."""
    video = Path(reader['video'])
    info = video_info(video)
    rate = frame_rate(video, info, reader.get('fps'))
    return _Outline(f'{video.stem}_p0', np.arange(info.frame_count), rate)


def _read(
    dataset: Mapping[str, Any], only: list[str] | None
) -> list[_Outline]:
    built: TrackDataset = DATASETS.build(dataset)
    tracks = [built.tracks[i] for i in built.positions(only)]
    return [_Outline(t.name, t.frame_ids, t.rate, t.stride) for t in tracks]


def _check_labels(config: dict | None, outlines: list[_Outline]) -> None:
    if config is not None:
        names = [track.name for track in outlines]
        check_labels(TASK_UTILS.build(config), names)
