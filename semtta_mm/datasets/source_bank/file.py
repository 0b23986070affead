"""A source bank as an npz file, without pickle."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...conventions import NUM_BETAS, NUM_JOINTS
from ...utils import InputError, read_npz
from ...utils.files import write_atomically
from .bank import SourceBank

FIX = 'make it with `semtta make-source-bank`'
_REQUIRED = ('jpeg', 'jpeg_end', 'pose', 'betas', 'joints2d', 'visible')


def write_bank(bank: SourceBank, path: str | PathLike[str]) -> Path:
    """Write a bank; the file is whole or absent.

    Args:
        bank: The bank.
        path: File ending in ``.npz``.

    Raises:
        InputError: If the file has another suffix.
    """
    path = Path(path)
    if path.suffix != '.npz':
        raise InputError(path, 'file', 'does not end in .npz', 'rename it')
    arrays: dict[str, Any] = {
        'jpeg': np.concatenate(list(bank.jpeg)),
        'jpeg_end': np.cumsum([len(data) for data in bank.jpeg]),
        'pose': bank.pose,
        'betas': bank.betas,
        'joints2d': bank.joints2d,
        'visible': bank.visible,
        'body': np.array(bank.body),
    }
    for name in ('joints3d', 'centres', 'cluster'):
        value = getattr(bank, name)
        if value is not None:
            arrays[name] = value
    if bank.centres is not None:
        arrays['centres'] = bank.centres.astype(np.float16)
    path.parent.mkdir(parents=True, exist_ok=True)

    def write(draft: Path) -> None:
        with draft.open('wb') as file:  # a name would get a suffix
            np.savez_compressed(file, **arrays)

    write_atomically(path, write)
    return path


def read_bank(path: str | PathLike[str]) -> SourceBank:
    """Read a bank.

    Args:
        path: File of :func:`write_bank`.

    Raises:
        InputError: If it is missing, broken, or a field is wrong.
    """
    path = Path(path)
    arrays = read_npz(path, FIX, _REQUIRED)
    _check(path, arrays)
    ends = arrays['jpeg_end']
    starts = [0, *ends[:-1].tolist()]
    data = arrays['jpeg']
    pairs = zip(starts, ends.tolist(), strict=True)
    return SourceBank(
        name=str(path),
        jpeg=[data[start:end] for start, end in pairs],
        pose=arrays['pose'].astype(np.float32),
        betas=arrays['betas'].astype(np.float32),
        joints2d=arrays['joints2d'].astype(np.float32),
        visible=arrays['visible'].astype(bool),
        joints3d=_optional(arrays, 'joints3d', np.float32),
        body=str(arrays.get('body', 'open')),
        centres=_optional(arrays, 'centres', np.float32),
        cluster=_optional(arrays, 'cluster', np.int64),
    )


def _optional(
    arrays: dict[str, NDArray[Any]], name: str, kind: Any
) -> NDArray[Any] | None:
    return arrays[name].astype(kind) if name in arrays else None


def _check(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Shapes, finite numbers, ends of crops and clusters."""
    count = len(np.atleast_1d(arrays['jpeg_end']))
    shapes: dict[str, tuple[int, ...]] = {
        'jpeg_end': (count,),
        'pose': (count, NUM_JOINTS, 3, 3),
        'betas': (count, NUM_BETAS),
        'joints2d': (count, NUM_JOINTS, 2),
        'joints3d': (count, NUM_JOINTS, 3),
        'visible': (count, NUM_JOINTS),
        'cluster': (count,),
    }
    for name, shape in shapes.items():
        array = arrays.get(name)
        if array is None:
            continue
        if array.shape != shape or array.dtype.kind not in 'biuf':
            problem = f'expected {list(shape)}, got {list(array.shape)}'
            raise InputError(path, name, problem, FIX)
        if not np.isfinite(array).all():
            raise InputError(path, name, 'holds NaN or infinity', FIX)
    _check_crops(path, arrays['jpeg'], arrays['jpeg_end'])
    _check_clusters(path, arrays)


def _check_crops(path: Path, data: NDArray[Any], ends: NDArray[Any]) -> None:
    if not len(ends):
        raise InputError(path, 'jpeg_end', 'there is no crop', FIX)
    if data.ndim != 1 or data.dtype != np.uint8:
        raise InputError(path, 'jpeg', 'is no row of bytes', FIX)
    sizes = np.diff(ends, prepend=0)
    if (sizes <= 0).any() or ends[-1] != len(data):
        raise InputError(path, 'jpeg_end', 'does not fit jpeg', FIX)


def _check_clusters(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    centres, cluster = arrays.get('centres'), arrays.get('cluster')
    if centres is None and cluster is None:
        return
    if centres is None or cluster is None or centres.ndim != 2:
        problem = 'centres [C, D] and cluster [N] are given together'
        raise InputError(path, 'centres', problem, FIX)
    if set(np.unique(cluster).tolist()) != set(range(len(centres))):
        problem = 'names clusters without a centre, or one is empty'
        raise InputError(path, 'cluster', problem, FIX)
