"""Body files: finding, reading and checking them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...checkpoints.smpl_pickles import read_smpl_pickle
from ...conventions import NUM_BETAS, NUM_JOINTS, SMPL_PARENTS
from ...utils import InputError, read_npz

OPEN_BODY = Path(__file__).parents[2] / 'assets' / 'open_body'
"""The body that ships; see ``docs/open_body.md``. It is not SMPL."""
GENDERS = ('neutral', 'male', 'female')
POSE_FEATURES = 9 * (NUM_JOINTS - 1)
_FIELDS = (
    'v_template',
    'shapedirs',
    'J_regressor',
    'weights',
    'kintree_table',
    'f',
)
_FIX = (
    'give a SMPL file (SMPL_NEUTRAL.npz or .pkl, '
    'basicModel_neutral_lbs_10_207_0_v1.0.0.pkl, ...) or leave model_path out '
    'for the open body'
)


@dataclass(frozen=True)
class BodyFile:
    """An SMPL-like body, checked.

    Note:
        - vertices: V; faces: F; joints: 24

    Attributes:
        path: The file.
        v_template: Mean body in T-pose ``[V, 3]``, m.
        shapedirs: ``[V, 3, 10]``, m.
        posedirs: ``[V, 3, 207]``, m, or None.
        joint_regressor: Rest-pose joints from vertices ``[24, V]``.
        weights: Skinning weights ``[V, 24]``.
        faces: ``[F, 3]``.
        topology: ``'semtta_open_body'`` or ``''`` (official or unknown).
    """

    path: Path
    v_template: np.ndarray
    shapedirs: np.ndarray
    posedirs: np.ndarray | None
    joint_regressor: np.ndarray
    weights: np.ndarray
    faces: np.ndarray
    topology: str


def find_body_file(model_path: str | Path | None, gender: str) -> Path:
    """The file of a gender.

    Args:
        model_path: A file; a folder of files with their usual names (or with
            a folder ``smpl`` of them); None for the open body.
            Environment variables are expanded: ``'$SMPL_MODEL_DIR'``.
        gender: ``'neutral'``, ``'male'`` or ``'female'``.

    Raises:
        InputError: If there is no such file.
    """
    if gender not in GENDERS:
        raise InputError(
            'SMPLBody', 'gender', f'{gender!r} is unknown', f'one of {GENDERS}'
        )
    path = OPEN_BODY if model_path is None else _expand(model_path)
    if path.is_file():
        return path
    if not path.is_dir():
        raise InputError(path, 'model_path', 'does not exist', _FIX)
    for folder in (path, path / 'smpl'):
        found = _in_folder(folder, gender)
        if found is not None:
            return found
    raise InputError(path, 'model_path', f'has no {gender} SMPL file', _FIX)


def _expand(model_path: str | Path) -> Path:
    text = os.path.expandvars(os.fspath(model_path))
    if '$' in text:
        raise InputError(
            str(model_path),
            'model_path',
            'contains an environment variable that is not set',
            'export it, e.g. SMPL_MODEL_DIR=/path/to/smpl',
        )
    return Path(text).expanduser()


def _in_folder(folder: Path, gender: str) -> Path | None:
    """First file of a gender, npz before pkl, ours before official names."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    ranked = [(name_rank(path.name, gender), path) for path in paths]
    found = [(rank, path) for rank, path in ranked if rank is not None]
    return min(found)[1] if found else None


def name_rank(name: str, gender: str) -> int | None:
    """Rank of a file name as that of a gender's body.

    Args:
        name: Name of a file.
        gender: One of :data:`GENDERS`.

    Returns:
        0 is best; None if the name does not match.
    """
    letter = gender if gender == 'neutral' else gender[0]
    patterns = (
        rf'smpl_{gender}\.npz',
        rf'smpl_{gender}\.pkl',
        rf'basicmodel_{letter}_lbs_10_207_0_v\d+\.\d+\.\d+\.(npz|pkl)',
    )
    for rank, pattern in enumerate(patterns):
        if re.fullmatch(pattern, name, re.IGNORECASE):
            return rank
    return None


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read and check the fields of a body file.

    Args:
        path: npz (read without pickle) or pkl (read without running code).

    Raises:
        InputError: If the file is missing, truncated, or a field is absent,
            of a wrong shape or not finite.
    """
    if path.suffix == '.pkl':
        arrays = read_smpl_pickle(path)
    else:
        arrays = read_npz(path, _FIX)
    for field in _FIELDS:
        if field not in arrays:
            raise InputError(path, field, 'is absent', _FIX)
    arrays['shapedirs'] = _ten_betas(path, arrays['shapedirs'])
    _check_shapes(path, arrays)
    _check_values(path, arrays)
    return arrays


def load_body(path: str | Path) -> BodyFile:
    """Read and check a body; see :func:`read_arrays`."""
    path = Path(path)
    arrays = read_arrays(path)
    posedirs = arrays.get('posedirs')
    return BodyFile(
        path=path,
        v_template=_float(arrays['v_template']),
        shapedirs=_float(arrays['shapedirs']),
        posedirs=None if posedirs is None else _float(posedirs),
        joint_regressor=_float(arrays['J_regressor']),
        weights=_float(arrays['weights']),
        faces=arrays['f'].astype(np.int64),
        topology=str(arrays.get('topology', '')),
    )


def _float(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array, dtype=np.float64)


def _ten_betas(path: Path, shapedirs: np.ndarray) -> np.ndarray:
    """The first ten of 10 or 300 shape components."""
    if shapedirs.ndim != 3 or shapedirs.shape[2] < NUM_BETAS:
        raise InputError(
            path,
            'shapedirs',
            f'expected [V, 3, 10 or more], got {list(shapedirs.shape)}',
            _FIX,
        )
    return shapedirs[..., :NUM_BETAS]


def _check_shapes(path: Path, arrays: dict[str, np.ndarray]) -> None:
    vertices = len(arrays['v_template']) if arrays['v_template'].ndim else 0
    expected: dict[str, tuple[int | None, ...]] = {
        'v_template': (vertices, 3),
        'shapedirs': (vertices, 3, NUM_BETAS),
        'posedirs': (vertices, 3, POSE_FEATURES),
        'J_regressor': (NUM_JOINTS, vertices),
        'weights': (vertices, NUM_JOINTS),
        'kintree_table': (2, NUM_JOINTS),
        'f': (None, 3),
    }
    for field, want in expected.items():
        if field not in arrays:
            continue
        shape = arrays[field].shape
        fits = len(shape) == len(want) and all(
            w is None or w == s for w, s in zip(want, shape, strict=True)
        )
        if not fits:
            shown = ', '.join('F' if w is None else str(w) for w in want)
            problem = f'expected [{shown}], got {list(shape)}'
            raise InputError(path, field, problem, _FIX)


def _check_values(path: Path, arrays: dict[str, np.ndarray]) -> None:
    for field in (*_FIELDS, 'posedirs'):
        array = arrays.get(field)
        if array is None:
            continue
        if array.dtype.kind not in 'fiu':
            raise InputError(path, field, 'holds no numbers', _FIX)
        if not np.isfinite(array).all():
            raise InputError(path, field, 'holds NaN or infinity', _FIX)
    parents = arrays['kintree_table'][0].astype(np.int64)
    if tuple(parents[1:]) != SMPL_PARENTS[1:]:
        raise InputError(path, 'kintree_table', "is not SMPL's skeleton", _FIX)
    faces, vertices = arrays['f'].astype(np.int64), len(arrays['v_template'])
    if faces.size and not 0 <= faces.min() <= faces.max() < vertices:
        raise InputError(
            path, 'f', f'has indices beyond {vertices} vertices', _FIX
        )
