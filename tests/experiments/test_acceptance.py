"""Criteria that a test set must meet before any method runs on it."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from semtta_mm.datasets.track_io import save_track
from semtta_mm.experiments.acceptance import (
    CRITERIA,
    Measured,
    check_runs,
    judged,
    together,
    variants_in,
)
from semtta_mm.experiments.evidence_check import evidence_values
from semtta_mm.experiments.evidence_worth import worth
from semtta_mm.experiments.unobserved_errors import TRUE_HIDDEN
from semtta_mm.structures import PersonTrack
from semtta_mm.utils import InputError

NAME = 'open_dev_handheld_00_blocks'


@pytest.fixture
def folder(tmp_path):
    """One clip of six frames whose track lacks the first one."""
    place = tmp_path / 'clips' / 'open_dev_handheld_00' / 'blocks'
    place.mkdir(parents=True)
    truth = np.full((6, 23, 2), 50.0)
    occluded = np.zeros((6, 23), bool)
    occluded[3:, 13:] = True
    np.savez(
        place / 'truth.npz',
        keypoints=truth,
        occluded=occluded,
        outside=np.zeros((6, 23), bool),
    )
    manifest = {'variants': {'clear': '', 'blocks': ''}}
    (tmp_path / 'manifest.json').write_text(json.dumps(manifest))
    return tmp_path


@pytest.fixture
def track():
    scores = np.full((5, 23), 0.9)
    scores[:, [18, 21]] = 0  # not of the detector
    scores[3:, 13:] = 0
    scores[0] = 0
    return PersonTrack(
        name=NAME,
        frame_ids=np.arange(1, 6),
        fps=30,
        boxes=np.tile([0.0, 0, 50, 100], (5, 1)),
        keypoints=np.full((5, 23, 2), 53.0),
        scores=scores,
        convention='coco_23',
    )


def test_evidence(folder, track):
    values = evidence_values({folder: [track]})
    missing = 21 + 2 * 8
    assert values['missing'] == pytest.approx(missing / (5 * 21))
    assert values['hidden'] == pytest.approx(3 * 8 / (5 * 21))
    # Frame 3 is the third of the track: 8 of 24 hidden ones are guessed.
    assert values['guessed'] == pytest.approx(8 / 24)
    assert values['error_px'] == pytest.approx(3 * np.sqrt(2))
    assert values['error_share'] == pytest.approx(0.03 * np.sqrt(2))
    assert values['no_person'] == pytest.approx(1 / 5)
    assert values['covered'] == pytest.approx(5 / 6)


def test_evidence_of_a_set_without_occluders(folder, track):
    path = folder / 'clips' / 'open_dev_handheld_00' / 'blocks' / 'truth.npz'
    np.savez(path, keypoints=np.zeros((6, 23, 2)))
    values = evidence_values({folder: [track]})
    assert values['hidden'] is None and values['guessed'] is None
    save_track(folder / 'tracks' / 'blocks' / f'{NAME}.npz', track)


def test_worth_is_a_mean_over_clips():
    names = ['a_00_clear', 'a_00_blocks', 'a_01_blocks']
    detected = {
        'a_00_clear': {
            'mpjpe': 90.0,
            'mpjpe_occluded': None,
            TRUE_HIDDEN: None,
        },
        'a_00_blocks': {
            'mpjpe': 110.0,
            'mpjpe_occluded': 200.0,
            TRUE_HIDDEN: 120.0,
        },
        'a_01_blocks': {
            'mpjpe': 140.0,
            'mpjpe_occluded': 100.0,
            TRUE_HIDDEN: 90.0,
        },
    }
    after = {
        'detected': detected,
        'visible': {name: {'mpjpe': 108.0} for name in names},
        'true': {name: {'mpjpe': 100.0} for name in names},
    }
    before = {
        name: {
            'root_constant_deg': value,
            'root_shown_deg': value - 1,
            'mpjpe': 9 * value,
        }
        for name, value in zip(names, (4.0, 6.0, 15.0), strict=True)
    }
    values = worth(before, after, names)
    assert values['root_constant_deg'] == pytest.approx((5 + 15) / 2)
    assert values['root_shown_deg'] == pytest.approx((4 + 14) / 2)
    assert values['mpjpe_before'] == pytest.approx((45 + 135) / 2)
    assert values['mpjpe'] == pytest.approx((100 + 140) / 2)
    assert values['exact_2d_worth'] == pytest.approx(12)
    assert values['true_2d_worth'] == pytest.approx(20)
    assert values['mpjpe_occluded'] == pytest.approx(150)
    assert values['hidden_worth'] == pytest.approx(1 - 105 / 150)
    nothing = worth({}, after | {'visible': {}}, names[:1])
    assert nothing['root_constant_deg'] is None
    assert nothing['hidden_worth'] is None
    assert nothing['exact_2d_worth'] is None


def test_sets_together(folder, track):
    """Two sets of one clip each."""
    other = replace(track, name=NAME.replace('_00_', '_01_'))
    clips = folder.with_name('other') / 'clips'
    shutil.copytree(folder / 'clips', clips)
    (clips / 'open_dev_handheld_00').rename(clips / 'open_dev_handheld_01')
    errors = {'mpjpe': 90.0, 'mpjpe_occluded': 120.0, TRUE_HIDDEN: 60.0}
    parts = [
        Measured(
            {'blocks': {place: [one]}},
            {one.name: {'root_constant_deg': 4.0 + n}},
            {
                'detected': {one.name: errors},
                'visible': {one.name: {'mpjpe': 80.0 - n}},
                'true': {one.name: {'mpjpe': 70.0 + 4 * n}},
            },
        )
        for n, (place, one) in enumerate(
            ((folder, track), (clips.parent, other))
        )
    ]
    rows = together(parts).rows()
    assert set(rows) == {'blocks', 'all'}
    assert rows['all'] == rows['blocks']
    assert rows['all']['root_constant_deg'] == pytest.approx(4.5)
    assert rows['all']['exact_2d_worth'] == pytest.approx(10.5)
    assert rows['all']['true_2d_worth'] == pytest.approx(18)
    assert rows['all']['hidden_worth'] == pytest.approx(0.5)
    alone = evidence_values({folder: [track]})
    assert rows['all']['missing'] == alone['missing']
    assert rows['all']['covered'] == alone['covered']


def test_criteria():
    values = {
        'missing': 0.2,
        'root_shown_deg': 12.0,
        'exact_2d_worth': 25.0,
        'hidden_worth': None,
    }
    found = {c['name']: c['met'] for c in judged(values)}
    assert found == {
        'missing': True,
        'root_shown_deg': False,
        'exact_2d_worth': True,
        'hidden_worth': False,
    }
    assert {c.name for c in CRITERIA} == set(values)


def test_runs_and_variants(folder, tmp_path):
    assert variants_in(folder) == ('clear', 'blocks')
    config = tmp_path / '2d_smooth.py'
    config.write_text("method = '2d'\n")
    runs = check_runs(folder, config, ('clear',))
    assert [r.evidence for r in runs] == ['detected', 'visible', 'true']
    assert len({run.name for run in runs}) == 3
    (folder / 'manifest.json').write_text('{}')
    with pytest.raises(InputError, match='not complete'):
        variants_in(folder)
