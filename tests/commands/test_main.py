"""``semtta``: the list of commands, and the help of each."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from semtta_mm import __version__
from semtta_mm.commands.main import (
    COMMANDS,
    GROUPS,
    OLD_NAMES,
    main,
)

TOOLS = Path(__file__).parents[2] / 'tools'
TOOL_NAMES = {'adapt': 'tta'}
WITHOUT_TOOL = {'install-mm'}


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    monkeypatch.setenv('COLUMNS', '80')


def help_of(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main([*arguments, '--help'])
    assert stop.value.code == 0
    return capsys.readouterr().out


def test_help_groups_the_commands(capsys):
    text = help_of(capsys)
    assert max(map(len, text.splitlines())) <= 80
    places = [text.index(f'\n{title}:\n') for title in GROUPS]
    assert places == sorted(places)
    listed = re.findall(r'^  ([a-z][\w-]+)  +(\S.*)$', text, re.MULTILINE)
    assert dict(listed) == COMMANDS
    assert 'describe-crops' not in text


def test_every_command_has_one_line():
    assert len(COMMANDS) == sum(map(len, GROUPS.values()))
    assert not set(OLD_NAMES) & set(COMMANDS)
    assert set(OLD_NAMES.values()) <= set(COMMANDS)


@pytest.mark.parametrize('name', COMMANDS)
def test_help_of_every_command(name, capsys):
    text = help_of(capsys, name)
    assert text.startswith(f'usage: semtta {name} ')
    description = text.split('\n\n')[1]
    assert description[0].isupper() and description.endswith('.')
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize('dataset', ['3dpw', '3dhp', 'h36m', 'humandata'])
def test_help_of_a_data_set(dataset, capsys):
    text = help_of(capsys, 'convert', dataset)
    assert text.startswith(f'usage: semtta convert {dataset} ')
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize('name', sorted(set(COMMANDS) - WITHOUT_TOOL))
def test_tools_run_the_commands(name):
    tool = TOOL_NAMES.get(name, name.replace('-', '_'))
    source = (TOOLS / f'{tool}.py').read_text()
    assert f"main(['{name}', *sys.argv[1:]])" in source


def test_threads_wait_passively(monkeypatch):
    monkeypatch.delenv('OMP_WAIT_POLICY', raising=False)
    with pytest.raises(SystemExit):
        main(['doctor', '--help'])
    assert os.environ['OMP_WAIT_POLICY'] == 'PASSIVE'
    monkeypatch.setenv('OMP_WAIT_POLICY', 'ACTIVE')
    with pytest.raises(SystemExit):
        main(['doctor', '--help'])
    assert os.environ['OMP_WAIT_POLICY'] == 'ACTIVE'


def test_no_arguments_print_the_help(capsys):
    assert main([]) == 2
    assert 'Prepare data:' in capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit) as stop:
        main(['--version'])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f'semtta_mm {__version__}\n'


@pytest.mark.parametrize(
    ('name', 'near'),
    [
        ('adpat', 'did you mean adapt?'),
        ('prepare', 'prepare-smpl or prepare-pose2sim'),
        ('xyz', 'Fix: `semtta --help` lists the commands'),
    ],
)
def test_unknown_command(name, near, capsys):
    assert main([name, '--out', 'x']) == 2
    error = capsys.readouterr().err
    assert error.startswith(f'error: semtta: {name}: is not a command')
    assert near in ' '.join(error.split())
    assert error.count('\n') == 1


@pytest.mark.parametrize(('old', 'new'), OLD_NAMES.items())
def test_old_names_run_the_new_command(old, new, capsys):
    with pytest.raises(SystemExit):
        main([old, '--help'])
    captured = capsys.readouterr()
    assert captured.out.startswith(f'usage: semtta {new} ')
    assert (
        captured.err == f'`semtta {old}` is deprecated, use `semtta {new}`\n'
    )


@pytest.mark.parametrize('old', OLD_NAMES)
def test_tools_of_old_names_warn(old, capsys, monkeypatch):
    tool = TOOLS / f'{old.replace("-", "_")}.py'
    monkeypatch.setattr(sys, 'argv', [str(tool), '--help'])
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(str(tool), run_name='__main__')
    assert stop.value.code == 0
    assert f'`semtta {old}` is deprecated' in capsys.readouterr().err


def test_help_imports_no_command():
    code = (
        'import sys; from semtta_mm.commands.main import main\n'
        'try: main(["--help"])\n'
        'except SystemExit: pass\n'
        'assert not {"torch", "mmengine", "cv2"} & set(sys.modules)'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
