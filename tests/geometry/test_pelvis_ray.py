import numpy as np
import pytest

from semtta_mm.geometry.pelvis_ray import (
    mid_hip,
    pelvis_ray_rotation,
    to_pelvis_ray,
)


def test_middle_of_the_hips():
    joints = np.zeros((1, 12, 3))
    joints[0, 6], joints[0, 7] = (1, 2, 3), (3, 2, 1)
    np.testing.assert_array_equal(mid_hip(joints), [[2, 2, 2]])


def test_rotation_by_hand():
    """Root at 45 degrees to the right: a turn of -45 degrees about y."""
    half = np.sqrt(0.5)
    np.testing.assert_allclose(
        pelvis_ray_rotation(np.array([[2.0, 0, 2]]))[0],
        [[half, 0, -half], [0, 1, 0], [half, 0, half]],
        atol=1e-12,
    )


def test_the_root_comes_onto_the_axis_and_distances_stay():
    rng = np.random.default_rng(0)
    joints = rng.uniform(-1, 1, (9, 12, 3)) + (0.7, -0.4, 4)
    root = mid_hip(joints)
    turned = to_pelvis_ray(joints, root)
    expected = np.zeros((9, 3))
    expected[:, 2] = np.linalg.norm(root, axis=1)
    np.testing.assert_allclose(mid_hip(turned), expected, atol=1e-12)
    lengths = [
        np.linalg.norm(x[:, :, None] - x[:, None], axis=-1)
        for x in (joints, turned)
    ]
    np.testing.assert_allclose(*lengths, atol=1e-12)
    assert np.abs(turned - joints).max() > 0.1


def test_it_is_a_rotation_and_the_shortest_one():
    root = np.random.default_rng(1).uniform(0.1, 2, (20, 3))
    rotation = pelvis_ray_rotation(root)
    identity = rotation @ rotation.transpose(0, 2, 1)
    np.testing.assert_allclose(
        identity, np.tile(np.eye(3), (20, 1, 1)), atol=1e-9
    )
    np.testing.assert_allclose(np.linalg.det(rotation), 1)
    angle = (np.trace(rotation, axis1=1, axis2=2) - 1) / 2
    np.testing.assert_allclose(
        angle, root[:, 2] / np.linalg.norm(root, axis=1)
    )


@pytest.mark.parametrize('root', [(0, 0, -1), (1, 0, 0), (np.nan, 0, 1)])
def test_a_root_that_no_camera_sees(root):
    with pytest.raises(ValueError, match='in front of the camera'):
        pelvis_ray_rotation(np.array([root], float))
