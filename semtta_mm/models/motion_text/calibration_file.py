"""Files of calibrations: JSON, one entry a label.

========== ==========================================================
field      meaning
========== ==========================================================
schema     ``'semtta_mm/calibration/1'``
encoder    digest of the encoder, hexadecimal
dictionary digest of the dictionary, hexadecimal
made_from  how it was made, as text
labels     label to ``windows``, ``cosine``, ``margin``,
           ``accept_cosine``, ``accept_margin``, ``up`` (three numbers)
           and ``up_spread``; null where there were no windows
========== ==========================================================
"""

from __future__ import annotations

import json
import math
from os import PathLike
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ...checkpoints.shipped import WEIGHTS
from ...utils import InputError
from ...utils.files import write_atomically
from ...utils.required_files import RequiredFile
from .calibration import FIX, Calibration

SCHEMA = 'semtta_mm/calibration/1'
"""Value of the field ``schema``; increased when the layout changes."""

_SUFFIX = '.calibration.json'
_NUMBERS = (
    'cosine',
    'margin',
    'accept_cosine',
    'accept_margin',
    'up_spread',
)
_DIGITS = 5


def calibration_path(name: str | PathLike[str]) -> Path:
    """File of a calibration: beside the shipped weights, or a path."""
    shipped = WEIGHTS / f'{name}{_SUFFIX}'
    return shipped if shipped.is_file() else Path(name)


CALIBRATION_FILE = RequiredFile(
    'calibration',
    'calibration of a motion-text model',
    '`semtta calibrate-alignment CONFIG data/motions/train.npz --out FILE`; '
    'motion_text_open is in the package',
    lambda value, _: calibration_path(value).is_file(),
)
"""For the ``required_files`` of parts that read one."""


def read_calibration(name: str | PathLike[str]) -> Calibration:
    """Read a calibration.

    Args:
        name: A shipped name such as ``'motion_text_open'``, or a file.

    Raises:
        InputError: If the file is missing, broken or of another schema.
    """
    path = calibration_path(name)
    try:
        data = json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError) as error:
        problem = f'cannot be read ({error})'
        raise InputError(path, 'file', problem, FIX) from error
    if not isinstance(data, dict) or data.get('schema') != SCHEMA:
        raise InputError(path, 'schema', f'is not {SCHEMA}', FIX)
    try:
        rows: dict[str, dict[str, Any]] = data['labels']
        values = {key: _column(rows, key) for key in _NUMBERS}
        return Calibration(
            labels=tuple(rows),
            windows=torch.tensor([row['windows'] for row in rows.values()]),
            up=_directions(rows),
            encoder=str(data['encoder']),
            dictionary=str(data['dictionary']),
            source=str(path),
            **values,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = f'has a missing or wrong entry ({error!r})'
        raise InputError(path, 'labels', problem, FIX) from error


def write_calibration(
    path: str | PathLike[str], calibration: Calibration, made_from: str
) -> Path:
    """Write a calibration atomically.

    Args:
        path: File ending in ``.json``.
        calibration: Its content.
        made_from: Command and data, for readers of the file.

    Returns:
        The file.
    """
    rows = {}
    for i, label in enumerate(calibration.labels):
        row: dict[str, Any] = {'windows': int(calibration.windows[i])}
        for key in _NUMBERS:
            row[key] = _number(getattr(calibration, key)[i])
        up = [_number(value) for value in calibration.up[i]]
        row['up'] = None if None in up else up
        rows[label] = row
    data = {
        'schema': SCHEMA,
        'encoder': calibration.encoder,
        'dictionary': calibration.dictionary,
        'made_from': made_from,
        'labels': rows,
    }
    text = json.dumps(data, indent=1) + '\n'
    path = Path(path)
    write_atomically(path, lambda draft: draft.write_text(text, 'utf-8'))
    return path


def _column(rows: dict[str, dict[str, Any]], key: str) -> Tensor:
    values = [row[key] for row in rows.values()]
    return torch.tensor([math.nan if v is None else float(v) for v in values])


def _directions(rows: dict[str, dict[str, Any]]) -> Tensor:
    nothing = [math.nan] * 3
    values = [row['up'] or nothing for row in rows.values()]
    return torch.tensor(values).reshape(len(rows), 3)


def _number(value: Tensor) -> float | None:
    found = float(value)
    return None if math.isnan(found) else round(found, _DIGITS)
