"""The script of ``semtta completion`` in a real shell."""

import shutil
import subprocess

import pytest

from semtta_mm.commands import completion
from semtta_mm.commands.main import COMMANDS

shtab = pytest.importorskip('shtab')


@pytest.fixture(scope='module')
def parser():
    return completion.whole_parser()


@pytest.mark.parametrize('shell', completion.SHELLS)
def test_every_command_is_in_the_script(parser, shell):
    script = shtab.complete(parser, shell=shell)
    assert all(name in script for name in COMMANDS)
    assert 'max-frames' in script


def completed(script, *words):
    code = (
        f'source {script}; COMP_WORDS=({" ".join(words)}); '
        f'COMP_CWORD={len(words) - 1}; _shtab_semtta; echo "${{COMPREPLY[@]}}"'
    )
    done = subprocess.run(
        ['bash', '-c', code], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.skipif(shutil.which('bash') is None, reason='needs bash')
def test_bash_completes(parser, tmp_path):
    script = tmp_path / 'semtta.bash'
    script.write_text(shtab.complete(parser, shell='bash'))
    assert completed(script, 'semtta', 'do') == ['doctor']
    assert completed(script, 'semtta', 'run', '--max') == ['--max-frames']
    assert completed(script, 'semtta', 'adapt', '--lau') == ['--launcher']


def test_the_command_prints_it(parser, monkeypatch, capsys):
    monkeypatch.setattr(completion, 'whole_parser', lambda: parser)
    assert completion.main(['bash']) == 0
    printed = capsys.readouterr().out
    assert printed.strip() == shtab.complete(parser, shell='bash').strip()
