"""Tables at several widths."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from semtta_mm.utils.wide_table import WideTable

METRICS = [f'metric {i}\nmm' for i in range(9)]


def rendered(table, width, terminal):
    """Lines without control codes, trailing spaces kept."""
    console = Console(
        width=width,
        file=io.StringIO(),
        force_terminal=terminal,
        color_system=None,
    )
    console.print(table, soft_wrap=True)
    return console.file.getvalue().splitlines()


def table_of(*names):
    table = WideTable(
        ['track', 'stage'], METRICS, title='a title', caption='a caption'
    )
    for i, name in enumerate(names):
        for stage in ('before', 'after'):
            numbers = [f'{10 * i + j}.{len(stage)}' for j in range(9)]
            table.add_row(name, stage, *numbers)
    return table


@pytest.mark.parametrize('terminal', [True, False])
@pytest.mark.parametrize('width', [40, 60, 80, 200])
def test_every_number_is_there_and_no_line_too_long(width, terminal):
    names = ['cam01', 'downtown_walkUphill_00_of_a_long_name']
    lines = rendered(table_of(*names), width, terminal)
    assert max(map(cell_len, lines)) <= width
    text = '\n'.join(lines)
    assert '…' not in text
    words = text.split()
    for i in range(2):
        for j in range(9):
            assert words.count(f'{10 * i + j}.6') == 1
            assert words.count(f'{10 * i + j}.5') == 1
    assert lines[0] == 'a title' and 'a caption' in lines


def test_a_long_name_is_folded_not_the_numbers():
    name = 'n' * 100
    lines = rendered(table_of(name), 60, True)
    assert ''.join(lines).count('n' * 20) >= 5
    assert all(f'{j}.6' in ' '.join(lines) for j in range(9))


def test_repeated_keys_stay_in_a_pipe():
    table = table_of('cam01')
    on_terminal = rendered(table, 200, True)
    assert sum('cam01' in line for line in on_terminal) == 1
    in_pipe = rendered(table, 200, False)
    assert sum('cam01' in line for line in in_pipe) == 2
    assert '\n'.join(in_pipe).isascii()


def test_a_column_is_not_alone_in_the_second_table():
    heads = [f'{letter * 6}' for letter in 'abcdef']
    table = WideTable(['key'], heads)
    table.add_row('k', *(f'{i}{i}{i}{i}{i}{i}' for i in range(6)))
    lines = rendered(table, 3 + 5 * 8, False)
    assert lines[0].split() == ['key', *heads[:4]]
    second = lines.index('') + 1
    assert lines[second].split() == ['key', *heads[4:]]


def test_a_section_draws_a_line_and_repeats_the_key():
    table = WideTable(['a', 'b'], ['c'])
    table.add_row('x', 'y', '1')
    table.add_section()
    table.add_row('x', 'z', '2')
    lines = rendered(table, 80, True)
    assert [line.split() for line in lines[2:5]] == [
        ['x', 'y', '1'],
        ['─' * 7],
        ['x', 'z', '2'],
    ]


def test_text_to_the_left_numbers_to_the_right():
    table = WideTable(['key'], ['word', 'number'], left=['word'])
    table.add_row('k', 'w', '1')
    assert rendered(table, 80, False)[2] == 'k    w          1'


def test_brackets_are_no_markup():
    table = WideTable(['key'], ['value'])
    table.add_row('[bold]walk', '1')
    assert '[bold]walk' in '\n'.join(rendered(table, 80, True))


def test_a_missing_cell_is_a_bug():
    with pytest.raises(ValueError, match='2, but 3 columns'):
        WideTable(['key'], ['a', 'b']).add_row('k', '1')
