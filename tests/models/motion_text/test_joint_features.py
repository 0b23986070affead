"""HumanML3D's features against numpy, joint by joint, and their gradient."""

import numpy as np
import pytest
import roma
import torch
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from semtta_mm.conventions import SMPL_PARENTS
from semtta_mm.models.motion_text.joint_features import (
    as_skeleton,
    joint_features,
)
from semtta_mm.models.motion_text.posed_joints import COUNT, posed_joints

PARENT = SMPL_PARENTS[:COUNT]
CHAINS = (
    (0, 2, 5, 8, 11),
    (0, 1, 4, 7, 10),
    (0, 3, 6, 9, 12, 15),
    (9, 14, 17, 19, 21),
    (9, 13, 16, 18, 20),
)
"""Those of HumanML3D's ``paramUtil.py``."""

AXES = np.zeros((COUNT, 3))
AXES[[1, 13], 0], AXES[[2, 14], 0] = 1, -1
AXES[[3, 6, 9, 12], 1] = 1
AXES[[4, 5, 7, 8, 16, 17, 18, 19, 20, 21], 1] = -1
AXES[[10, 11, 15], 2] = 1


def rest() -> torch.Tensor:
    """A body of plausible bones: along the axes, with some bend."""
    rng = np.random.default_rng(3)
    joints = np.zeros((24, 3))
    for j in range(1, COUNT):
        length = 0.1 if j in (1, 2) else 0.3
        bone = AXES[j] * length + rng.normal(size=3) * 0.02
        joints[j] = joints[PARENT[j]] + bone
    for j, parent in ((22, 20), (23, 21)):
        joints[j] = joints[parent] + [0, -0.1, 0]
    return torch.from_numpy(joints).float()


def motion(frames: int = 60, seed: int = 0) -> torch.Tensor:
    """A motion with changes of heading by up to 100 degrees."""
    torch.manual_seed(seed)
    time = torch.arange(frames).view(1, -1, 1, 1) / 10
    phase, size = 6.3 * torch.rand(2, 1, 24, 3), 0.3 * torch.randn(2, 1, 24, 3)
    turns = size * torch.sin(time + phase)
    turns[:, :, 0] = 0
    turns[:, :, 0, 1] = torch.linspace(0.4, 2.2, frames)
    return roma.rotvec_to_rotmat(turns)


def walked(joints: torch.Tensor) -> torch.Tensor:
    """Add a path of the root, which our motions do not have."""
    steps = torch.linspace(0, 1, joints.shape[1])[:, None, None] ** 2
    return joints + steps * torch.tensor([1.0, 0.1, 0.7])


def shortest(start: np.ndarray, end: np.ndarray) -> Rotation:
    axis = np.cross(start, end)
    sine = np.linalg.norm(axis)
    angle = np.arctan2(sine, start @ end)
    return Rotation.from_rotvec(axis / max(sine, 1e-12) * angle)


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector, axis=-1, keepdims=True)


def inverse_kinematics(joints: np.ndarray) -> list[list[Rotation]]:
    """Rotations of each frame's joints; the first is the heading's."""
    # Hips are swapped here and not below, as in the public code.
    across = joints[:, 1] - joints[:, 2] + joints[:, 17] - joints[:, 16]
    forward = np.cross([0, 1, 0], unit(across))
    forward = unit(gaussian_filter1d(forward, 20, axis=0, mode='nearest'))
    out = []
    for t, frame in enumerate(joints):
        root = shortest(forward[t], np.array([0, 0, 1.0]))
        root = root if t else Rotation.identity()
        found = [root] * COUNT
        for chain in CHAINS:
            total = root
            for above, joint in zip(chain, chain[1:], strict=False):
                bone = unit(frame[joint] - frame[above])
                found[joint] = total.inv() * shortest(AXES[joint], bone)
                total = total * found[joint]
        out.append(found)
    return out


def by_hand(joints: np.ndarray, skeleton: np.ndarray) -> np.ndarray:
    """The features of one motion ``[T, 22, 3]``."""
    length = [
        np.linalg.norm(skeleton[j] - skeleton[PARENT[j]]) for j in range(COUNT)
    ]
    own = [np.linalg.norm(joints[0, j] - joints[0, PARENT[j]]) for j in (5, 8)]
    moved = np.zeros_like(joints)
    moved[:, 0] = joints[:, 0] * (length[5] + length[8]) / sum(own)
    for t, rotations in enumerate(inverse_kinematics(joints)):
        for chain in CHAINS:
            total = rotations[0]
            for above, joint in zip(chain, chain[1:], strict=False):
                total = total * rotations[joint]
                bone = total.apply(AXES[joint] * length[joint])
                moved[t, joint] = moved[t, above] + bone
    moved[..., 1] -= moved[..., 1].min()
    moved = moved - moved[0, 0] * [1, 0, 1]
    first = moved[0]
    across = first[2] - first[1] + first[17] - first[16]
    forward = unit(np.cross([0, 1, 0], across))
    front = shortest(forward, np.array([0, 0, 1.0]))
    moved = front.apply(moved.reshape(-1, 3)).reshape(moved.shape)
    rotations = inverse_kinematics(moved)
    rows = []
    for t in range(len(moved) - 1):
        now, then = rotations[t][0], rotations[t + 1][0]
        step = moved[t + 1] - moved[t]
        half = np.arcsin((then * now.inv()).as_quat()[1])
        path = then.apply(step[0])[[0, 2]]
        local = now.apply(moved[t] - moved[t, 0] * [1, 0, 1])[1:]
        turns = [r.as_matrix()[:, :2].T.ravel() for r in rotations[t][1:]]
        feet = (step[[7, 10, 8, 11]] ** 2).sum(-1) < 0.002
        parts = (half, path, moved[t, 0, 1], local, turns)
        parts += (now.apply(step), feet)
        rows.append(np.concatenate([np.ravel(p) for p in parts]))
    return np.array(rows)


@pytest.fixture
def skeleton() -> torch.Tensor:
    joints = rest()[:COUNT]
    return joints * torch.linspace(0.8, 1.2, COUNT)[:, None]


def joints_of(pose: torch.Tensor) -> torch.Tensor:
    mask = torch.ones(pose.shape[:2], dtype=torch.bool)
    return posed_joints(pose, mask, rest(), False)[0]


def test_features_by_hand(skeleton):
    joints = walked(joints_of(motion()))
    mask = torch.ones(joints.shape[:2], dtype=torch.bool)
    got = joint_features(joints, mask, skeleton)
    assert got.shape == (2, 39, 263)
    for one, moving in zip(got, joints, strict=True):
        want = by_hand(moving.double().numpy(), skeleton.double().numpy())
        np.testing.assert_allclose(one.numpy(), want, atol=2e-4)
        assert np.abs(want[:, 0]).max() > 0.01  # the heading turns
        assert set(want[:, -4:].ravel()) == {0.0, 1.0}


def test_invalid_frames_are_ignored(skeleton):
    joints = walked(joints_of(motion()))
    mask = torch.arange(40).expand(2, 40) < 25
    joints[:, 25:] += 7
    got = joint_features(joints, mask, skeleton)[:, :24]
    want = joint_features(joints[:, :25], mask[:, :25], skeleton)
    torch.testing.assert_close(got, want)


def test_bones_get_the_lengths_of_the_skeleton(skeleton):
    joints = joints_of(motion())
    bones = as_skeleton(joints, skeleton)[:, :, 1:]
    parents = list(PARENT[1:])
    bones = bones - as_skeleton(joints, skeleton)[:, :, parents]
    length = (skeleton[1:] - skeleton[parents]).norm(dim=-1)
    torch.testing.assert_close(bones.norm(dim=-1)[1, 7], length)
    torch.testing.assert_close(
        as_skeleton(2 * joints, skeleton), as_skeleton(joints, skeleton)
    )


def test_gradient_is_that_of_finite_differences(skeleton):
    pose, rest_ = motion(12).double(), rest().double()
    mask = torch.ones(2, 12, dtype=torch.bool)

    def loss(turn: torch.Tensor) -> torch.Tensor:
        moved = pose @ roma.rotvec_to_rotmat(turn)
        joints, there = posed_joints(moved, mask, rest_, True)
        out = joint_features(joints, there, skeleton.double())
        return (out[..., :259] * torch.linspace(-1, 1, 259)).sum()

    turn = torch.zeros(2, 12, 24, 3, dtype=torch.double, requires_grad=True)
    (slope,) = torch.autograd.grad(loss(turn), turn)
    torch.manual_seed(1)
    for _ in range(3):
        way = torch.randn_like(turn)
        with torch.no_grad():
            change = loss(1e-5 * way) - loss(-1e-5 * way)
        assert change.item() / 2e-5 == pytest.approx(
            (slope * way).sum().item(), rel=1e-4
        )


def test_a_bone_opposite_to_its_axis_has_a_finite_gradient(skeleton):
    """The rotation of an arm straight up is ambiguous."""
    joints = rest()[:COUNT].expand(1, 4, COUNT, 3).clone()
    joints[:, :, 18] = joints[:, :, 16] + torch.tensor([0, 0.3, 0])
    joints.requires_grad_()
    mask = torch.ones(1, 4, dtype=torch.bool)
    joint_features(joints, mask, skeleton).sum().backward()
    assert torch.isfinite(joints.grad).all()
