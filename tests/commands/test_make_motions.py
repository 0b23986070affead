"""Command make-motions: three files, one table, errors in one line."""

import numpy as np
import pytest
from asf_files import amc_text, asf_text

from semtta_mm.commands import make_motions
from semtta_mm.synthetic.motions.procedural import make_clip
from semtta_mm.training_data import read_motion_set


@pytest.fixture
def few(monkeypatch):
    """Two labels instead of all, and no captures of a package."""

    def few_clips(split, seed, per_label, rest_joints):
        assert rest_joints.shape == (24, 3)
        rng = np.random.default_rng(seed)
        return [
            make_clip(label, rng, 2.0, 30.0, split)
            for label in ('squat', 'wave a hand')
            for _ in range(per_label)
        ]

    monkeypatch.setattr(make_motions, 'open_clips', few_clips)


def test_writes_the_three_splits(few, tmp_path, capsys):
    cmu = tmp_path / 'cmu.npz'
    columns = np.zeros((20, 117), np.float32)
    names = ['train/running/running_1', 'train/running/running_5']
    np.savez(cmu, **dict.fromkeys([*names, 'test/walking/walking_1'], columns))
    arguments = ['--out', str(tmp_path / 'm'), '--per-label', '2']
    assert make_motions.main([*arguments, '--cmu', str(cmu)]) == 0
    first = {}
    for split, action in (
        ('train', 'running_1'),
        ('dev', 'running_5'),
        ('test', 'walking_1'),
    ):
        clips = read_motion_set(tmp_path / 'm' / f'{split}.npz')
        first[split], *made = clips
        assert first[split].name.endswith(action)
        assert first[split].fps == 60
        assert len(made) == 4
        assert {c.label for c in made} == {'squat', 'wave a hand'}
    table = capsys.readouterr().out
    assert [line.split()[1] for line in table.splitlines()[2:5]] == ['5'] * 3


def test_asf_amc_files_are_added(few, tmp_path, capsys):
    (tmp_path / '02.asf').write_text(asf_text())
    for trial in ('02_01', '02_02', '02_07'):
        (tmp_path / f'{trial}.amc').write_text(amc_text(*[{}] * 200))
    out = tmp_path / 'm'
    arguments = ['--out', str(out), '--per-label', '1']
    assert make_motions.main([*arguments, '--cmu-asfamc', str(tmp_path)]) == 0
    labels = {
        split: [
            clip.label
            for clip in read_motion_set(out / f'{split}.npz')
            if clip.source == 'cmu_subjects'
        ]
        for split in ('train', 'dev', 'test')
    }
    assert labels == {'train': ['walk', ''], 'dev': [], 'test': ['walk']}
    # Clips without a label are counted, their label is not.
    train = capsys.readouterr().out.splitlines()[2]
    assert train.split()[:3] == ['train', '4', '3']


def test_same_seed_same_motions(few, tmp_path):
    for folder, seed in (('a', '3'), ('b', '3'), ('c', '4')):
        out = str(tmp_path / folder)
        make_motions.main(['--out', out, '--seed', seed, '--per-label', '1'])
    a, b, c = (
        read_motion_set(tmp_path / name / 'train.npz')[0].pose
        for name in 'abc'
    )
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_bad_arguments_are_one_line(tmp_path, capsys):
    out = ['--out', str(tmp_path)]
    assert make_motions.main([*out, '--per-label', '0']) == 2
    assert '--per-label: value: is below 1' in capsys.readouterr().err
    missing = str(tmp_path / 'none.npz')
    assert make_motions.main([*out, '--cmu', missing]) == 2
    error = capsys.readouterr().err
    assert 'none.npz: file: does not exist' in error
    assert error.count('\n') == 1
    assert not list(tmp_path.iterdir())
