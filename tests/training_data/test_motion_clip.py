import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.training_data import MotionClip, slerp_pose


def turning(frames: int, step: float, fps: float = 30.0, **more):
    """The pelvis turns about y by ``step`` radians a frame."""
    pose = np.tile(np.eye(3), (frames, 24, 1, 1))
    angles = np.arange(frames)[:, None] * step
    pose[:, 0] = Rotation.from_euler('y', angles).as_matrix()
    return MotionClip('a', 'turn', 'procedural', fps, pose, **more)


def angle(clip: MotionClip) -> np.ndarray:
    return Rotation.from_matrix(clip.pose[:, 0]).as_rotvec()[:, 1]


def test_resampling_keeps_speed_and_ends():
    clip = turning(61, 0.01, fps=60)
    assert clip.seconds == pytest.approx(61 / 60)
    half = clip.resampled(30)
    assert len(half) == 31
    np.testing.assert_allclose(angle(half), np.arange(31) * 0.02)
    odd = clip.resampled(25)
    np.testing.assert_allclose(angle(odd), np.arange(26) * 0.024)


def test_slerp_halfway_and_single_frame():
    clip = turning(2, 1.0)
    half = slerp_pose(clip.pose, np.array([0.5]))
    np.testing.assert_allclose(
        Rotation.from_matrix(half[0, 0]).as_rotvec(), [0, 0.5, 0], atol=1e-12
    )
    still = slerp_pose(clip.pose[:1], np.array([0.0, 0.0]))
    assert still.shape == (2, 24, 3, 3)


def test_only_loops_are_tiled():
    assert len(turning(10, 0.1).tiled(25)) == 10
    tiled = turning(10, 0.1, loops=True).tiled(25)
    assert len(tiled) == 30
    np.testing.assert_array_equal(tiled.pose[10:20], tiled.pose[:10])


def test_wrong_shape_names_the_clip():
    with pytest.raises(ValueError, match='a: pose: expected'):
        MotionClip('a', 'x', 'cmu', 30, np.zeros((3, 23, 3, 3)))
