"""The console of the commands, on a terminal and in a pipe."""

import io

import pytest
from rich.console import Console

from semtta_mm.utils.console import FieldList, make_console

PATH = 'data/' + 'folder/' * 20 + 'file.npz'


@pytest.fixture(autouse=True)
def no_width(monkeypatch):
    monkeypatch.delenv('COLUMNS', raising=False)


def test_a_pipe_gets_the_text_as_it_is(capsys):
    make_console().print(f'[bold]written[/]: {PATH} 12.5 :smile:')
    make_console(stderr=True).print('an error')
    captured = capsys.readouterr()
    assert captured.out == f'[bold]written[/]: {PATH} 12.5 :smile:\n'
    assert captured.err == 'an error\n'


LIST = FieldList(
    '1 missing',
    [('3DPW', {'path': PATH, 'how': 'word ' * 30})],
    'relative to /somewhere',
)


def test_a_list_keeps_a_path_whole_in_a_pipe(capsys):
    make_console().print(LIST)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ['1 missing', '3DPW', f'  path  {PATH}']
    assert lines[-1] == 'relative to /somewhere'
    assert len(lines) == 5


@pytest.mark.parametrize('width', [60, 80])
def test_a_list_fits_a_terminal(width):
    console = Console(
        width=width,
        file=io.StringIO(),
        force_terminal=True,
        color_system=None,
    )
    console.print(LIST, soft_wrap=True)
    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    text = ''.join(line.strip() for line in lines)
    assert PATH in text and '…' not in text
    assert text.count('word') == 30
