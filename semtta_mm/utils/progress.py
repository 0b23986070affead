"""Progress bars that keep their numbers on a narrow terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column

from .console import make_console

Item = TypeVar('Item')

BAR = 8
TIME = 7
"""Widths of the bar and of the time, ``h:mm:ss``, cells."""


def make_progress(console: Console, transient: bool = False) -> Progress:
    """A bar with description, count, details and time.

    Only the description is folded where there is no room. The bar is drawn
    on terminals only. Give each task a field ``details``.

    Args:
        console: Console of the bar.
        transient: Remove the bar when it is done.
    """

    def fixed() -> Column:
        return Column(no_wrap=True)

    return Progress(
        TextColumn(
            '{task.description}',
            markup=False,
            table_column=Column(overflow='fold'),
        ),
        BarColumn(bar_width=BAR, table_column=fixed()),
        MofNCompleteColumn(table_column=fixed()),
        TextColumn(
            '{task.fields[details]}', markup=False, table_column=fixed()
        ),
        TimeRemainingColumn(elapsed_when_finished=True, table_column=fixed()),
        console=console,
        transient=transient,
        disable=not console.is_terminal,
    )


def with_progress(
    items: Iterable[Item], name: str, total: int
) -> Iterator[Item]:
    """Yield items beside a bar on stderr.

    Args:
        items: In any form, such as a generator.
        name: Description of the bar.
        total: Number of items.
    """
    with make_progress(make_console(stderr=True)) as bar:
        task = bar.add_task(name, total=total, details='')
        for item in items:
            yield item
            bar.advance(task)


def details_width(console: Console, name: str, total: int) -> int:
    """Width that is left for details beside a bar, cells.

    Args:
        console: Console of the bar.
        name: Description of the bar; takes at most a third of the width.
        total: Number of steps.
    """
    count = 2 * len(str(total)) + 1
    used = min(len(name), console.width // 3) + BAR + count + TIME
    return console.width - used - 4  # a space between each two columns


def values_text(values: Mapping[str, float], width: int | None = None) -> str:
    """Names and values, as many as fit.

    Args:
        values: In the order of their importance.
        width: Cells; None sets no limit.
    """
    parts: list[str] = []
    for name, value in values.items():
        parts.append(f'{name} {value:.3f}')
        if width is not None and len(' '.join(parts)) > width:
            return ' '.join(parts[:-1])
    return ' '.join(parts)


def finished_line(
    name: str,
    done: int,
    total: int | None,
    seconds: float,
    details: str = '',
) -> str:
    """Line that replaces a finished bar in a file or a pipe.

    Args:
        name: Description of the task.
        done: Steps taken.
        total: Number of steps; None leaves the count out.
        seconds: Duration, s.
        details: Further numbers.
    """
    time = str(timedelta(seconds=int(seconds)))
    count = '' if total is None else f'{done}/{total}'
    parts = (name, count, details, time)
    return ' '.join(part for part in parts if part)
