import numpy as np
import pytest

from semtta_mm.conventions import (
    CONVENTIONS,
    SMPL_JOINTS,
    SMPL_PARENTS,
    convert_keypoints,
    flip_index,
    keypoint_index,
    keypoint_names,
)


@pytest.mark.parametrize('name', CONVENTIONS)
def test_every_convention_has_its_number_of_distinct_names(name):
    names = keypoint_names(name)
    count = int(name.split('_')[-1].rstrip('b'))
    assert len(set(names)) == len(names) == count


@pytest.mark.parametrize('name', CONVENTIONS)
def test_flip_is_an_involution_that_moves_every_sided_joint(name):
    index = flip_index(name)
    assert [index[i] for i in index] == list(range(len(index)))
    for i, joint in enumerate(keypoint_names(name)):
        assert (index[i] != i) == joint.startswith(('left_', 'right_'))


@pytest.mark.parametrize(
    ('convention', 'index', 'name'),
    [
        # From the documents of the formats.
        ('coco_17', 5, 'left_shoulder'),
        ('coco_17', 16, 'right_ankle'),
        ('openpose_18', 2, 'right_shoulder'),
        ('openpose_18', 10, 'right_ankle'),
        ('openpose_18', 13, 'left_ankle'),
        ('openpose_18', 14, 'right_eye'),
        ('openpose_25', 8, 'pelvis'),
        ('openpose_25', 11, 'right_ankle'),
        ('openpose_25', 19, 'left_big_toe'),
        ('openpose_25', 24, 'right_heel'),
        ('openpose_25b', 17, 'neck'),
        ('openpose_135', 18, 'head_top'),
        ('openpose_135', 65, 'face_0'),
        ('halpe_26', 18, 'neck'),
        ('halpe_26', 21, 'right_big_toe'),
        ('halpe_26', 25, 'right_heel'),
        ('h36m_17', 1, 'right_hip'),
        ('h36m_17', 10, 'head_top'),
        ('h36m_17', 11, 'left_shoulder'),
        ('blazepose_33', 11, 'left_shoulder'),
        ('blazepose_33', 16, 'right_wrist'),
        ('blazepose_33', 27, 'left_ankle'),
        ('blazepose_33', 32, 'right_big_toe'),
        ('coco_wholebody_133', 91, 'left_hand_root'),
        ('mpi_inf_3dhp_17', 14, 'pelvis'),
        ('smpl_24', 22, 'left_hand'),
    ],
)
def test_known_places(convention, index, name):
    assert keypoint_names(convention)[index] == name


def test_lineages_14_of_h36m():
    """Joints 1-6, 8, 10-16 of H36M (SPIN, CycleAdapt)."""
    index = keypoint_index('h36m_17', CONVENTIONS['h36m_14'])
    assert index == [1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 15, 16]


def test_parents_come_before_their_children():
    assert len(SMPL_PARENTS) == len(SMPL_JOINTS) == 24
    assert all(p < i for i, p in enumerate(SMPL_PARENTS))


def test_convert_by_name_and_back():
    rng = np.random.default_rng(0)
    keypoints = rng.uniform(0, 100, (4, 25, 2))
    scores = rng.uniform(0.1, 1, (4, 25))
    coco, coco_scores = convert_keypoints(
        keypoints, scores, 'openpose_25', 'coco_17'
    )
    np.testing.assert_array_equal(coco[:, 15], keypoints[:, 14])  # l. ankle
    back, back_scores = convert_keypoints(
        coco, coco_scores, 'coco_17', 'openpose_25', derive=False
    )
    shared = back_scores > 0
    assert shared.sum() == 4 * 17
    np.testing.assert_array_equal(back[shared], keypoints[shared])
    assert (back[~shared] == 0).all()


def test_derived_points_need_both_parents():
    keypoints = np.zeros((2, 17, 2))
    scores = np.ones((2, 17)) * 0.9
    left, right = keypoint_index('coco_17', ['left_hip', 'right_hip'])
    keypoints[:, left], keypoints[:, right] = (10, 20), (30, 40)
    scores[1, right] = 0
    out, out_scores = convert_keypoints(
        keypoints, scores, 'coco_17', 'openpose_25'
    )
    (pelvis,) = keypoint_index('openpose_25', ['pelvis'])
    assert out[0, pelvis].tolist() == [20, 30]
    assert out_scores[:, pelvis].tolist() == [0.9, 0]
    assert out[1, pelvis].tolist() == [0, 0]


def test_cycleadapt_from_openpose_18_keeps_13_body_joints():
    """Baselines note 2.7: without the face, 13 of 18 are kept by name."""
    out, scores = convert_keypoints(
        np.ones((1, 18, 2)),
        np.ones((1, 18)),
        'openpose_18',
        'cycleadapt_29',
        derive=False,
    )
    assert (scores[:, :24] > 0).sum() == 13
    assert (scores[:, 24:] > 0).sum() == 5


def test_errors_name_what_is_wrong():
    with pytest.raises(ValueError, match="convention 'coco'; known: smpl_24"):
        keypoint_names('coco')
    with pytest.raises(ValueError, match='coco_17 has no keypoint'):
        keypoint_index('coco_17', ['neck'])
    with pytest.raises(ValueError, match='has 17 keypoints, got 18'):
        convert_keypoints(
            np.ones((1, 18, 2)), np.ones((1, 18)), 'coco_17', 'smpl_24'
        )
