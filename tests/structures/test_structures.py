import numpy as np
import pytest
import torch

from semtta_mm.structures import (
    BodyReference,
    MeshPrediction,
    PersonTrack,
    SMPLParams,
)


def make_track(**changes) -> PersonTrack:
    t = 4
    values = {
        'name': 'a',
        'frame_ids': np.array([3, 4, 7, 8]),
        'fps': 30.0,
        'boxes': np.tile([10.0, 20.0, 50.0, 90.0], (t, 1)),
        'keypoints': np.ones((t, 17, 2)),
        'scores': np.ones((t, 17)),
        'convention': 'coco_17',
    }
    return PersonTrack(**(values | changes))


def test_params_round_trip_through_axis_angle():
    torch.manual_seed(0)
    pose = torch.randn(3, 24, 3) * 0.5
    params = SMPLParams.from_axis_angle(pose, torch.zeros(3, 10))
    assert params.pose.shape == (3, 24, 3, 3)
    torch.testing.assert_close(params.axis_angle(), pose)
    flat = SMPLParams.from_axis_angle(pose.flatten(1), torch.zeros(3, 10))
    torch.testing.assert_close(flat.pose, params.pose)


def test_params_index_map_and_detach():
    pose = torch.zeros(3, 24, 3, requires_grad=True)
    params = SMPLParams.from_axis_angle(pose, torch.zeros(3, 10))
    assert params.transl is None
    assert len(params[1:]) == 2
    assert params[1:].transl is None
    assert params.pose.requires_grad
    assert not params.detach().pose.requires_grad
    assert params.to(torch.float64).betas.dtype == torch.float64


def test_params_reject_wrong_shapes():
    with pytest.raises(ValueError, match=r'SMPLParams\.betas'):
        SMPLParams.from_axis_angle(torch.zeros(3, 72), torch.zeros(3, 11))
    params = SMPLParams.from_axis_angle(torch.zeros(2, 72), torch.zeros(2, 10))
    with pytest.raises(ValueError, match=r'MeshPrediction\.camera'):
        MeshPrediction(params, torch.zeros(3, 3))


def test_track_keeps_gaps():
    track = make_track()
    assert len(track) == 4
    assert track.gaps == 1
    part = track[track.frame_ids > 3]
    assert part.frame_ids.tolist() == [4, 7, 8]
    assert part.keypoints.shape == (3, 17, 2)


def test_track_slices_its_reference():
    reference = BodyReference(
        joints=np.arange(4 * 12 * 3.0).reshape(4, 12, 3),
        convention='limbs_12',
        valid=np.array([True, False, True, True]),
    )
    up = np.eye(4)[:, :3] + np.eye(4, 3, -3)
    part = make_track(reference=reference, up=up)[1:3]
    np.testing.assert_array_equal(part.up, up[1:3])
    assert part.reference.valid.tolist() == [False, True]
    np.testing.assert_array_equal(part.reference.joints, reference.joints[1:3])


NAN_KEYPOINTS = np.full((4, 17, 2), np.nan)


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'frame_ids': np.array([3, 3, 4, 5])}, 'strictly increasing'),
        ({'fps': 0.0}, 'fps: must be positive'),
        ({'boxes': np.zeros((4, 4))}, 'boxes: need finite'),
        ({'boxes': np.zeros((3, 4))}, 'boxes: expected'),
        ({'keypoints': np.ones((4, 18, 2))}, 'keypoints: expected'),
        ({'keypoints': NAN_KEYPOINTS}, 'keypoint with score > 0 is NaN'),
        ({'scores': np.full((4, 17), np.nan)}, 'scores: contain NaN'),
        ({'intrinsics': np.eye(3)}, 'intrinsics: expected'),
        ({'up': np.eye(3)}, 'up: expected'),
        ({'up': np.ones((4, 3))}, 'up: needs unit vectors'),
        (
            {'reference': BodyReference(pose=np.zeros((3, 24, 3)))},
            'reference: 3 frames for a track of 4',
        ),
    ],
)
def test_errors_of_a_track_name_the_field(changes, message):
    with pytest.raises(ValueError, match=message):
        make_track(**changes)


def test_missing_keypoints_may_be_nan():
    track = make_track(keypoints=NAN_KEYPOINTS, scores=np.zeros((4, 17)))
    assert len(track) == 4


@pytest.mark.parametrize(
    ('values', 'message'),
    [
        ({}, 'needs joints or pose'),
        ({'joints': np.zeros((2, 12, 3))}, 'joints: needs a convention'),
        (
            {'joints': np.zeros((2, 11, 3)), 'convention': 'limbs_12'},
            r'reference\.joints: expected',
        ),
        ({'pose': np.zeros((2, 24, 3)), 'gender': 'x'}, 'gender'),
    ],
)
def test_errors_of_a_reference_name_the_field(values, message):
    with pytest.raises(ValueError, match=message):
        BodyReference(**values)
