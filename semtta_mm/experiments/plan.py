"""The plan of an ablation: rows, test sets and seeds."""

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

_FIX = 'see configs/ablation/synthetic.py'
_NOT_MEASURED = ('progress', 'video', 'camera')
"""Roles of hooks of a single run. Scores compare poses in the axes of the
estimator's crops, so results are not turned to the camera's."""

_ROW_FIELDS = (
    'labels',
    'evidence',
    'variants',
    'gravity',
    'error',
    'camera',
)


@dataclass(frozen=True)
class Run:
    """One row of the table, on one test set, with one seed.

    Attributes:
        row: Name of the row.
        config: Config of the adaptation.
        set_name: Name of the test set.
        folder: Of the test set.
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
    """

    row: str
    config: Path
    set_name: str
    folder: Path
    seed: int
    options: Mapping[str, Any] = field(default_factory=dict)
    labels: str = 'right'
    evidence: str = 'detected'
    variants: tuple[str, ...] = ('none', 'random', 'lower_body', 'block')
    gravity: bool = False
    error: float = 1.0
    camera: bool = True

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
        place = [str(self.folder), self.seed, self.variants]
        # Earlier runs, which have none of these, keep their digest.
        if self.gravity:
            place.append('gravity')
        if self.error != 1:
            place.append(self.error)
        if not self.camera:
            place.append('no camera')
        shipped += calibration_hashes(text)
        return settings_digest(plan, place, shipped)

    def configured(self, work_dir: Path) -> Config:
        """The config of this run.

        Args:
            work_dir: Of the run.
        """
        cfg = Config.fromfile(self.config)
        cfg.merge_from_dict(dict(self.options))
        cfg.train_dataloader.dataset.reader = dict(
            type='TestSetReader',
            folder=str(self.folder),
            variants=self.variants,
            evidence=self.evidence,
        )
        if self.gravity:
            cfg.train_dataloader.dataset.reader.gravity = True
        if self.error != 1:
            cfg.train_dataloader.dataset.reader.error = self.error
        if not self.camera:
            cfg.train_dataloader.dataset.reader.camera = False
        cfg.train_cfg.labeler = None
        if self.labels != 'none':
            cfg.train_cfg.labeler = dict(
                type='TestSetLabeler',
                folder=str(self.folder),
                rule=self.labels,
            )
        cfg.hooks = {**(cfg.get('hooks') or {})}
        for role in _NOT_MEASURED:
            cfg.hooks[role] = None
        if cfg.hooks.get('result'):
            cfg.hooks.result.weights = False
            cfg.hooks.result.before = True
        cfg.randomness = dict(seed=self.seed)
        cfg.train_cfg.seed = self.seed
        cfg.dataset_name, cfg.monocular = self.set_name, None
        cfg.work_dir = str(work_dir)
        cfg.experiment_name = self.name.replace('/', '_')
        return cfg


@dataclass(frozen=True)
class Comparisons:
    """Rows that the tables compare.

    Attributes:
        title: Of the tables: name of the plan.
        reference: Row that all others are compared with, or None.
        pairs: Further differences, first minus second row.
    """

    title: str
    reference: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()


def read_comparisons(path: Path) -> Comparisons:
    """The comparisons of a plan.

    Args:
        path: A config as of :func:`read_plan`, with maybe ``reference``, a
            row, and ``pairs``, a list of two rows each. The pre-trained
            network is the row ``'un-adapted'``.

    Raises:
        InputError: If a row is unknown, or a pair is none.
    """
    plan = Config.fromfile(path)
    known = {row['name'] for row in plan.rows} | {BEFORE}
    reference, pairs = plan.get('reference'), plan.get('pairs', [])
    for pair in pairs:
        if isinstance(pair, str) or len(pair) != 2:
            raise InputError(path, 'pairs', f'{pair} is no pair', _FIX)
    named = [name for pair in pairs for name in pair]
    for name in named if reference is None else [reference, *named]:
        if name not in known:
            field = 'reference' if name == reference else 'pairs'
            raise InputError(path, field, f'no row {name!r}', _FIX)
    return Comparisons(path.stem, reference, tuple((a, b) for a, b in pairs))


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


def read_plan(path: Path) -> list[Run]:
    """All runs of an experiment, the rows of one set and seed together.

    Args:
        path: A config with ``sets`` (name to folder), ``seeds``, ``rows``
            and maybe ``common`` (options of all rows) and ``variants``. A row
            has ``name`` and ``config`` (beside the file), and maybe its own
            ``options``, ``seeds``, ``sets``, ``labels``, ``evidence``,
            ``gravity``, ``error``, ``camera``.

    Raises:
        InputError: If the file, a field or a row's config is missing, or two
            rows share a name.
    """
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', _FIX)
    plan = Config.fromfile(path)
    for name in ('sets', 'seeds', 'rows'):
        if name not in plan:
            raise InputError(path, name, 'is absent', _FIX)
    names = [row.get('name') for row in plan.rows]
    if None in names or len(set(names)) < len(names):
        raise InputError(path, 'rows', 'need names of their own', _FIX)
    runs = [run for row in plan.rows for run in _row_runs(path, plan, row)]
    return sorted(runs, key=lambda run: run.seed)


def _row_runs(path: Path, plan: Config, row: Mapping[str, Any]) -> list[Run]:
    config = path.parent / row['config']
    if not config.is_file():
        raise InputError(path, f'rows.{row["name"]}', f'no {config}', _FIX)
    sets: Mapping[str, str] = row.get('sets', plan.sets)
    seeds: Sequence[int] = row.get('seeds', plan.seeds)
    more = {key: row[key] for key in _ROW_FIELDS if key in row}
    if 'variants' in plan and 'variants' not in more:
        more['variants'] = plan.variants
    if 'variants' in more:
        more['variants'] = tuple(more['variants'])
    options = {**plan.get('common', {}), **row.get('options', {})}
    return [
        Run(row['name'], config, name, Path(folder), seed, options, **more)
        for seed in seeds
        for name, folder in sets.items()
    ]
