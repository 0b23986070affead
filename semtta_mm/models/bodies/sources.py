"""A body's regressors and vertex ids, from its files or from the user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...conventions import keypoint_names
from ...utils import InputError, read_npz
from .h36m_rows import in_our_order
from .loading import BodyFile
from .recipes import SMPL_VERTEX_IDS, SMPL_VERTICES

_KINDS = {'h36m_17': 'h36m', 'coco_23': 'coco'}
_FIX = (
    'give regressors=dict(h36m_17=FILE.npy [17, V], coco_23=FILE.npy [23, V]) '
    'or the path of a regressors.npz like the one in assets/open_body'
)

Regressors = Mapping[str, Any] | str | Path | None


@dataclass(frozen=True)
class KeypointSources:
    """Sources of a body's keypoints.

    Attributes:
        rows: Source (``'h36m'``, ``'coco'``, ``'extra'``) to keypoint name to
            weights of the vertices ``[V]``.
        vertex_ids: Keypoint name to vertex.
    """

    rows: dict[str, dict[str, np.ndarray]]
    vertex_ids: dict[str, int]


def load_sources(body: BodyFile, regressors: Regressors) -> KeypointSources:
    """Collect the sources of a body.

    Args:
        body: The body. The open body has ``regressors.npz`` in its folder; a
            body of 6890 vertices without ``topology`` is treated as official
            SMPL.
        regressors: Convention (``'h36m_17'``, ``'coco_23'``) to array or
            ``.npy`` file ``[K, V]``; or the path of a ``regressors.npz``;
            None for those of the body.

    Raises:
        InputError: If a regressor is missing, of a wrong shape or not finite.
    """
    if isinstance(regressors, (str, Path)):
        return _from_npz(Path(regressors), body)
    if body.topology:
        sources = _from_npz(body.path.with_name('regressors.npz'), body)
    elif len(body.v_template) == SMPL_VERTICES:
        sources = KeypointSources({}, dict(SMPL_VERTEX_IDS))
    else:
        sources = KeypointSources({}, {})
    for convention, value in (regressors or {}).items():
        if convention not in _KINDS:
            raise InputError(
                'SMPLBody.regressors', convention, 'is not supported', _FIX
            )
        names = keypoint_names(convention)
        matrix, origin = read_matrix(value)
        rows = _rows(matrix, names, body, origin, convention)
        if convention == 'h36m_17':
            rows = in_our_order(rows, body)
        sources.rows[_KINDS[convention]] = rows
    return sources


def read_matrix(value: Any) -> tuple[np.ndarray, str]:
    """A regressor and its source, for messages.

    Args:
        value: An array, or a ``.npy`` file.

    Raises:
        InputError: If the file is missing or cannot be read.
    """
    if not isinstance(value, (str, Path)):
        return np.asarray(value), 'SMPLBody.regressors'
    path = Path(value)
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', _FIX)
    try:
        return np.load(path, allow_pickle=False), str(path)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(
            path, 'file', f'cannot be read ({error})', _FIX
        ) from error


def _rows(
    matrix: np.ndarray,
    names: tuple[str, ...],
    body: BodyFile,
    origin: str,
    field: str,
) -> dict[str, np.ndarray]:
    want = (len(names), len(body.v_template))
    if matrix.shape != want:
        problem = f'expected {list(want)}, got {list(matrix.shape)}'
        raise InputError(origin, field, problem, _FIX)
    if matrix.dtype.kind not in 'fiu' or not np.isfinite(matrix).all():
        raise InputError(origin, field, 'contains NaN or no numbers', _FIX)
    # A row that does not sum to one would scale with the body's position.
    off = np.abs(matrix.sum(axis=1) - 1).max()
    if off > 1e-2:
        problem = f'rows must sum to one, off by {off:.3g}'
        raise InputError(origin, field, problem, _FIX)
    return dict(zip(names, matrix.astype(np.float64), strict=True))


def _from_npz(path: Path, body: BodyFile) -> KeypointSources:
    required = (*_KINDS, 'extra', 'extra_names', 'vertex_names', 'vertex_ids')
    arrays = read_npz(path, _FIX, required)
    rows = {
        kind: _rows(
            arrays[field], keypoint_names(field), body, str(path), field
        )
        for field, kind in _KINDS.items()
    }
    names = tuple(str(name) for name in arrays['extra_names'])
    rows['extra'] = _rows(arrays['extra'], names, body, str(path), 'extra')
    ids = arrays['vertex_ids']
    if ids.shape != arrays['vertex_names'].shape or not (
        0 <= ids.min() <= ids.max() < len(body.v_template)
    ):
        raise InputError(path, 'vertex_ids', 'do not fit the body', _FIX)
    named = zip(arrays['vertex_names'], ids, strict=True)
    return KeypointSources(rows, {str(n): int(i) for n, i in named})
