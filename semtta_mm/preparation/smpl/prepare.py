"""Finding, checking and converting official SMPL files to npz."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ...models.bodies.loading import (
    GENDERS,
    BodyFile,
    load_body,
    name_rank,
    read_arrays,
)
from ...utils import InputError
from ...utils.files import write_atomically
from .official import H36M, REGRESSOR_ROWS, check_official, read_regressor

_KEPT = (
    'v_template',
    'shapedirs',
    'posedirs',
    'J_regressor',
    'weights',
    'kintree_table',
    'f',
)
NAMES = (
    'basicModel_{neutral,m,f}_lbs_10_207_0_v1.0.0.pkl (or v1.1.0) or '
    'SMPL_{NEUTRAL,MALE,FEMALE}.pkl'
)
"""Recognised file names, for messages."""


@dataclass(frozen=True)
class Prepared:
    """One file to write.

    Attributes:
        what: Gender or regressor.
        source: Input file.
        target: Output file.
        found: Description of the content.
        arrays: Its content: fields of an npz, or one matrix.
    """

    what: str
    source: Path
    target: Path
    found: str
    arrays: Mapping[str, np.ndarray] | np.ndarray


def find_sources(
    sources: Sequence[Path],
) -> tuple[dict[str, Path], list[Path]]:
    """Bodies and regressors among files and below folders.

    Args:
        sources: Files and folders.

    Returns:
        Gender to file, and regressors.

    Raises:
        InputError: If a source does not exist, a file's name is not
            recognised, or nothing is found.
    """
    bodies: dict[str, tuple[int, Path]] = {}
    regressors: dict[str, Path] = {}
    for source in sources:
        if not source.exists():
            fix = f'name files or folders with {NAMES}'
            raise InputError(source, 'SRC', 'does not exist', fix)
        paths = sorted(source.rglob('*')) if source.is_dir() else [source]
        for path in filter(Path.is_file, paths):
            ranks = {g: name_rank(path.name, g) for g in GENDERS}
            known = {g: r for g, r in ranks.items() if r is not None}
            for gender, rank in known.items():
                best = bodies.get(gender, (rank + 1, path))
                bodies[gender] = min(best, (rank, path))
            if path.name in REGRESSOR_ROWS:
                regressors.setdefault(path.name, path)
            elif not known and path == source:
                problem = 'has a name that is not recognised'
                raise InputError(path, 'SRC', problem, f'name it {NAMES}')
    if not bodies:
        problem = 'contain no SMPL file'
        raise InputError(
            ', '.join(map(str, sources)),
            'SRC',
            problem,
            f'expected names: {NAMES}',
        )
    chosen = {g: bodies[g][1] for g in GENDERS if g in bodies}
    return chosen, list(regressors.values())


def prepare(sources: Sequence[Path], out: Path) -> list[Prepared]:
    """Read and check all files; writes nothing.

    Args:
        sources: See :func:`find_sources`.
        out: Output folder of :func:`write`.

    Returns:
        The files to write.

    Raises:
        InputError: If a file is bad, or two regressors get the same name.
    """
    bodies, regressors = find_sources(sources)
    loaded = {gender: load_body(path) for gender, path in bodies.items()}
    prepared = []
    for gender, body in loaded.items():
        check_official(body)
        prepared.append(_body(gender, body, out))
    reference = next(iter(loaded.values()))
    for path in regressors:
        prepared.append(_regressor(path, reference, out))
    targets = [item.target for item in prepared]
    for item in prepared:
        if targets.count(item.target) > 1:
            fix = 'give one of them'
            problem = f'is one of several that become {item.target.name}'
            raise InputError(item.source, 'SRC', problem, fix)
    return prepared


def _body(gender: str, body: BodyFile, out: Path) -> Prepared:
    arrays = read_arrays(body.path)
    kept = {name: arrays[name] for name in _KEPT}
    target = out / 'smpl' / f'SMPL_{gender.upper()}.npz'
    shapes = body.shapedirs.shape[2]
    found = f'{len(body.v_template)} vertices, {shapes} betas'
    return Prepared(gender, body.path, target, found, kept)


def _regressor(path: Path, body: BodyFile, out: Path) -> Prepared:
    matrix, found = read_regressor(path, body)
    same = REGRESSOR_ROWS[path.name] == REGRESSOR_ROWS[H36M]
    name = H36M if same else path.name
    return Prepared(name, path, out / name, found, matrix)


def write(prepared: Sequence[Prepared], force: bool = False) -> None:
    """Write all files, each atomically.

    Args:
        prepared: See :func:`prepare`.
        force: Overwrite.

    Raises:
        InputError: If a file exists already; nothing is written then.
    """
    there = [p.target for p in prepared if p.target.exists()]
    if there and not force:
        fix = 'give another --out, or --force to overwrite'
        names = ', '.join(path.name for path in there)
        raise InputError(there[0].parent, 'output', f'has {names}', fix)
    for item in prepared:
        write_atomically(item.target, partial(_save, item))


def _save(item: Prepared, draft: Path) -> None:
    with draft.open('wb') as file:
        if isinstance(item.arrays, np.ndarray):
            np.save(file, item.arrays)
        else:
            np.savez(file, **item.arrays)


def summary(prepared: Sequence[Prepared]) -> list[str]:
    """A line for each file."""
    return [
        f'{item.what}: {item.found}, {item.source} -> {item.target}'
        for item in prepared
    ]
