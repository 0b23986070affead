"""Files of the motion dictionary.

========= ================= ===============================================
field     shape             meaning
========= ================= ===============================================
schema    []                ``'semtta_mm/dictionary/1'``
label     [L]               labels, sorted, normalised by :func:`normalise`
embedding [L, D]            unit vectors of the labels, float32
encoder   []                text encoder of the vectors
exemplar  [L]               label of the exemplar: its own, or a related one
                            if no motion of it may be distributed
source    [L]               name of the exemplar's clip
length    [L]               frames before the last one is held, int64
rotvec    [L, 60, 24, 3]    exemplars at 30 fps, radians, y up (of AMASS:
                            z up), float32
ankle     [L, 60, 3]        25th row of MotionCLIP's frames, m; may be absent
========= ================= ===============================================
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ...conventions import NUM_JOINTS
from ...geometry import axis_angle_to_matrix
from ...utils import InputError, read_npz
from .dictionary import MotionDictionary
from .labels import normalise

SCHEMA = 'semtta_mm/dictionary/1'
"""Value of the field ``schema``; increased when the layout changes."""

FRAMES = 60
"""Length of an exemplar, at 30 fps."""

OPEN = Path(__file__).parents[2] / 'assets' / 'dictionary' / 'open.npz'
"""The dictionary that ships."""

_FIX = 'build it again with `semtta build-dictionary`'
_FIELDS = ('embedding', 'exemplar', 'source', 'length', 'rotvec')


def read_dictionary(path: str | PathLike[str] = 'open') -> MotionDictionary:
    """Read a dictionary.

    Args:
        path: File of :func:`write_dictionary`; ``'open'`` is the one that
            ships.

    Raises:
        InputError: If the file is missing, broken or of another schema, or
            a field has a wrong shape or value.
    """
    path = OPEN if str(path) == 'open' else Path(path)
    data = read_npz(path, _FIX, ('schema', 'label', 'encoder', *_FIELDS))
    _check(path, data)
    rotvec = torch.from_numpy(data['rotvec']).float()
    ankle = data.get('ankle')
    return MotionDictionary(
        labels=tuple(data['label'].tolist()),
        embedding=torch.from_numpy(data['embedding']).float(),
        encoder=str(data['encoder']),
        exemplar=tuple(data['exemplar'].tolist()),
        source=tuple(data['source'].tolist()),
        length=tuple(data['length'].tolist()),
        pose=axis_angle_to_matrix(rotvec),
        ankle=None if ankle is None else torch.from_numpy(ankle).float(),
    )


def read_dictionary_for(
    motion_text: nn.Module, source: str
) -> MotionDictionary:
    """Read a dictionary that fits a motion-text model.

    Args:
        motion_text: The model.
        source: See :func:`read_dictionary`.

    Raises:
        InputError: If its vectors have another dimension, or it lacks a
            field that the model needs; see :func:`read_dictionary`.
    """
    found = read_dictionary(source)
    dim = getattr(motion_text, 'dim', found.embedding.shape[1])
    if dim != found.embedding.shape[1]:
        problem = (
            f'contains vectors of {found.encoder}, '
            f'{found.embedding.shape[1]}-d; '
            f'motion_text is {dim}-d'
        )
        fix = 'build it with the text encoder of this motion-text model'
        raise InputError(source, 'embedding', problem, fix)
    if getattr(motion_text, 'takes_translation', False):
        _ = found.translation  # raises if it has none
    return found


def write_dictionary(
    path: str | PathLike[str],
    labels: Sequence[str],
    embedding: np.ndarray,
    encoder: str,
    exemplars: Mapping[str, Sequence[str] | Sequence[int]],
    rotvec: np.ndarray,
    ankle: np.ndarray | None = None,
) -> Path:
    """Write a dictionary atomically.

    Args:
        path: File ending in ``.npz``.
        labels: Sorted, normalised labels.
        embedding: ``[L, D]``.
        encoder: Name of the text encoder.
        exemplars: ``exemplar``, ``source`` and ``length`` of each label.
        rotvec: ``[L, 60, 24, 3]``, radians.
        ankle: ``[L, 60, 3]``, m, or None.

    Returns:
        The file.

    Raises:
        InputError: If the content is invalid.
    """
    path = Path(path)
    data = {
        'schema': np.array(SCHEMA),
        'label': np.array(labels),
        'embedding': np.asarray(embedding, np.float32),
        'encoder': np.array(encoder),
        'exemplar': np.array(exemplars['exemplar']),
        'source': np.array(exemplars['source']),
        'length': np.array(exemplars['length'], np.int64),
        'rotvec': np.asarray(rotvec, np.float32),
    }
    if ankle is not None:
        data['ankle'] = np.asarray(ankle, np.float32)
    _check(path, data)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f'.{path.name}.{os.getpid()}.tmp')
    try:
        with draft.open('wb') as file:
            np.savez_compressed(file, **data)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _check(path: Path, data: dict[str, np.ndarray]) -> None:
    """Check the fields; raises InputError."""
    if str(data['schema']) != SCHEMA:
        problem = f'{data["schema"]} is not {SCHEMA}'
        raise InputError(path, 'schema', problem, _FIX)
    labels = data['label'].tolist()
    if not labels or labels != sorted(set(labels)):
        raise InputError(path, 'label', 'is not sorted and unique', _FIX)
    for label in labels:
        if normalise(label) != label:
            problem = f'{label!r} must be {normalise(label)!r}'
            raise InputError(path, 'label', problem, _FIX)
    count = len(labels)
    shapes = {
        'rotvec': (count, FRAMES, NUM_JOINTS, 3),
        'ankle': (count, FRAMES, 3),
    }
    optional = ('ankle',) if 'ankle' in data else ()
    for name in (*_FIELDS, *optional):
        found = data[name].shape
        if found != shapes.get(name, (count, *found[1:])):
            raise InputError(path, name, f'is {list(found)}', _FIX)
    for name in ('rotvec', 'embedding', *optional):
        if not np.isfinite(data[name]).all():
            raise InputError(path, name, 'holds NaN or infinity', _FIX)
    norm = np.linalg.norm(data['embedding'], axis=-1)
    if data['embedding'].ndim != 2 or not np.allclose(norm, 1, atol=1e-3):
        raise InputError(path, 'embedding', 'is not of unit length', _FIX)
