"""The fit recovers posed bodies from their keypoints."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from semtta_mm.conventions import NUM_JOINTS, keypoint_names
from semtta_mm.conventions.smpl import SMPL_JOINTS
from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.preparation.pose2sim.body_fit import (
    FitOptions,
    fit_body,
)
from semtta_mm.preparation.pose2sim.body_frame import torso_rotation
from semtta_mm.preparation.pose2sim.body_prior import (
    angle_spread,
    off_hinge,
    pose_penalty,
    squared_turn,
)
from semtta_mm.structures import SMPLParams

FRAMES, FPS = 6, 60.0
QUICK = FitOptions(iterations=40)


@pytest.fixture(scope='module')
def body():
    return SMPLBody()


@pytest.fixture(scope='module')
def truth(body):
    """A man before a camera who lifts an arm and bends a knee."""
    time = torch.arange(FRAMES) / FPS
    pose = torch.zeros(FRAMES, NUM_JOINTS, 3)
    pose[:, 0] = torch.tensor([3.0, 0.3, 0.2])
    pose[:, SMPL_JOINTS.index('left_shoulder'), 2] = -1 + 2 * time
    pose[:, SMPL_JOINTS.index('right_shoulder'), 2] = 1
    pose[:, SMPL_JOINTS.index('right_elbow'), 1] = 0.9
    pose[:, SMPL_JOINTS.index('left_knee'), 0] = 0.4 + 2 * time
    betas = torch.zeros(FRAMES, 10)
    betas[:, 0] = 1.0
    transl = torch.tensor([0.2, 0.1, 4.0]).expand(FRAMES, 3)
    return SMPLParams.from_axis_angle(pose, betas, transl)


def points_of(body, params, convention='blazepose_33'):
    out = body(params, vertices=False, keypoints=(convention,))
    return out.keypoints[convention].numpy().astype(float)


def test_a_posed_body_is_recovered(body, truth):
    points = points_of(body, truth)
    observed = np.ones(points.shape[:2], bool)
    fit = fit_body(points, observed, body, 'blazepose_33', FPS, QUICK)
    assert np.median(fit.residuals) < 0.010
    mesh = body(fit.params, keypoints=()).vertices
    off = (mesh - body(truth, keypoints=()).vertices).norm(dim=-1)
    assert off.mean() < 0.020
    assert fit.params.betas.std(dim=0).max() == 0
    pose = fit.params.pose
    torch.testing.assert_close(
        pose @ pose.mT, torch.eye(3).expand_as(pose), atol=1e-5, rtol=0
    )


def test_unobserved_points_are_not_used(body, truth):
    points = points_of(body, truth, 'limbs_12')
    observed = np.ones(points.shape[:2], bool)
    observed[2, 0] = observed[4, 4] = False
    spoilt = points.copy()
    spoilt[2, 0], spoilt[4, 4] = np.nan, 1e3
    options = FitOptions(iterations=5)
    fits = [
        fit_body(p, observed, body, 'limbs_12', FPS, options)
        for p in (points, spoilt)
    ]
    torch.testing.assert_close(fits[0].params.pose, fits[1].params.pose)
    np.testing.assert_array_equal(np.isnan(fits[1].residuals), ~observed)


def test_medians_are_in_mm_and_of_observed_points(body, truth):
    points = points_of(body, truth, 'limbs_12')
    observed = np.ones(points.shape[:2], bool)
    observed[:, 3] = False
    options = FitOptions(accelerations=(1e4,), iterations=1)
    fit = fit_body(points, observed, body, 'limbs_12', FPS, options)
    medians = fit.medians()
    names = list(keypoint_names('limbs_12'))
    assert list(medians) == names[:3] + names[4:]
    expected = 1000 * np.median(fit.residuals[:, 5])
    assert medians['right_wrist'] == pytest.approx(expected)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (lambda p, s: (p[:, :5], s), r'points: expected \(6, 12, 3\)'),
        (lambda p, s: (p, s.astype(float)), r'observed: expected bool'),
        (lambda p, s: (p * np.nan, s), 'points: an observed point is NaN'),
        (lambda p, s: (p[:2], s[:2]), 'points: 2 frames, at least 3'),
        (lambda p, s: (p, s & False), 'observed: no frame has both hips'),
    ],
)
def test_bad_points(body, truth, change, message):
    points = points_of(body, truth, 'limbs_12')
    observed = np.ones(points.shape[:2], bool)
    with pytest.raises(ValueError, match=message):
        fit_body(*change(points, observed), body)


def test_torso_rotation_with_fallback_to_the_nearest_frame(body):
    turn = Rotation.from_euler('xyz', (170, 30, -20), degrees=True)
    pose = torch.zeros(3, NUM_JOINTS, 3)
    pose[:, 0] = torch.tensor(turn.as_rotvec())
    transl = torch.tensor([[0.0, 0, 3], [1, 0, 3], [2, 0, 3]])
    params = SMPLParams.from_axis_angle(pose, torch.zeros(3, 10), transl)
    points = points_of(body, params, 'limbs_12')
    observed = np.ones(points.shape[:2], bool)
    observed[2, 6] = False
    rotations, places = torso_rotation(points, observed, 'limbs_12')
    away = Rotation.from_matrix(rotations) * turn.inv()
    assert np.degrees(away.magnitude()).max() < 0.5
    np.testing.assert_allclose(places[2], places[1])
    assert places[1, 0] - places[0, 0] == pytest.approx(1)


def test_squared_turn_and_hinge_by_hand():
    turn = axis_angle_to_matrix(torch.tensor([[0.1, 0, 0], [0, 0, 0.2]]))
    torch.testing.assert_close(
        squared_turn(turn), torch.tensor([0.01, 0.04]), rtol=0.01, atol=0
    )
    torch.testing.assert_close(
        off_hinge(turn, 0), torch.tensor([0.0, 0.04]), rtol=0.01, atol=1e-6
    )


@pytest.mark.parametrize(
    ('joint', 'axis', 'sign'),
    [
        ('left_knee', 0, 1),
        ('right_knee', 0, 1),
        ('left_elbow', 1, -1),
        ('right_elbow', 1, 1),
    ],
)
def test_penalty_of_hyperextension_and_direction_of_bending(
    body, joint, axis, sign
):
    """A bent knee's ankle goes back, a bent elbow's wrist to the front."""
    index = SMPL_JOINTS.index(joint)
    pose = torch.zeros(2, NUM_JOINTS, 3)
    pose[0, index, axis], pose[1, index, axis] = 0.8 * sign, -0.8 * sign
    params = SMPLParams.from_axis_angle(pose, torch.zeros(2, 10))
    good, bad = pose_penalty(params.body_pose)
    assert bad > good + 1
    end = joint.replace('knee', 'ankle').replace('elbow', 'wrist')
    z = body.joints_only(params)[:, SMPL_JOINTS.index(end), 2]
    assert (z[0] < z[1]) == ('knee' in joint)


def test_every_joint_has_a_spread():
    spread = dict(zip(SMPL_JOINTS[1:], angle_spread().tolist(), strict=True))
    assert spread['left_elbow'] == 2
    assert spread['spine_2'] == pytest.approx(0.3)
    assert spread['left_foot'] == pytest.approx(0.1)
