"""The plan of an experiment: rows, sets of tracks and seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..checkpoints.shipped import shipped_weights
from ..models.motion_text.calibration_file import calibration_path
from ..models.motion_text.label_readout_file import readout_path
from ..utils import InputError
from ..utils.digest import settings_digest
from ..utils.files import file_sha256

BEFORE = 'un-adapted'
"""Row of the pre-trained network, which every run measures."""

CONFIG_TRACKS = 'config'
"""Value of a set whose tracks and labels are those of each row's config."""

PLAN_FIX = 'see configs/benchmark/table1.py'
_NOT_MEASURED = ('progress', 'video', 'plots', 'camera')
"""Roles of hooks of a single run. Scores compare poses in the axes of the
estimator's crops, so results are not turned to the camera's."""

_ROW_FIELDS = (
    'labels',
    'evidence',
    'variants',
    'gravity',
    'error',
    'camera',
    'clips',
)


@dataclass(frozen=True)
class Run:
    """One row of the table, on one set of tracks, with one seed.

    Attributes:
        row: Name of the row.
        config: Config of the adaptation.
        set_name: Name of the set.
        folder: Of the test set; None takes the config's own tracks and
            labels, and nothing below but the options.
        seed: Of all tracks.
        options: Changes of the config, dotted keys.
        labels: ``'right'``, ``'shuffled'`` or ``'wrong'``; or ``'none'``:
            the method sees no labels of the test set.
        evidence: ``'detected'``, ``'visible'`` or ``'true'``, see
            :class:`.TestSetReader`.
        variants: Of the test set.
        gravity: Whether the tracks have the true up direction.
        error: Factor on the error of detected keypoints.
        camera: Whether the tracks have the intrinsics of their camera.
        clips: Take the first clips of the test set only; None takes all.
    """

    row: str
    config: Path
    set_name: str
    folder: Path | None
    seed: int
    options: Mapping[str, Any] = field(default_factory=dict)
    labels: str = 'right'
    evidence: str = 'detected'
    variants: tuple[str, ...] = ('none', 'random', 'lower_body', 'block')
    gravity: bool = False
    error: float = 1.0
    camera: bool = True
    clips: int | None = None

    @property
    def name(self) -> str:
        """Folder of the run, under that of the experiment."""
        row = self.row.replace(' ', '_').replace('/', '_')
        return f'{row}/{self.set_name}/seed_{self.seed}'

    @property
    def digest(self) -> str:
        """Hash of all that determines the result."""
        whole = Config.fromfile(self.config).to_dict()
        plan = [whole, dict(self.options), self.labels, self.evidence]
        text = repr(plan)
        shipped = [
            entry.sha256
            for name, entry in shipped_weights().items()
            if repr(name) in text
        ]
        place: list[Any] = [str(self.folder), self.seed]
        if self.folder is not None:
            place.append(self.variants)
        # Earlier runs, which have none of these, keep their digest.
        if self.gravity:
            place.append('gravity')
        if self.error != 1:
            place.append(self.error)
        if not self.camera:
            place.append('no camera')
        if self.clips is not None and self.folder is not None:
            place.append(f'{self.clips} clips')
        shipped += calibration_hashes(text)
        return settings_digest(plan, place, shipped)

    def configured(self, work_dir: Path) -> Config:
        """The config of this run.

        Args:
            work_dir: Of the run.
        """
        cfg = Config.fromfile(self.config)
        cfg.merge_from_dict(dict(self.options))
        if self.folder is not None:
            self._use_test_set(cfg)
        cfg.hooks = {**(cfg.get('hooks') or {})}
        for role in _NOT_MEASURED:
            cfg.hooks[role] = None
        if cfg.hooks.get('result'):
            cfg.hooks.result.weights = False
            cfg.hooks.result.before = True
        cfg.randomness = dict(seed=self.seed)
        cfg.train_cfg.seed = self.seed
        cfg.work_dir = str(work_dir)
        cfg.experiment_name = self.name.replace('/', '_')
        return cfg

    def _use_test_set(self, cfg: Config) -> None:
        """Tracks and labels of the test set."""
        reader: dict[str, Any] = dict(
            type='TestSetReader',
            folder=str(self.folder),
            variants=self.variants,
            evidence=self.evidence,
        )
        if self.gravity:
            reader['gravity'] = True
        if self.error != 1:
            reader['error'] = self.error
        if not self.camera:
            reader['camera'] = False
        if self.clips is not None:
            reader['clips'] = self.clips
        cfg.train_dataloader.dataset.reader = reader
        cfg.train_cfg.labeler = None
        if self.labels != 'none':
            cfg.train_cfg.labeler = dict(
                type='TestSetLabeler',
                folder=str(self.folder),
                rule=self.labels,
            )
        cfg.dataset_name, cfg.monocular = self.set_name, None


def calibration_hashes(text: str) -> list[str]:
    """Hashes of the shipped calibrations and readouts that a config names.

    Args:
        text: The config, as Python writes it.
    """
    kinds = {'calibration': calibration_path, 'readout': readout_path}
    return [
        file_sha256(path(name))
        for field, path in kinds.items()
        for name in sorted(shipped_weights())
        if f"'{field}': {name!r}" in text and path(name).is_file()
    ]


def plan_config(path: Path) -> Config:
    """Content of a plan.

    Raises:
        InputError: If there is no such file.
    """
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', PLAN_FIX)
    return Config.fromfile(path)


def read_plan(path: Path) -> list[Run]:
    """All runs of an experiment, the rows of one set and seed together.

    Args:
        path: A config with ``sets`` (name to the folder of a test set, or
            to :data:`CONFIG_TRACKS`), ``seeds``, ``rows`` and maybe
            ``common`` (options of all rows), ``variants`` and ``clips``. A
            row has
            ``name`` and ``config`` (beside the file), and maybe its own
            ``options``, ``seeds``, ``sets``, ``labels``, ``evidence``,
            ``gravity``, ``error``, ``camera``, ``clips``; these change test
            sets only.

    Raises:
        InputError: If the file, a field or a row's config is missing, or two
            rows share a name.
    """
    plan = plan_config(path)
    for name in ('sets', 'seeds', 'rows'):
        if name not in plan:
            raise InputError(path, name, 'is absent', PLAN_FIX)
    names = [row.get('name') for row in plan.rows]
    if None in names or len(set(names)) < len(names):
        raise InputError(path, 'rows', 'need names of their own', PLAN_FIX)
    runs = [run for row in plan.rows for run in _row_runs(path, plan, row)]
    return sorted(runs, key=lambda run: run.seed)


def _row_runs(path: Path, plan: Config, row: Mapping[str, Any]) -> list[Run]:
    config = path.parent / row['config']
    if not config.is_file():
        raise InputError(path, f'rows.{row["name"]}', f'no {config}', PLAN_FIX)
    sets: Mapping[str, str] = row.get('sets', plan.sets)
    seeds: Sequence[int] = row.get('seeds', plan.seeds)
    more = {key: row[key] for key in _ROW_FIELDS if key in row}
    for name in ('variants', 'clips'):
        if name in plan:
            more.setdefault(name, plan[name])
    if 'variants' in more:
        more['variants'] = tuple(more['variants'])
    options = {**plan.get('common', {}), **row.get('options', {})}
    folders = {
        name: None if value == CONFIG_TRACKS else Path(value)
        for name, value in sets.items()
    }
    return [
        Run(row['name'], config, name, folder, seed, options, **more)
        for seed in seeds
        for name, folder in folders.items()
    ]
