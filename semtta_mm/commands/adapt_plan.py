"""The plan of an adaptation, without building networks or detecting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from mmengine.config import Config

from ..apis.missing_files import detects
from ..apis.run_cost import Cost, Work, run_cost
from ..datasets import FrameSelection, TrackDataset, video_info
from ..datasets.segments import find_segments
from ..detection.frames import frame_rate
from ..geometry.resampling import MOTION_RATE
from ..labeling import check_labels
from ..registry import DATASETS, LOOPS, TASK_UTILS
from ..utils.wide_table import WideTable

AT_MOST = 'for one person, at most: frames without it are left out'


class _Outline(NamedTuple):
    """A track without its evidence: ``frame_ids [T]``, samples a second."""

    name: str
    frame_ids: np.ndarray
    rate: float
    stride: int = 1


class PlannedTrack(NamedTuple):
    """What will be done for one track.

    Attributes:
        name: Of the track.
        frames: Number of frames, at most.
        windows: Windows of these frames.
        epochs: Of the adaptation; None if the config has none.
        steps: Steps of an epoch.
        detects: Whether a detector runs first, so that the number of people
            is not known yet.
    """

    name: str
    frames: int
    windows: int
    epochs: int | None
    steps: int
    detects: bool = False

    def work(self) -> Work:
        """The amounts that time and memory depend on."""
        steps = self.steps * (self.epochs or 0)
        return Work(self.frames, self.epochs or 0, steps, self.detects)


def planned_tracks(cfg: Config) -> list[PlannedTrack]:
    """Tracks, windows and steps.

    Args:
        cfg: The config.

    Raises:
        InputError: If the tracks cannot be read, one is unknown, or one has
            no label file.
    """
    options = {**cfg.train_dataloader}
    dataset = options.pop('dataset')
    reader = dataset.get('reader')
    loop = LOOPS.get(cfg.train_cfg.type)
    unknown = isinstance(reader, Mapping) and detects(reader)
    if unknown:
        outlines = [_undetected(reader)]
    else:
        outlines = _read(dataset, cfg.train_cfg.get('only'))
    _check_labels(cfg.train_cfg.get('labeler'), outlines)
    found = []
    for track in outlines:
        seconds = cfg.model.get('window_frames', 60) / MOTION_RATE
        length = max(1, round(seconds * track.rate))
        windows = find_segments(track.frame_ids, length, stride=track.stride)
        found.append(
            PlannedTrack(
                name=track.name,
                frames=len(track.frame_ids),
                windows=len(windows),
                epochs=cfg.train_cfg.get('max_epochs'),
                steps=loop.steps_per_epoch(windows, options),
                detects=unknown,
            )
        )
    return found


def plan(cfg: Config) -> WideTable:
    """Tracks, windows and steps as a table, with time and memory.

    Args:
        cfg: The config.

    Raises:
        InputError: See :func:`planned_tracks`.
    """
    tracks = planned_tracks(cfg)
    costs = [run_cost(cfg, [track.work()]) for track in tracks]
    table = WideTable(
        ['track'],
        ['frames', 'windows', 'epochs', 'steps an epoch', 'minutes', 'MB'],
        title=f'{cfg.get("method", "")} on {cfg.get("dataset_name", "")}',
        caption=plan_caption(tracks, costs),
    )
    for track, cost in zip(tracks, costs, strict=True):
        table.add_row(track.name, *plan_cells(track), *cost_cells(cost))
    return table


def plan_cells(track: PlannedTrack) -> list[str]:
    """Cells for frames, windows, epochs and steps an epoch."""
    epochs = '–' if track.epochs is None else str(track.epochs)
    return [str(track.frames), str(track.windows), epochs, str(track.steps)]


def cost_cells(cost: Cost | None) -> list[str]:
    """Cells for minutes and memory; a dash where nothing was measured."""
    if cost is None:
        return ['–', '–']
    return [f'{cost.seconds / 60:.1f}', f'{cost.memory_mb:.0f}']


def plan_caption(
    tracks: Sequence[PlannedTrack], costs: Sequence[Cost | None]
) -> str:
    """What the numbers of a plan mean.

    Args:
        tracks: All tracks of the plan.
        costs: Their costs.
    """
    parts = []
    if any(track.detects for track in tracks):
        parts.append(AT_MOST)
    known = [cost for cost in costs if cost is not None]
    if known:
        parts.append(known[0].source)
    if len(known) < len(costs):
        parts.append('–: not measured for this network')
    return '\n'.join(parts)


def _undetected(reader: Mapping[str, Any]) -> _Outline:
    """The selected frames of a video, under the name of its track."""
    video = Path(reader['video'])
    info = video_info(video)
    rate = frame_rate(video, info, reader.get('fps'))
    chosen = FrameSelection.of(reader.get('frames')).frames(rate)
    frames = np.arange(info.frame_count)[chosen or slice(None)]
    stride = 1 if chosen is None else chosen.step
    return _Outline(f'{video.stem}_p0', frames, rate / stride, stride)


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
