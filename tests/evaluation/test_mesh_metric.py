"""MeshMetric from samples to numbers, through mmengine's Evaluator."""

import numpy as np
import pytest
import torch
from metric_samples import (
    H36M,
    KNEE,
    SPINE,
    make_sample,
    overall,
    run,
    with_evidence,
    with_vertices,
)
from mmengine.evaluator import Evaluator
from mmengine.registry import DefaultScope

from semtta_mm.conventions import keypoint_names
from semtta_mm.evaluation import METRIC_NAMES


def test_values_by_hand():
    """14 joints, one of them 28 mm off: 2 mm on average."""
    sample = with_evidence(with_vertices(make_sample(off=0.028), off=0.003))
    values = overall(sample)
    assert set(values) == set(METRIC_NAMES)
    assert values['mpjpe'] == pytest.approx(2.0)
    # The alignment lowers the root mean square, here 28 / sqrt(14) mm.
    assert 0 < values['pa_mpjpe'] < 28 / np.sqrt(14)
    assert values['mpvpe'] == pytest.approx(3.0)
    assert values['accel'] == pytest.approx(0, abs=1e-6)
    assert values['reproj_px'] == pytest.approx(5.0)
    assert values['pck'] == 1.0
    assert values['mpjpe_visible'] is values['mpjpe_occluded'] is None


def test_joint_set_and_root_change_the_number():
    sample = make_sample()
    hip = H36M.index('left_hip')
    sample['prediction']['joints']['h36m_17'][:, hip, 0] += 0.024
    # The hip itself is 24 mm off about the regressed pelvis ...
    assert overall(sample, joint_set='limbs_12')['mpjpe'] == pytest.approx(2)
    # ... and about the middle of the hips all joints are 12 mm off.
    limbs = overall(sample, root='mid_hip', joint_set='limbs_12')
    assert limbs['mpjpe'] == pytest.approx(12)


def test_root_need_not_be_in_the_joint_set():
    assert not set(keypoint_names('limbs_12')) & {'h36m_pelvis'}
    sample = make_sample()
    sample['prediction']['joints']['h36m_17'][:, 0, 2] += 0.007
    values = overall(sample, root='h36m_pelvis', joint_set='limbs_12')
    assert values['mpjpe'] == pytest.approx(7)
    assert values['pa_mpjpe'] == pytest.approx(0, abs=1e-6)


def test_without_root_the_position_counts():
    sample = make_sample()
    values = overall(sample, root='none')
    distance = 1000 * np.linalg.norm([0.2, -0.1, 5.0])
    assert values['mpjpe'] == pytest.approx(distance)


def test_joints_outside_the_set_do_not_count():
    sample = make_sample()
    sample['prediction']['joints']['h36m_17'][:, SPINE] += 1
    assert overall(sample)['mpjpe'] == pytest.approx(0, abs=1e-6)
    assert overall(sample, joint_set='h36m_17')['mpjpe'] > 50


def test_overall_is_frame_weighted():
    """Means per track 1 and 4 mm over 30 and 10 frames."""
    report = run(
        make_sample('long', 30, off=0.014), make_sample('short', 10, off=0.056)
    )
    assert report['tracks']['long']['mpjpe'] == pytest.approx(1)
    assert report['tracks']['short']['mpjpe'] == pytest.approx(4)
    assert report['overall']['mpjpe'] == pytest.approx(1.75)
    assert report['coverage']['frames'] == 40
    assert report['coverage']['evaluated'] == 40


def test_coverage_and_null_without_reference():
    plain = make_sample('video', 7, reference=None)
    report = run(make_sample('lab', 3, off=0.014), plain)
    assert report['coverage']['frames'] == 10
    assert report['coverage']['evaluated'] == 3
    assert report['tracks']['video']['evaluated'] == 0
    for name in METRIC_NAMES:
        assert report['tracks']['video'][name] is None
    assert report['overall']['mpjpe'] == pytest.approx(1)
    assert report['overall']['mpvpe'] is None
    assert report['coverage']['weights']['mpvpe'] == 0


def test_invalid_frames_are_left_out_even_as_nan():
    sample = with_vertices(make_sample(off=0.014), off=0.003)
    valid = np.array([True, True, False, True, True, True])
    sample['reference']['valid'] = valid
    sample['reference']['joints'][2] = np.nan
    sample['reference']['vertices'][2] = np.nan
    report = run(sample)
    assert report['coverage']['evaluated'] == 5
    assert report['overall']['mpjpe'] == pytest.approx(1)
    assert report['overall']['mpvpe'] == pytest.approx(3)
    weights = report['coverage']['weights']
    # Of frames 0 1 . 3 4 5 only frame 4 has both neighbours.
    assert (weights['mpjpe'], weights['mpvpe'], weights['accel']) == (5, 5, 1)


def test_missing_joints_are_left_out():
    sample = make_sample(off=0.014)
    wrist = H36M.index('left_wrist')
    flags = np.ones((6, 17), bool)
    flags[:3, wrist] = False
    sample['reference']['joints'][:3, wrist] = np.nan
    sample['reference']['joints_valid'] = flags
    # 14 mm over 13 joints in three frames, over 14 in the others.
    assert overall(sample)['mpjpe'] == pytest.approx((14 / 13 + 1) / 2)


def test_frame_without_root_still_has_a_shape_error():
    sample = with_vertices(make_sample(off=0.014), off=0.003)
    flags = np.ones((6, 17), bool)
    flags[0, 0] = False
    sample['reference']['joints'][0, 0] = np.nan
    sample['reference']['joints_valid'] = flags
    weights = run(sample)['coverage']['weights']
    assert weights['mpjpe'] == weights['mpvpe'] == 5
    assert weights['pa_mpjpe'] == 6
    # About the middle of the hips nothing is missing.
    weights = run(sample, root='mid_hip')['coverage']['weights']
    assert weights['mpjpe'] == weights['pa_mpjpe'] == 6


def test_occluded_joints_are_separate():
    sample = make_sample(off=0.028)
    occluded = np.zeros((6, 17), bool)
    occluded[:2, KNEE] = True
    sample['occluded'] = occluded
    report = run(sample)
    values, weights = report['overall'], report['coverage']['weights']
    assert values['mpjpe_occluded'] == pytest.approx(28)
    # The knee is observed in 4 frames, of 82 observed joints.
    assert values['mpjpe_visible'] == pytest.approx(4 * 28 / 82)
    assert weights['mpjpe_occluded'] == 2
    assert weights['mpjpe_visible'] == 82
    whole = 2 * values['mpjpe_occluded'] + 82 * values['mpjpe_visible']
    assert whole / 84 == pytest.approx(values['mpjpe'])


def test_pa_of_occluded_joints_is_aligned_over_all():
    """Scale and turn of the whole body are no error of the hidden knee."""
    turn = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    sample = make_sample()
    joints = sample['prediction']['joints']
    joints['h36m_17'] = 1.2 * joints['h36m_17'] @ turn
    sample['occluded'] = np.zeros((6, 17), bool)
    sample['occluded'][:, KNEE] = True
    values = overall(sample)
    assert values['pa_mpjpe_occluded'] == pytest.approx(0, abs=1e-6)
    assert values['mpjpe_occluded'] > 10
    # The fit divides an error of the knee among the joints of the fit.
    whole = overall(make_sample(off=0.028))['pa_mpjpe']
    sample = make_sample(off=0.028, occluded=sample['occluded'])
    assert whole < overall(sample)['pa_mpjpe_occluded'] < 28


def test_nothing_occluded_is_null_not_zero():
    sample = make_sample(off=0.014, occluded=np.zeros((6, 17), bool))
    values = overall(sample)
    assert values['mpjpe_occluded'] is None
    assert values['mpjpe_visible'] == pytest.approx(1)


def test_acceleration_units_and_gaps():
    sample = make_sample(frames=6)
    frame_ids = np.array([0, 1, 2, 50, 51, 52])
    fall = np.zeros((6, 17, 3))
    fall[:, 1:, 1] = (0.5 * 9.81 * (frame_ids / 30) ** 2)[:, None]
    sample['frame_ids'] = frame_ids
    sample['prediction']['joints']['h36m_17'] = (
        sample['reference']['joints'] + fall
    )
    assert overall(sample)['accel'] == pytest.approx(9.81)
    lineage = run(sample, accel_unit='mm/frame^2')
    assert lineage['overall']['accel'] == pytest.approx(10.9)
    assert lineage['protocol']['accel_unit'] == 'mm/frame^2'
    assert lineage['coverage']['weights']['accel'] == 2


def test_evidence_is_masked_by_visibility():
    sample = with_evidence(make_sample(reference=None), shift=15.0)
    sample['evidence']['visible'][:, 5:] = False
    sample['evidence']['visible'][4:] = False
    sample['evidence']['keypoints'][:, 9] = np.nan
    report = run(sample)
    assert report['overall']['reproj_px'] == pytest.approx(15)
    assert report['overall']['pck'] == 0
    assert report['coverage']['weights']['reproj_px'] == 4
    assert overall(sample, pck_threshold=0.1)['pck'] == 1


def test_long_tracks_of_vertices_are_split():
    frames = 600
    sample = with_vertices(make_sample(frames=frames), off=0.003)
    offs = np.linspace(0, 0.01, frames)
    sample['prediction']['vertices'][:, :, 0] += offs[:, None]
    expected = 1000 * np.hypot(0.003, offs).mean()
    report = run(sample)
    assert report['overall']['mpvpe'] == pytest.approx(expected)
    assert report['coverage']['weights']['mpvpe'] == frames


def test_tensors_and_arrays_agree():
    sample = with_evidence(with_vertices(make_sample(off=0.01), off=0.003))

    def as_tensors(value):
        if isinstance(value, dict):
            return {k: as_tensors(v) for k, v in value.items()}
        if isinstance(value, np.ndarray):
            return torch.from_numpy(value).requires_grad_(
                value.dtype == np.float64
            )
        return value

    assert overall(as_tensors(sample)) == overall(sample)


def test_through_the_evaluator_by_config():
    with DefaultScope.overwrite_default_scope('semtta_mm'):
        evaluator = Evaluator(
            [
                {'type': 'MeshMetric'},
                {
                    'type': 'MeshMetric',
                    'root': 'mid_hip',
                    'prefix': 'mesh_mid_hip',
                },
            ]
        )
    evaluator.dataset_meta = {'frame': 'pelvis_ray'}
    samples = [make_sample('a', 30, 0.014), make_sample('b', 10, 0.056)]
    for sample in samples:
        evaluator.process([sample])
    flat = evaluator.evaluate(size=2)
    assert flat['mesh/mpjpe'] == pytest.approx(1.75)
    assert flat['mesh_mid_hip/mpjpe'] == pytest.approx(1.75)
    assert flat['mesh/frames'] == flat['mesh/evaluated'] == 40
    assert 'mesh/mpvpe' not in flat
    assert all(isinstance(v, float | int) for v in flat.values())
    report = evaluator.metrics[0].report()
    assert report['protocol'] == {
        'root': 'h36m_pelvis',
        'joint_set': 'h36m_14',
        'frame': 'pelvis_ray',
        'accel_unit': 'm/s^2',
        'pck_threshold': 0.05,
        'fps': 30.0,
    }
    assert report['overall']['mpjpe'] == flat['mesh/mpjpe']
    # evaluate() resets the metric.
    evaluator.process([make_sample('c', 3, 0.028)])
    assert evaluator.evaluate(size=1)['mesh/mpjpe'] == pytest.approx(2)


def test_frame_of_the_config_has_priority():
    meta = {'frame': 'pelvis_ray'}
    report = run(make_sample(), dataset_meta=meta, frame='camera')
    assert report['protocol']['frame'] == 'camera'
    assert run(make_sample())['protocol']['frame'] == 'camera'


def test_different_rates_are_stored_by_track():
    report = run(make_sample('a'), make_sample('b', fps=25.0))
    assert report['protocol']['fps'] is None
    assert report['tracks']['a']['fps'] == 30
    assert report['tracks']['b']['fps'] == 25
