"""Scores of an experiment as a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from ..utils import InputError
from .scores import Score

_PLACE = ('row', 'set_name', 'variant', 'clip', 'seed')
_LABEL = 'label'  # absent in files of earlier versions
_FIX = 'take a scores.csv that semtta benchmark wrote'


def write_scores(path: Path, scores: Sequence[Score]) -> None:
    """Write one line a track and run.

    Args:
        path: A CSV file: row, set_name, variant, clip, seed, label, then
            every metric to four decimals, empty where there is none.
        scores: Of all rows.
    """
    metrics = dict.fromkeys(m for score in scores for m in score.values)
    with path.open('w', encoding='utf-8', newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow([*_PLACE, _LABEL, *metrics])
        for score in scores:
            place = [getattr(score, name) for name in (*_PLACE, _LABEL)]
            values = [score.values.get(metric) for metric in metrics]
            writer.writerow([*place, *map(_cell, values)])


def read_scores_file(path: Path) -> list[Score]:
    """Read what :func:`write_scores` wrote.

    Args:
        path: The CSV file.

    Raises:
        InputError: If the file or a column is absent, or a cell no number.
    """
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', _FIX)
    with path.open(encoding='utf-8', newline='') as file:
        reader = csv.DictReader(file)
        for name in _PLACE:
            if name not in (reader.fieldnames or ()):
                raise InputError(path, name, 'is absent', _FIX)
        scores = []
        for line in reader:
            place = {name: line.pop(name) for name in _PLACE}
            label = line.pop(_LABEL, '')
            try:
                seed = int(place.pop('seed'))
                values = {
                    metric: float(cell) if cell else None
                    for metric, cell in line.items()
                }
            except (TypeError, ValueError) as error:
                where = f'line {reader.line_num}'
                raise InputError(path, where, str(error), _FIX) from error
            scores.append(
                Score(**place, seed=seed, values=values, label=label)
            )
    return scores


def _cell(value: float | None) -> str:
    return '' if value is None else f'{value:.4f}'
