"""Samples and options that MeshMetric does not take."""

import numpy as np
import pytest
from metric_samples import (
    make_sample,
    overall,
    run,
    with_evidence,
    with_vertices,
)

from semtta_mm.conventions import keypoint_index, keypoint_names
from semtta_mm.evaluation import MeshMetric
from semtta_mm.utils import InputError


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        ({'root': 'hips'}, "root: 'hips' is unknown.*h36m_pelvis, mid_hip"),
        ({'joint_set': 'h36m_15'}, "joint_set: 'h36m_15' is unknown"),
        ({'frame': 'world'}, "frame: 'world' is unknown"),
        ({'accel_unit': 'mm'}, "accel_unit: 'mm' is unknown"),
        ({'pck_threshold': 0}, 'pck_threshold: 0 is not positive'),
    ],
)
def test_options_are_checked_at_once(options, message):
    with pytest.raises(InputError, match=message):
        MeshMetric(**options)


def broken(path, value):
    """A good sample with one value replaced (or removed if None)."""
    sample = with_evidence(with_vertices(make_sample(), off=0.0))
    fields = sample
    *parents, last = path.split('.')
    for key in parents:
        fields = fields[key]
    fields[last] = value
    return sample


@pytest.mark.parametrize(
    ('path', 'value', 'message'),
    [
        ('name', None, 'MeshMetric: name: is missing'),
        ('frame_ids', None, 'a: frame_ids: is missing'),
        ('frame_ids', [3, 2, 1, 4, 5, 6], 'frame_ids: .*strictly increase'),
        ('frame_ids', [], 'frame_ids: they are empty'),
        ('frame_ids', [1, 2], r'joints\[h36m_17\]: expected shape \[2, 17, 3'),
        ('fps', None, 'a: fps: is missing'),
        ('fps', -1.0, 'a: fps: -1.0 is not positive'),
        ('prediction', None, 'prediction.joints: is missing'),
        (
            'prediction.joints',
            {'smpl_24': np.zeros((6, 24, 3))},
            r"holds \['smpl_24'\], the reference is in 'h36m_17'",
        ),
        ('reference.convention', None, 'reference.convention: is missing'),
        (
            'reference.convention',
            'h36m',
            "reference.convention: 'h36m' is unk",
        ),
        ('reference.joints', None, 'reference.joints: is missing'),
        ('reference.joints', np.zeros((6, 14, 3)), r'expected shape \[6, 17'),
        ('reference.valid', np.ones(5), r'reference.valid: expected shape'),
        ('reference.joints_valid', np.ones(6), 'reference.joints_valid: exp'),
        ('occluded', np.ones((6, 14)), r'occluded: expected shape \[6, 17\]'),
        ('prediction.vertices', np.zeros((6, 50)), r'vertices: .*6, V, 3'),
        (
            'reference.vertices',
            np.zeros((6, 49, 3)),
            r'expected shape \[6, 50',
        ),
        ('prediction.joints2d', np.zeros((6, 9, 2)), 'joints2d: expected sha'),
        ('evidence.keypoints', None, 'evidence.keypoints: is missing'),
        ('evidence.visible', None, 'evidence.visible: is missing'),
        ('evidence.visible', np.ones((6, 3)), 'evidence.visible: expected'),
        ('evidence.box_size', np.zeros(6), 'evidence.box_size: 6 frames have'),
    ],
)
def test_broken_samples_are_refused(path, value, message):
    with pytest.raises(InputError, match=message):
        run(broken(path, value))


@pytest.mark.parametrize(
    ('field', 'label'),
    [
        (('prediction', 'joints', 'h36m_17'), r'prediction.joints\[h36m_17\]'),
        (('prediction', 'vertices'), 'prediction.vertices'),
        (('prediction', 'joints2d'), 'prediction.joints2d'),
        (('reference', 'joints'), 'reference.joints'),
        (('reference', 'vertices'), 'reference.vertices'),
        (('evidence', 'keypoints'), 'evidence.keypoints'),
    ],
)
def test_nan_names_track_field_count_and_frame(field, label):
    sample = with_evidence(with_vertices(make_sample('walk'), off=0.0))
    values = sample
    for key in field:
        values = values[key]
    values[3, 4] = np.nan
    values[5, 4, 0] = np.inf
    message = f'^walk: {label}: 2 points are NaN or infinite, .* frame 13'
    with pytest.raises(InputError, match=message):
        run(sample)


def test_joint_set_that_the_reference_lacks():
    points = np.zeros((6, 17, 3))
    sample = make_sample(
        prediction={'joints': {'coco_17': points}},
        reference={'joints': points, 'convention': 'coco_17'},
    )
    message = "coco_17 lacks h36m_neck, head_top of 'h36m_14'"
    with pytest.raises(InputError, match=message):
        run(sample, root='mid_hip')
    values = overall(sample, root='mid_hip', joint_set='limbs_12')
    assert values['mpjpe'] == 0


def test_report_of_nothing_is_refused():
    with pytest.raises(InputError, match='no track was processed'):
        MeshMetric().report()


def test_twins_are_refused():
    with pytest.raises(InputError, match="1 tracks were given twice.*'a'"):
        run(make_sample('a'), make_sample('a'))


def test_joint_order_of_the_lineage():
    """Rows of the H36M regressor that SPIN and CycleAdapt compare."""
    index = keypoint_index('h36m_17', keypoint_names('h36m_14'))
    assert index == [1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 15, 16]
