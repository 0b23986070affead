"""A motion moved to its keypoints, as far as its expected errors allow."""

import pytest
import torch

from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.geometry import axis_angle_to_matrix, rotation_angle
from semtta_mm.models.adaptors.rays import DetectedRays
from semtta_mm.models.adaptors.refinement import (
    Refinement,
    refine_motion,
)
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams

NAME, FRAMES, RATE = 'coco_17', 12, 30.0
LEFT_ARM = [SMPL_JOINTS.index(f'left_{n}') for n in ('shoulder', 'elbow')]
LEFT_ARM_POINTS = [7, 9]


@pytest.fixture(scope='module')
def body():
    return SMPLBody()


@pytest.fixture(scope='module')
def truth():
    """A person who faces the camera and lifts an arm."""
    turn = torch.zeros(FRAMES, 24, 3)
    turn[:, 0, 0] = torch.pi
    turn[:, 16, 2] = torch.linspace(-0.8, 0.2, FRAMES)
    return axis_angle_to_matrix(turn)


@pytest.fixture(scope='module')
def rays(body, truth):
    params = SMPLParams.from_pose(truth, torch.zeros(FRAMES, 10))
    points = body(params, False, (NAME,)).keypoints[NAME]
    points = points + torch.tensor([0.2, 0.1, 4.0])
    return DetectedRays(
        points[..., :2] / points[..., 2:],
        torch.ones(FRAMES, 17),
        torch.full((FRAMES,), 1.7 / 4),
        NAME,
        RATE,
    )


@pytest.fixture(scope='module')
def guess(truth):
    """The left arm is 25 degrees off, in the plane of the image."""
    turn = torch.zeros(24, 3)
    turn[16, 2] = torch.tensor(25.0).deg2rad()
    return truth @ axis_angle_to_matrix(turn)


def refined(guess, body, rays, degrees=20.0, **options):
    error = torch.full((FRAMES, 24), degrees).deg2rad()
    return refine_motion(
        guess,
        error,
        torch.zeros(FRAMES, 10),
        body,
        rays,
        Refinement(**options),
    )


def off(pose, truth):
    return rotation_angle(pose, truth)[:, 16].rad2deg().mean().item()


def test_it_finds_the_arm(body, rays, guess, truth):
    assert off(guess, truth) == pytest.approx(25.0, abs=0.1)
    # Collar and spine take a part of the correction.
    assert off(refined(guess, body, rays), truth) < 18.0
    weak = refined(guess, body, rays, prior_weight=0.02)
    assert off(weak, truth) < 14.0


def test_a_motion_that_is_certain_hardly_moves(body, rays, guess, truth):
    assert off(refined(guess, body, rays, degrees=0.5), truth) > 20.0


def test_hidden_rotations_stay(body, rays, guess, truth):
    scores = rays.scores.clone()
    scores[:, LEFT_ARM_POINTS] = 0
    hidden = DetectedRays(rays.points, scores, rays.size, NAME, RATE)
    found = refined(guess, body, hidden)
    moved = rotation_angle(found, guess)[:, LEFT_ARM].rad2deg()
    assert moved.mean() < 4.0


def test_the_truth_stays(body, rays, truth):
    found = refined(truth, body, rays)
    assert rotation_angle(found, truth).rad2deg().max() < 1.0


def test_one_frame_is_enough(body, rays, guess, truth):
    error = torch.full((1, 24), 20.0).deg2rad()
    found = refine_motion(
        guess[:1],
        error,
        torch.zeros(1, 10),
        body,
        rays[:1],
        Refinement(),
    )
    assert off(found, truth[:1]) < 18.0
