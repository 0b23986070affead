"""Files of label readouts: npz.

========== ======== =================================================
field      shape    meaning
========== ======== =================================================
schema     []       ``'semtta_mm/label_readout/1'``
label      [L]      labels of the dictionary
mean       [D]      subtracted from an embedding, float32
weight     [D, L]   float16
bias       [L]      float32
root       [3, 3]   global rotation of every frame, float32
encoder    []       digests of the encoders, joined by +
dictionary []       digest of the dictionary, hexadecimal
made_from  []       how it was made, as text
========== ======== =================================================
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...checkpoints.shipped import WEIGHTS
from ...utils import InputError, read_npz
from ...utils.files import write_atomically
from ...utils.required_files import RequiredFile
from .label_readout import FIX, LabelReadout

SCHEMA = 'semtta_mm/label_readout/1'
"""Value of the field ``schema``; increased when the layout changes."""

_SUFFIX = '.labels.npz'
_ARRAYS = ('mean', 'weight', 'bias', 'root')
_FIELDS = ('schema', 'label', 'encoder', 'dictionary', *_ARRAYS)


def readout_path(name: str | PathLike[str]) -> Path:
    """File of a readout: beside the shipped weights, or a path."""
    shipped = WEIGHTS / f'{name}{_SUFFIX}'
    return shipped if shipped.is_file() else Path(name)


READOUT_FILE = RequiredFile(
    'readout',
    'label readout of a motion-text model',
    '`semtta fit-labels CONFIG data/motions_plus/train.npz --out FILE`; '
    'motion_text_open is in the package',
    lambda value, _: readout_path(value).is_file(),
)
"""For the ``required_files`` of parts that read one."""


def read_readout(name: str | PathLike[str]) -> LabelReadout:
    """Read a readout.

    Args:
        name: A shipped name such as ``'motion_text_open'``, or a file.

    Raises:
        InputError: If the file is missing, broken or of another schema.
    """
    path = readout_path(name)
    data = read_npz(path, FIX, _FIELDS)
    if str(data['schema']) != SCHEMA:
        raise InputError(path, 'schema', f'is not {SCHEMA}', FIX)
    arrays = {key: torch.from_numpy(data[key]).float() for key in _ARRAYS}
    labels = tuple(data['label'].tolist())
    shape = len(arrays['mean']), len(labels)
    if arrays['weight'].shape != shape or len(arrays['bias']) != len(labels):
        problem = f'is not {list(shape)}, as mean and label are'
        raise InputError(path, 'weight', problem, FIX)
    return LabelReadout(
        labels=labels,
        encoder=str(data['encoder']),
        dictionary=str(data['dictionary']),
        source=str(path),
        **arrays,
    )


def write_readout(path: Path, readout: LabelReadout, made_from: str) -> Path:
    """Write a readout atomically.

    Args:
        path: File ending in ``.npz``.
        readout: Its content.
        made_from: Command and data, for readers of the file.

    Returns:
        The file.
    """
    arrays: dict[str, Any] = {
        'schema': np.array(SCHEMA),
        'label': np.array(readout.labels),
        'encoder': np.array(readout.encoder),
        'dictionary': np.array(readout.dictionary),
        'made_from': np.array(made_from),
        'mean': readout.mean.numpy(),
        'weight': readout.weight.half().numpy(),
        'bias': readout.bias.numpy(),
        'root': readout.root.numpy(),
    }

    def write(draft: Path) -> None:
        with draft.open('wb') as file:
            np.savez_compressed(file, **arrays)

    write_atomically(path, write)
    return path
