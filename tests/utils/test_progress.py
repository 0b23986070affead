"""Progress bars on narrow terminals, and what they leave in a pipe."""

import io
import re

import pytest
from rich.console import Console

from semtta_mm.utils.progress import (
    details_width,
    finished_line,
    make_progress,
    values_text,
)

VALUES = {
    'similarity': 0.961,
    'keypoints': 0.001,
    'smooth': 0.013,
    'align': 12.008,
    'prior_elbows': 3.5,
}


def last_frame(width, name, total):
    """Lines of a bar after 10 steps."""
    console = Console(
        width=width,
        file=io.StringIO(),
        force_terminal=True,
        color_system=None,
    )
    with make_progress(console) as bar:
        task = bar.add_task(name, total=total, details='')
        room = details_width(console, name, total)
        details = values_text(VALUES, room)
        bar.update(task, advance=10, details=details)
    last = console.file.getvalue().split('\x1b[2K')[-1]
    return re.sub(r'\x1b\[[^m]*?[a-zA-Z]', '', last).rstrip('\n').split('\n')


@pytest.mark.parametrize('total', [120, 12000])
@pytest.mark.parametrize('name', ['cam01', 'downtown_walkUphill_00_' * 2])
@pytest.mark.parametrize('width', [40, 60, 80, 120, 200])
def test_count_and_time_are_whole(width, name, total):
    lines = last_frame(width, name, total)
    assert max(len(line) for line in lines) <= width
    assert f'10/{total}' in lines[0]
    assert re.search(r'-:--:--|\d:\d\d:\d\d', lines[0])
    assert '…' not in ''.join(lines)


def test_as_many_values_as_fit():
    narrow = last_frame(60, 'cam01', 120)[0]
    assert 'similarity 0.961' in narrow and 'smooth' not in narrow
    usual = last_frame(80, 'cam01', 120)[0]
    assert 'keypoints 0.001 smooth 0.013' in usual and 'align' not in usual
    assert 'prior_elbows 3.500' in last_frame(200, 'cam01', 120)[0]


def test_nothing_is_drawn_in_a_pipe():
    console = Console(file=io.StringIO())
    with make_progress(console) as bar:
        bar.update(bar.add_task('a', total=3, details=''), advance=3)
    assert console.file.getvalue() == ''


def test_the_line_of_a_pipe():
    text = values_text(VALUES)
    line = finished_line('cam01', 120, 120, 65.7, text)
    assert line == f'cam01 120/120 {text} 0:01:05'
    assert text.endswith('align 12.008 prior_elbows 3.500')
    assert finished_line('runs', 2, 2, 0.2) == 'runs 2/2 0:00:00'
