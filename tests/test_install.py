"""The installer, on the environment that `make test` made with it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from semtta_mm.commands.main import main
from semtta_mm.compat import install
from semtta_mm.utils import InputError

CONSTRAINTS = Path(__file__).parents[1] / 'requirements' / 'constraints.txt'

ACCEPTED = {
    'mmhuman3d': {
        'astropy',
        'cdflib',
        'chumpy',
        'colormap',
        'easydev',
        'h5py',
        'pandas',
        'pickle5',
        'plyfile',
        'rtree',
        'scikit-image',
        'tqdm',
        'trimesh',
        'vedo',
    },
    'mmpose': {'chumpy'},
}
"""What `pip check` may report as absent: required by metadata, never imported
by the parts that we use (docs/install.md)."""


def test_every_extra_is_needed_by_something():
    root = Path(__file__).parents[1]
    names = re.search(
        r'EXTRAS = \((.*?)\)', (root / 'setup.py').read_text(), re.DOTALL
    )
    extras = set(re.findall(r"'(\w+)'", names[1]))
    source = '\n'.join(
        path.read_text() for path in (root / 'semtta_mm').rglob('*.py')
    )
    asked = set(re.findall(r"extra\('(\w+)'\)", source))
    assert extras == asked | {'mm', 'dev', 'docs'}
    files = {path.stem for path in (root / 'requirements').glob('*.txt')}
    assert files == extras | {'core', 'constraints'}


def test_pip_check_has_no_new_complaint():
    done = subprocess.run(
        [sys.executable, '-m', 'pip', 'check'],
        capture_output=True,
        text=True,
        check=False,
    )
    pattern = re.compile(r'(\S+) \S+ requires (\S+), which is not installed\.')
    for line in done.stdout.splitlines():
        if line == 'No broken requirements found.':
            continue
        found = pattern.fullmatch(line)
        assert found, line
        assert found[2] in ACCEPTED.get(found[1], ()), line


def test_satisfied_environment_runs_no_pip(monkeypatch, capsys):
    monkeypatch.setattr(subprocess, 'run', pytest.fail)
    assert main(['install-mm', '-c', str(CONSTRAINTS)]) == 0
    assert capsys.readouterr().out == '[install-mm] nothing to do\n'


@pytest.fixture
def without(monkeypatch):
    """Pretend that distributions are absent."""

    def apply(*names):
        real = install.installed_version
        monkeypatch.setattr(
            install,
            'installed_version',
            lambda name: None if name in names else real(name),
        )

    return apply


def record(constraints=None):
    calls, lines = [], []
    install.install_mm(
        constraints, False, lines.append, lambda a, *_: calls.append(a)
    )
    return calls, lines


def test_requirements_are_installed_before_the_two_packages(without):
    without('munkres', 'mmpose', 'mmhuman3d')
    (needs, neighbours), lines = record(CONSTRAINTS)
    assert needs[:4] == ['install', '-q', '-c', str(CONSTRAINTS)]
    assert {'munkres>=1.1', 'numpy<2', 'opencv-python<4.12'} <= set(needs)
    assert not any('mmpose' in x or 'mmhuman3d' in x for x in needs)
    assert neighbours == [
        *('install', '-q', '--no-deps'),
        *('mmhuman3d==0.11.0', 'mmpose==1.3.2'),
    ]
    assert lines[0] == 'installing requirements: munkres>=1.1'
    assert lines[-1] == 'done'


def test_only_what_is_missing(without):
    without('mmpose')
    calls, _ = record()
    assert calls == [['install', '-q', '--no-deps', 'mmpose==1.3.2']]


def test_dry_run_prints_the_commands_and_runs_none(
    without, monkeypatch, capsys
):
    without('mmpose')
    monkeypatch.setattr(subprocess, 'run', pytest.fail)
    assert main(['install-mm', '--dry-run']) == 0
    out = capsys.readouterr().out
    assert 'pip install -q --no-deps mmpose==1.3.2' in out


def test_a_failure_of_pip_is_one_line(monkeypatch, capsys):
    monkeypatch.setenv('PIP_NO_INDEX', '1')
    monkeypatch.setattr(install, 'NEIGHBOURS', ('semtta-nowhere==1.0',))
    assert main(['install-mm']) == 1
    error = capsys.readouterr().err
    assert error.startswith('semtta install-mm: pip stopped with code 1')
    assert 'semtta-nowhere==1.0' in error
    assert error.count('\n') == 1


def test_constraints_count_as_requirements(tmp_path):
    path = tmp_path / 'constraints.txt'
    path.write_text('# comment\n--no-binary x\nmunkres==0.1  # too old\n')
    limits = install.read_constraints(path)
    wanted = [Requirement('munkres>=0.1'), Requirement('six')]
    assert install.unsatisfied(wanted, limits) == wanted[:1]
    assert install.unsatisfied(wanted, ()) == []


@pytest.mark.parametrize(
    ('text', 'problem'),
    [(None, 'there is no such constraint file'), ('a b c', 'a b c')],
)
def test_bad_constraint_files(tmp_path, capsys, text, problem):
    path = tmp_path / 'limits.txt'
    if text is not None:
        path.write_text(text)
    assert main(['install-mm', '-c', str(path)]) == 1
    error = capsys.readouterr().err
    assert f'{path}: ' in error
    assert problem in error


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Add the metadata of another distribution to the environment."""

    def add(name, module):
        info = tmp_path / f'{name.replace("-", "_")}-9.9.dist-info'
        info.mkdir()
        (info / 'METADATA').write_text(
            f'Metadata-Version: 2.1\nName: {name}\nVersion: 9.9\n'
        )
        (info / 'top_level.txt').write_text(module)
        monkeypatch.syspath_prepend(tmp_path)

    return add


def test_a_full_mmcv_is_never_overwritten(installed, without):
    installed('mmcv', 'mmcv')
    without('mmcv-lite', 'munkres')
    lines, calls = [], []
    with pytest.raises(install.InstallError) as caught:
        install.install_mm(
            None, False, lines.append, lambda a, *_: calls.append(a)
        )
    assert lines[0] == 'mmcv is kept in place of mmcv-lite'
    assert not any('mmcv' in argument for argument in calls[0])
    # Here the lite one is really there as well, which is refused by name.
    assert 'mmcv must come from exactly one' in str(caught.value)
    assert 'mmcv, mmcv-lite' in str(caught.value)


def test_two_providers_of_cv2_are_refused(installed, capsys):
    installed('opencv-python-headless', 'cv2')
    assert main(['install-mm']) == 1
    captured = capsys.readouterr()
    assert 'opencv-python-headless is kept' in captured.out
    assert 'opencv-python, opencv-python-headless' in captured.err


def test_errors_of_commands_are_one_line(monkeypatch, capsys):
    def bad(argv):
        raise InputError(argv[0], 'fps', 'is -1', 'give a positive number')

    monkeypatch.setattr(install, 'main', bad)
    assert main(['install-mm', 'video.mp4']) == 2
    assert capsys.readouterr().err == (
        'error: video.mp4: fps: is -1. Fix: give a positive number\n'
    )
