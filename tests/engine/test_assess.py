from copy import deepcopy

import numpy as np
import pytest

from semtta_mm.engine.assess import assess
from semtta_mm.engine.refresh import refresh
from semtta_mm.evaluation import MeshMetric
from semtta_mm.evaluation.best_constant import best_constant
from semtta_mm.evaluation.track_sample import track_sample


def metric(**changes):
    options = dict(root='mid_hip', joint_set='limbs_12', pck_threshold=0.1)
    return MeshMetric(**(options | changes))


def test_the_truth_scores_zero(dataset, oracle, body):
    seen = []
    report = assess(
        oracle, body, dataset, metric(), lambda f, p: seen.append((f, p))
    )
    overall = report['overall']
    for name in ('mpjpe', 'pa_mpjpe', 'mpvpe'):
        assert overall[name] == pytest.approx(0, abs=0.01)
    assert overall['pck'] == 1
    moving = report['articulation']
    assert moving['yaw_median_deg'] == pytest.approx(0, abs=0.05)
    assert moving['swing_wrist'] == pytest.approx(1, abs=1e-3)
    assert len(seen) == 1 and seen[0][1].vertices is not None


def test_a_still_body_has_no_swing(dataset, standing, body):
    report = assess(standing, body, dataset, metric())
    assert report['overall']['mpjpe'] > 30
    assert report['articulation']['swing_wrist'] == pytest.approx(0, abs=1e-3)


def test_a_reference_has_the_body_of_its_gender(dataset, oracle, body):
    thick = deepcopy(body)
    thick.v_template *= 1.1
    bodies = {'neutral': thick}
    report = assess(oracle, body, dataset, metric(), reference_bodies=bodies)
    assert report['overall']['mpvpe'] > 10
    report = assess(
        oracle, body, dataset, metric(), reference_bodies={'male': thick}
    )
    assert report['overall']['mpvpe'] == pytest.approx(0, abs=0.01)


def test_a_metric_serves_again(dataset, oracle, standing, body):
    """A second network's numbers do not mix with the first's."""
    shared = metric()
    assess(standing, body, dataset, shared)
    report = assess(oracle, body, dataset, shared)
    assert report['overall']['mpjpe'] == pytest.approx(0, abs=0.01)


def test_best_constant_lies_between(dataset, oracle, standing, body):
    """Better than any other still body, worse than the truth."""
    rule = metric()
    sample = track_sample(dataset[0], refresh(oracle, body, dataset[0]), body)
    best = best_constant([sample], rule.protocol)
    still = assess(standing, body, dataset, rule)['overall']
    for name in ('mpjpe', 'pa_mpjpe'):
        assert 5 < best['overall'][name] < still[name]
    assert best['tracks']['someone'] == best['overall']


def test_pelvis_ray_turns_the_reference(dataset, oracle, body):
    """A reference that is off axis is compared as a crop sees it."""
    track = dataset[0].track
    prediction = refresh(oracle, body, dataset[0], vertices=True)
    camera = track_sample(dataset[0], prediction, body, 'camera')
    turned = track_sample(dataset[0], prediction, body, 'pelvis_ray')
    first = np.asarray(turned['reference']['joints'])[:, [1, 2]].mean(axis=1)
    np.testing.assert_allclose(first[:, :2], 0, atol=1e-3)
    lengths = [
        np.linalg.norm(np.asarray(s['reference'][key]), axis=-1)
        for s in (camera, turned)
        for key in ('joints', 'vertices')
    ]
    np.testing.assert_allclose(lengths[0], lengths[2], rtol=1e-4)
    np.testing.assert_allclose(lengths[1], lengths[3], rtol=1e-4)
    assert track.reference is not None
    with pytest.raises(ValueError, match='frame'):
        track_sample(dataset[0], prediction, body, 'world')
