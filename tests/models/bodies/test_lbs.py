import math

import pytest
import roma
import torch

from semtta_mm.conventions import SMPL_PARENTS
from semtta_mm.models.bodies.lbs import (
    blend_shapes,
    forward_kinematics,
    linear_blend_skinning,
    pose_feature,
    relative_translation,
)

QUARTER = torch.tensor([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
"""A quarter turn about z: x to y."""


def test_blend_shapes_by_hand():
    template = torch.tensor([[1.0, 2, 3]])
    directions = torch.tensor([[[1.0, 0], [0, 10], [0, 0]]])
    out = blend_shapes(template, directions, torch.tensor([[2.0, 3], [0, 1]]))
    assert out.tolist() == [[[3, 32, 3]], [[1, 12, 3]]]


def test_pose_feature_is_zero_without_pose():
    pose = torch.eye(3).expand(2, 24, 3, 3).clone()
    pose[:, 0] = QUARTER
    assert pose_feature(pose).shape == (2, 207)
    assert not pose_feature(pose).any()


def test_two_bone_arm_by_hand():
    rest = torch.tensor([[[1.0, 0, 0], [2, 0, 0], [3, 0, 0]]])
    pose = torch.stack([QUARTER, QUARTER, torch.eye(3)])[None]
    rotations, joints = forward_kinematics(pose, rest, (-1, 0, 1))
    expected = torch.tensor([[[1.0, 0, 0], [1, 1, 0], [0, 1, 0]]])
    torch.testing.assert_close(joints, expected)
    torch.testing.assert_close(rotations[0, 2], QUARTER @ QUARTER)


def test_skinning_by_hand():
    rotations = torch.stack([torch.eye(3), QUARTER])[None]
    rest = torch.tensor([[[0.0, 0, 0], [1, 0, 0]]])
    shift = relative_translation(rotations, rest, rest)
    points = torch.tensor([[[2.0, 0, 0]]]).expand(1, 3, 3)
    weights = torch.tensor([[1.0, 0], [0, 1], [0.5, 0.5]])
    out = linear_blend_skinning(points, rotations, shift, weights)
    expected = torch.tensor([[[2.0, 0, 0], [1, 1, 0], [1.5, 0.5, 0]]])
    torch.testing.assert_close(out, expected)


@pytest.mark.parametrize('batch', [1, 3])
def test_kinematics_equal_a_plain_loop(batch: int):
    torch.manual_seed(0)
    pose = roma.random_rotmat(batch * 24).view(batch, 24, 3, 3)
    rest = torch.randn(batch, 24, 3)
    rotations, joints = forward_kinematics(pose, rest, SMPL_PARENTS)
    for b in range(batch):
        world, place = [pose[b, 0]], [rest[b, 0]]
        for j, parent in enumerate(SMPL_PARENTS[1:], start=1):
            bone = rest[b, j] - rest[b, parent]
            place.append(place[parent] + world[parent] @ bone)
            world.append(world[parent] @ pose[b, j])
        torch.testing.assert_close(joints[b], torch.stack(place))
        torch.testing.assert_close(rotations[b], torch.stack(world))


def test_gradients_are_right():
    torch.manual_seed(0)
    pose = roma.rotvec_to_rotmat(torch.randn(2, 5, 3) * math.pi / 4).double()
    rest = torch.randn(2, 5, 3).double()
    parents = (-1, 0, 0, 1, 3)

    def joints(pose: torch.Tensor, rest: torch.Tensor) -> torch.Tensor:
        return forward_kinematics(pose, rest, parents)[1]

    assert torch.autograd.gradcheck(
        joints, (pose.requires_grad_(), rest.requires_grad_())
    )
