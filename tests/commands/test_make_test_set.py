import json

import numpy as np
import pytest
import torch

from semtta_mm.commands import make_test_set
from semtta_mm.synthetic.test_sets import SHIFTS, SIZES, build
from semtta_mm.synthetic.test_sets.manifest import start_manifest
from semtta_mm.training_data import MotionClip


def parsed(*more):
    words = ['--edition', 'open', '--split', 'dev', '--out', 'x', *more]
    return make_test_set.build_parser().parse_args(words)


def test_plan_of_arguments():
    plan = make_test_set.plan_of(parsed('--size', 'full', '--seed', '3'))
    assert (plan.clips, plan.min_frames, plan.max_frames) == (24, 120, 300)
    assert SIZES['small'] == (6, 120, 180)
    assert plan.name(2) == 'open_dev_02'
    unshifted = make_test_set.plan_of(parsed('--shift', 'none'))
    assert unshifted.name(2) == 'open_dev_unshifted_02'
    handheld = make_test_set.plan_of(parsed('--shift', 'handheld'))
    assert handheld.name(2) == 'open_dev_handheld_02'
    assert (handheld.size, plan.size) == (640, 256)


def test_motions_are_the_same_with_every_shift():
    plans = [
        make_test_set.plan_of(parsed('--shift', shift)) for shift in SHIFTS
    ]
    drawn = [plan.rng('motion').integers(2**32) for plan in plans]
    assert len(set(drawn)) == 1


def test_command_is_repeatable_and_has_no_folders():
    args = parsed('--edition', 'cmu', '--cmu', 'my files/a b.npz')
    line = make_test_set.command_line(args)
    assert "--cmu 'a b.npz'" in line
    assert line.startswith('semtta make-test-set --edition cmu --split dev')
    assert '--size-px 256' in line


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (['--edition', 'cmu'], '--cmu: file: is missing for --edition cmu'),
        (['--cmu', 'a.npz'], '--cmu: file: is not used for --edition open'),
        (['--workers', '0'], '--workers: value: is below 1'),
        (['--size-px', '65'], '--size-px: value: is 65'),
        (['--seed', '-1'], '--seed: value: is below 0'),
        (
            ['--edition', 'cmu', '--cmu', 'gone.npz'],
            'gone.npz: file: cannot be read (No such file or directory)',
        ),
    ],
)
def test_bad_arguments_are_one_line(tmp_path, capsys, options, message):
    base = ['--edition', 'open', '--split', 'dev', '--out', str(tmp_path)]
    assert make_test_set.main([*base, *options]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count('\n') == 1


@pytest.fixture
def few_motions(monkeypatch):
    """Six labels without the network: a body without motion."""
    pose = np.tile(np.eye(3), (130, 24, 1, 1))
    clips = [MotionClip(c, c, 'procedural', 30.0, pose) for c in 'abcdef']
    monkeypatch.setattr(build, 'source_motions', lambda *_: clips)
    monkeypatch.setitem(SIZES, 'small', (1, 12, 14))
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def test_whole_command(tmp_path, capsys, few_motions):
    words = ['--edition', 'open', '--split', 'test', '--out', str(tmp_path)]
    words += ['--size-px', '64', '--workers', '1']
    assert make_test_set.main(words) == 0
    assert '1 clips' in capsys.readouterr().out
    manifest = json.loads((tmp_path / 'manifest.json').read_text())
    assert manifest['complete']
    assert manifest['plan']['seed'] == 0
    (clip,) = manifest['clips']
    assert set(clip['sha256']) == {
        'truth',
        'none',
        'random',
        'lower_body',
        'block',
    }
    assert manifest['frames'] == clip['frames']
    assert (tmp_path / 'sheet.png').stat().st_size > 1000
    assert make_test_set.main(words) == 0  # nothing left to do
    assert json.loads((tmp_path / 'manifest.json').read_text()) == manifest
    capsys.readouterr()
    assert make_test_set.main([*words, '--seed', '5']) == 2
    assert 'is of another test set' in capsys.readouterr().err


def test_broken_manifest(tmp_path, capsys):
    (tmp_path / 'manifest.json').write_text('{')
    words = ['--edition', 'open', '--split', 'test', '--out', str(tmp_path)]
    assert make_test_set.main(words) == 2
    assert 'manifest.json: file: is not JSON' in capsys.readouterr().err


def test_an_unreadable_cmu_file_is_one_line(tmp_path, capsys):
    words = ['--edition', 'cmu', '--split', 'test', '--out', str(tmp_path)]
    assert make_test_set.main([*words, '--cmu', str(tmp_path / 'no')]) == 2
    error = capsys.readouterr().err
    assert 'no: file: cannot be read' in error and 'check --cmu' in error


def test_start_keeps_the_manifest_of_the_same_set(tmp_path):
    plan = make_test_set.plan_of(parsed())
    start_manifest(tmp_path, plan, 'one', None)
    start_manifest(tmp_path, plan, 'two', None)
    text = (tmp_path / 'manifest.json').read_text()
    assert json.loads(text)['command'] == 'one'
