"""People of a video on the command line: progress, table and file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

from ..detection import Person, Progress
from ..detection.people.find import Stage
from ..utils.console import make_console
from ..utils.files import write_atomically
from ..utils.stage_bar import StageBar
from ..utils.wide_table import WideTable

FILE = 'people.json'


def add_person_option(parser: argparse.ArgumentParser) -> None:
    """``--person ID [ID ...]``."""
    parser.add_argument(
        '--person',
        type=int,
        nargs='+',
        metavar='ID',
        help='only these people, as --list-people names them; default: all',
    )


@contextmanager
def stage_bars(video: Path) -> Iterator[Stage]:
    """One progress bar for each stage; lines in a file or a pipe."""
    console = make_console(stderr=True)
    bars: list[StageBar] = []

    def stage(name: str) -> Progress:
        if bars:
            bars[-1].finish()
        bars.append(StageBar(console, f'{name} {video.name}'))
        return bars[-1].update

    try:
        yield stage
    finally:
        if bars:
            bars[-1].finish()


def people_rows(people: Sequence[Person]) -> list[dict[str, Any]]:
    """What is known of each person, as plain values."""
    rows = []
    for person in people:
        first, last = person.boxes.frame_ids[[0, -1]].tolist()
        measures = {
            name: round(value, 4) if isfinite(value) else None
            for name, value in asdict(person.evidence).items()
        }
        rows.append(
            {
                'id': person.id,
                'frames': len(person.poses),
                'first': first,
                'last': last,
                'height_px': round(person.height, 1),
                'evidence': measures,
            }
        )
    return rows


def people_table(people: Sequence[Person]) -> WideTable:
    """A row for each person."""
    table = WideTable(
        ['id'], ['frames', 'first', 'last', 'mean height (px)', 'score']
    )
    for row in people_rows(people):
        cells = (row['frames'], row['first'], row['last'], row['height_px'])
        score = f'{row["evidence"]["score"]:.2f}'
        table.add_row(str(row['id']), *map(str, cells), score)
    return table


def nobody(video: Path) -> str:
    """Message for a video without a person."""
    return f'{video.name}: no person was found'


def write_people(folder: Path, people: Sequence[Person]) -> Path:
    """Write :data:`FILE`: a list of :func:`people_rows`, or an empty one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    text = json.dumps(people_rows(people), indent=2) + '\n'
    write_atomically(path, lambda draft: draft.write_text(text, 'utf-8'))
    return path
