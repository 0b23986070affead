"""A lifted motion's residual to the keypoints, over the expected one."""

import pytest
import torch

from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.models.adaptors.lifted import LiftedMotion
from semtta_mm.models.adaptors.lifted_residual import residual_ratio
from semtta_mm.models.adaptors.rays import DetectedRays
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams

NAME, FRAMES = 'coco_17', 8


@pytest.fixture(scope='module')
def body():
    return SMPLBody()


@pytest.fixture(scope='module')
def pose():
    """A person who faces the camera, one arm moving."""
    turn = torch.zeros(FRAMES, 24, 3)
    turn[:, 0, 0] = torch.pi
    turn[:, 16, 2] = torch.linspace(0, 0.5, FRAMES)
    return axis_angle_to_matrix(turn)


def ratio(body, true_pose, pose, error, scores=None, reach=2):
    """Residual of a pose to the exact projections of the true one."""
    betas = torch.zeros(FRAMES, 10)
    params = SMPLParams.from_pose(true_pose, betas)
    points = body(params, False, (NAME,)).keypoints[NAME]
    points = points + torch.tensor([0.2, 0.1, 4.0])
    rays = points[..., :2] / points[..., 2:]
    lifted = LiftedMotion(pose, torch.full((FRAMES, 24), error), betas)
    if scores is None:
        scores = torch.ones(rays.shape[:2])
    size = torch.full((FRAMES,), 1.7 / 4)
    seen = DetectedRays(rays, scores, size, NAME, 30.0)
    return residual_ratio(lifted, body, seen, reach)


def bent(pose, degrees):
    """Every joint turned by an independent angle of that size."""
    turn = torch.randn(24, 3, generator=torch.Generator().manual_seed(0))
    turn = torch.tensor(degrees).deg2rad() * turn / turn.norm(dim=-1)[:, None]
    return pose @ axis_angle_to_matrix(turn)


def test_the_true_motion_has_none(body, pose):
    assert ratio(body, pose, pose, 0.1).max() < 1e-2


def test_a_motion_that_is_off_by_more_than_expected(body, pose):
    off = bent(pose, 15.0)
    sure, unsure = (
        ratio(body, pose, off, torch.tensor(e).deg2rad().item())
        for e in (3.0, 15.0)
    )
    assert (sure > 1.5 * unsure).all()
    assert (unsure < 1.5).all()


def test_missing_keypoints_do_not_count(body, pose):
    scores = torch.zeros(FRAMES, 17)
    scores[:4] = 1
    found = ratio(body, pose, bent(pose, 15.0), 0.05, scores, reach=1)
    assert (found[:5] > 0).all()  # frame 4 is beside frame 3
    assert found[6:].isnan().all()
