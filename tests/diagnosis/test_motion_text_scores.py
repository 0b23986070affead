"""Retrieval and ranking by hand; the whole summary on a toy space."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from semtta_mm.commands.eval_motion_text import main
from semtta_mm.diagnosis.motion_text import DEGRADED, MotionTextScores
from semtta_mm.diagnosis.motion_windows import cut_windows
from semtta_mm.diagnosis.retrieval import (
    above_others,
    best_wrong,
    macro_mean,
    right_rank,
)
from semtta_mm.models.motion_text import MotionCLIP, read_dictionary
from semtta_mm.models.motion_text.dictionary_file import write_dictionary
from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.synthetic.motions.procedural import make_clip
from semtta_mm.training_data import MotionClip
from semtta_mm.utils import InputError

OPTIONS = dict(
    width=16, layers=1, heads=2, feedforward=16, frames=30, positions=None
)


def test_retrieval_by_hand():
    scores = torch.tensor([[0.9, 0.5, 0.1], [0.3, 0.2, 0.2], [0.4, 0.6, 0.5]])
    label = torch.tensor([0, 1, 2])
    assert right_rank(scores, label).tolist() == [0, 2, 1]  # a tie loses
    assert best_wrong(scores, label).tolist() == [
        pytest.approx(v) for v in (0.5, 0.3, 0.6)
    ]
    # Text 0: 0.9 is above both; 1: 0.2 is above none; 2: 0.5 is above both.
    assert above_others(scores, label).tolist() == [1.0, 0.0, 1.0]


def test_macro_mean_counts_labels_not_samples():
    values = torch.tensor([1.0, 1, 1, 0])
    assert macro_mean(values, torch.tensor([5, 5, 5, 2])) == 0.5
    assert macro_mean(values[:0], values[:0].long()) is None


@pytest.fixture
def files(tmp_path):
    words = write_dictionary(
        tmp_path / 'words.npz',
        ['march in place', 'sit', 'squat'],
        np.eye(16)[:3],
        'axes',
        {
            'exemplar': ['sit'] * 3,
            'source': ['a'] * 3,
            'length': [60] * 3,
        },
        0.1 * np.random.default_rng(0).normal(size=(3, 60, 24, 3)),
    )
    rng = np.random.default_rng(0)
    labels = ('march in place', 'sit', 'squat')
    clips = [make_clip(label, rng, 3.0, 30.0, 'test') for label in labels]
    captured = make_clip('march in place', rng, 2.0, 60.0, 'test')
    captured = MotionClip('c', 'march in place', 'cmu', 60.0, captured.pose)
    unknown = MotionClip('d', 'swimming', 'cmu', 60.0, captured.pose)
    motions = write_motion_set(
        tmp_path / 'test.npz', [*clips, captured, unknown]
    )
    return words, motions, [*clips, captured, unknown]


def test_unlabelled_clips_are_not_unknown_ones(files):
    words, _, clips = files
    words = read_dictionary(words)
    subject = replace(clips[0], source='cmu_subjects')
    bare = replace(clips[0], label='')
    windows = cut_windows([subject, bare], words, 30)
    assert windows.unknown == {}
    assert windows.rows('cmu').tolist() == list(range(len(windows.label)))
    with pytest.raises(InputError, match='none can be measured'):
        cut_windows([bare], words)


def test_windows_are_spread_and_counted(files):
    words, _, clips = files
    words = read_dictionary(words)
    windows = cut_windows(clips, words, 30, per_clip=4, per_label=3)
    # 90 frames hold 5 half-overlapping windows, 4 and 3 are allowed.
    assert windows.label.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 0]
    assert windows.rows('cmu').tolist() == [9, 10, 11]
    assert len(windows.rows('open')) == 9 and len(windows.rows(None)) == 12
    assert windows.unknown == {'swimming': 1}
    torch.testing.assert_close(
        windows.pose[0].numpy(), clips[0].pose[:30].astype(np.float32)
    )
    long = cut_windows(clips[:1], words, 120)
    assert long.mask.sum(1).tolist() == [90]
    with pytest.raises(InputError, match='none can be measured'):
        cut_windows(clips[-1:], words)


def test_summary_of_a_toy_space(files):
    words, _, clips = files
    words = read_dictionary(words)
    torch.manual_seed(0)
    model = MotionCLIP(**OPTIONS)
    windows = cut_windows(clips, words, 30)
    scores = MotionTextScores.of(model, words, windows)
    summary = scores.summary('open')
    assert (summary['windows'], summary['labels']) == (9, 3)
    assert set(summary['true_above']) == {*DEGRADED, 'mislabelled'}
    # Sitting legs are still: freezing them is no clear change.
    legs = scores.degraded['frozen legs'][1][:9]
    assert (legs[3:6] < 5).all() and (legs[:3] > 5).all()
    counted = summary['true_above']['frozen legs']['windows']
    assert counted == (legs >= 5).sum() < 9
    assert summary['true_above']['jittered 10 deg']['windows'] == 9
    # The right column under the exemplar's root, computed separately.
    pose = windows.pose[3:4].clone()
    pose[:, :, 0] = words.root[1:2, :30]
    alone = torch.cosine_similarity(
        model(pose, windows.mask[3:4]), words.embedding[1:2]
    )
    torch.testing.assert_close(
        scores.swapped[3, 1], alone[0], atol=1e-5, rtol=0
    )
    frozen, change = scores.degraded['frozen body']
    assert change[0] > 5 and frozen[0] != scores.swapped[0, 0]
    again = MotionTextScores.of(model, words, windows)
    for name, (score, _) in scores.degraded.items():
        assert torch.equal(score, again.degraded[name][0]), name


def test_command(files, tmp_path, capsys):
    words, motions, _ = files
    model = MotionCLIP(**OPTIONS)
    torch.save(model.state_dict(), tmp_path / 'w.pth')
    config = tmp_path / 'toy.py'
    config.write_text(f"motion_text = dict(type='MotionCLIP', **{OPTIONS})")
    out = tmp_path / 'out' / 'scores.json'
    common = [str(config), str(motions), '--dictionary', str(words)]
    assert main([*common, '--out', str(out)]) == 2
    assert 'give a checkpoint with --weights' in capsys.readouterr().err
    weights = ['--weights', str(tmp_path / 'w.pth')]
    assert main([*common, '--out', str(out), *weights]) == 0
    report = json.loads(out.read_text())
    assert report['unknown_labels'] == {'swimming': 1}
    assert set(report['groups']) == {'cmu', 'open', 'all'}
    assert report['labels']['sit']['windows'] == 3
    assert 'retrieval' in capsys.readouterr().out
    (tmp_path / 'no.py').write_text('x = 1')
    assert main([str(tmp_path / 'no.py'), *common[1:], '--out', 'x']) == 2
    assert 'motion_text: is absent' in capsys.readouterr().err
