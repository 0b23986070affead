"""Stages in a file or a pipe, and on a terminal."""

import io

import pytest
from rich.console import Console

from semtta_mm.utils import stage_bar
from semtta_mm.utils.stage_bar import StageBar


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves."""
    now = [0.0]
    monkeypatch.setattr(stage_bar.time, 'monotonic', lambda: now[0])
    return now


def plain():
    return Console(file=io.StringIO(), width=80)


def lines(console):
    return console.file.getvalue().splitlines()


def test_a_long_stage_writes_a_line_every_half_minute(clock):
    console = plain()
    bar = StageBar(console, 'detect walk.mp4')
    for second in range(0, 71, 10):
        clock[0] = second
        bar.update(10 * second, 700)
    bar.finish()
    assert lines(console) == [
        'detect walk.mp4 300/700 0:00:30',
        'detect walk.mp4 600/700 0:01:00',
        'detect walk.mp4 700/700 0:01:10',
    ]


def test_a_short_stage_is_silent_unless_asked(clock):
    console = plain()
    StageBar(console, 'labels ann').finish()
    assert lines(console) == []
    bar = StageBar(console, 'adapt ann', 20, always=True)
    bar.update(20, details='similarity 0.900')
    bar.finish()
    assert lines(console) == ['adapt ann 20/20 similarity 0.900 0:00:00']


def test_a_stage_without_a_count(clock):
    console = plain()
    bar = StageBar(console, 'write ann')
    clock[0] = 4.0
    bar.finish()
    assert lines(console) == ['write ann 0:00:04']


def test_a_terminal_gets_the_bar_and_its_cursor_back():
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    bar = StageBar(console, 'read ann', 3)
    bar.update(3)
    bar.finish()
    text = console.file.getvalue()
    assert 'read ann' in text and '3/3' in text
    assert text.rindex('\x1b[?25h') > text.rindex('\x1b[?25l')
