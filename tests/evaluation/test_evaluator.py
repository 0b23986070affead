from copy import deepcopy

import numpy as np
import pytest

from semtta_mm.evaluation import (
    MAIN,
    MeshMetric,
    TrackEvaluator,
    build_protocols,
    stage_report,
)
from semtta_mm.evaluation.articulation import Articulation
from semtta_mm.evaluation.best_constant import best_constant
from semtta_mm.evaluation.track_sample import track_sample
from semtta_mm.models.estimators import predict_track
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

METRIC = dict(root='mid_hip', joint_set='limbs_12', pck_threshold=0.1)


@pytest.fixture
def protocol():
    return MeshMetric(**METRIC).protocol


@pytest.fixture
def evaluator(protocol, body):
    return TrackEvaluator({MAIN: protocol}, body)


def overall(evaluator, estimator, dataset):
    tracks = evaluator.run(estimator, dataset)
    errors = [track.errors[MAIN] for track in tracks]
    return stage_report(errors, evaluator.protocols[MAIN])['overall']


def test_the_truth_scores_zero(evaluator, dataset, oracle, body):
    (track,) = evaluator.run(oracle, dataset)
    values = track.errors[MAIN].values
    for name in ('mpjpe', 'pa_mpjpe', 'mpvpe'):
        assert values[name] == pytest.approx(0, abs=0.01)
    assert values['pck'] == 1
    moving = Articulation()
    moving.add(track.prediction, track.frames.reference, body)
    assert moving.report()['yaw_median_deg'] == pytest.approx(0, abs=0.05)
    assert moving.report()['swing_wrist'] == pytest.approx(1, abs=1e-3)
    assert track.prediction.vertices is not None


def test_a_still_body_has_no_swing(evaluator, dataset, standing, body):
    (track,) = evaluator.run(standing, dataset)
    assert track.errors[MAIN].values['mpjpe'] > 30
    moving = Articulation()
    moving.add(track.prediction, track.frames.reference, body)
    assert moving.report()['swing_wrist'] == pytest.approx(0, abs=1e-3)


def test_a_reference_has_the_body_of_its_gender(
    protocol, dataset, oracle, body
):
    thick = deepcopy(body)
    thick.v_template *= 1.1
    for gender, error in (('neutral', 10), ('male', 0)):
        judge = TrackEvaluator({MAIN: protocol}, body, {gender: thick})
        mpvpe = overall(judge, oracle, dataset)['mpvpe']
        assert mpvpe > 10 if error else mpvpe == pytest.approx(0, abs=0.01)


def test_a_track_is_predicted_once_for_all_protocols(dataset, oracle, body):
    protocols = build_protocols(
        dict(type='MeshMetric', **METRIC),
        {
            'absolute': dict(type='MeshMetric', **METRIC | {'root': 'none'}),
            'ray': dict(type='MeshMetric', frame='pelvis_ray', **METRIC),
        },
    )
    evaluator = TrackEvaluator(protocols, body)
    oracle.modes.clear()
    (track,) = evaluator.run(oracle, dataset)
    assert oracle.modes == [False]
    assert list(track.errors) == [MAIN, 'absolute', 'ray']
    for errors in track.errors.values():
        assert errors.values['pa_mpjpe'] == pytest.approx(0, abs=0.01)
    only = evaluator(track.frames, track.prediction, ('ray',))
    assert only == {'ray': track.errors['ray']}


def test_a_metric_without_a_protocol_is_refused():
    register_all_modules()
    with pytest.raises(InputError, match=r'other_metrics\.x.*no protocol'):
        build_protocols(
            dict(type='MeshMetric', **METRIC),
            {'x': dict(type='InpaintMetric')},
        )


def test_best_constant_lies_between(
    evaluator, protocol, dataset, oracle, standing, body
):
    """Better than any other still body, worse than the truth."""
    sample = track_sample(
        dataset[0], predict_track(oracle, body, dataset[0]), body
    )
    best = best_constant([sample], protocol)
    still = overall(evaluator, standing, dataset)
    for name in ('mpjpe', 'pa_mpjpe'):
        assert 5 < best['overall'][name] < still[name]
    assert best['tracks']['someone'] == best['overall']


def test_pelvis_ray_turns_the_reference(dataset, oracle, body):
    """A reference off the optical axis is turned to the pelvis' ray."""
    track = dataset[0].track
    prediction = predict_track(oracle, body, dataset[0], vertices=True)
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
