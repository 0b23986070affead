import numpy as np
import torch
from scipy.spatial.transform import Rotation, Slerp

from semtta_mm.geometry.resampling import frame_positions, sample_rotations


def swing(frames=20):
    rng = np.random.default_rng(0)
    steps = Rotation.from_rotvec(rng.normal(0, 0.03, (frames, 3)))
    turns = [Rotation.identity()]
    for step in steps:
        turns.append(turns[-1] * step)
    return Rotation.concatenate(turns[1:])


def test_close_to_slerp_between_frames():
    turns = swing()
    at = torch.linspace(0, 19, 50, dtype=torch.float64)
    pose = torch.from_numpy(turns.as_matrix())[:, None]
    out = Rotation.from_matrix(sample_rotations(pose, at)[:, 0].numpy())
    exact = Slerp(np.arange(20), turns)(at.numpy())
    assert np.degrees((out.inv() * exact).magnitude()).max() < 0.05


def test_whole_frames_are_kept_and_gradients_flow():
    matrices = torch.from_numpy(swing().as_matrix())
    pose = matrices.reshape(1, 20, 1, 3, 3).requires_grad_()
    out = sample_rotations(pose, torch.arange(20.0))
    assert torch.allclose(out, pose, atol=1e-9)
    out.sum().backward()
    assert pose.grad.abs().sum() > 0


def test_positions_by_hand():
    assert frame_positions(5, 60, 30).tolist() == [0, 2, 4]
    assert frame_positions(3, 30, 60).tolist() == [0, 0.5, 1, 1.5, 2]
    assert frame_positions(1, 30, 25).tolist() == [0]
    at = frame_positions(100, 25, 30)
    assert len(at) == 119 and at[-1] <= 99
