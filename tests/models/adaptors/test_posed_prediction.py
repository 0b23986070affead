"""A translation that fits the keypoints and stays near the old one."""

import numpy as np
import pytest
import torch

from semtta_mm.geometry import project_points
from semtta_mm.geometry.pelvis_ray import pelvis_ray_rotation
from semtta_mm.models.adaptors.posed_prediction import (
    near_translation,
    ray_intrinsics,
)

CAMERA = np.array([[5000.0, 0, 100], [0, 5000.0, 100], [0, 0, 1]])
START = np.array([0.1, -0.1, 50.0])
NOISE = 3.0


@pytest.fixture
def points():
    return 0.4 * np.random.default_rng(0).normal(size=(12, 3))


def project(points, translation):
    moved = (points + translation) @ CAMERA.T
    return moved[:, :2] / moved[:, 2:]


def test_exact_keypoints_give_the_translation(points):
    truth = np.array([0.3, 0.2, 52.0])
    found = near_translation(
        points, project(points, truth), CAMERA, START, 0.1
    )
    assert found == pytest.approx(truth, rel=2e-3)


def test_swapped_sides_do_not_move_the_depth_far(points):
    """Half of the keypoints at the place of others: scale is not known."""
    keypoints = project(points, START)
    keypoints[:6] = keypoints[5::-1]
    found = near_translation(points, keypoints, CAMERA, START, NOISE)
    assert 0.5 < found[2] / START[2] < 2


def test_one_wrong_keypoint_hardly_counts(points):
    keypoints = project(points, START)
    keypoints[0] += 200
    found = near_translation(points, keypoints, CAMERA, START, NOISE)
    moved = np.abs(project(points, found) - project(points, START)).max()
    assert moved < 2 * NOISE


def test_without_keypoints_it_stays():
    nothing = np.zeros((0, 3)), np.zeros((0, 2))
    found = near_translation(*nothing, CAMERA, START, NOISE)
    assert found == pytest.approx(START)


def test_one_keypoint_moves_it_sideways_only(points):
    keypoints = project(points, START)[:1] + 40
    found = near_translation(points[:1], keypoints, CAMERA, START, NOISE)
    assert found[2] == pytest.approx(START[2], rel=0.05)
    assert project(points[:1], found) == pytest.approx(keypoints, abs=1)


def test_the_ray_camera_is_close_to_the_true_one():
    """A person of 1.6 m, 3.5 m away, 12 degrees off the optical axis."""
    true = torch.tensor([[1000.0, 0, 640], [0, 1000.0, 360], [0, 0, 1]])[None]
    root = torch.tensor([[0.7, 0.2, 3.4]])
    torch.manual_seed(0)
    offsets = torch.tensor([0.3, 0.8, 0.3]) * (2 * torch.rand(30, 3) - 1)
    points = root[:, None] + offsets
    turn = torch.from_numpy(pelvis_ray_rotation(root.numpy())).float()
    pixel = project_points(root[:, None], true)[:, 0]
    boxes = torch.cat((pixel - 250, pixel + 250), dim=-1)
    near = ray_intrinsics(boxes, true)
    exact = project_points(points, true)
    off = (project_points(points @ turn.mT, near) - exact).norm(dim=-1)
    assert off.max() < 0.05 * 500
    assert off.mean() < 0.02 * 500
