"""Translation on the ground: contacts and long paths."""

import numpy as np

from semtta_mm.synthetic.test_sets.ground import (
    PLANTED,
    contact_path,
    grounded_path,
)


def box_on_legs(feet, height=1.0):
    """Two feet [T, 2, 3] and a far higher head."""
    head = feet.mean(axis=1, keepdims=True) + [0, height, 0]
    return np.concatenate([feet, head], axis=1)


def test_standing_foot_does_not_slide():
    """A foot that moves back by 1 cm a frame moves the body 1 cm forward."""
    feet = np.zeros((11, 2, 3))
    feet[:, 0, 2] = -0.01 * np.arange(11)
    feet[:, 1] = [0.2, 0.3, 0]  # in the air
    path = contact_path(box_on_legs(feet))
    np.testing.assert_allclose(path[:, 1], 0.01 * np.arange(11), atol=1e-9)
    np.testing.assert_allclose(path[:, 0], 0, atol=1e-9)


def test_long_paths_become_motion_on_the_spot():
    feet = np.zeros((121, 2, 3))
    feet[:, 0, 2] = -0.04 * np.arange(121)  # 4.8 m
    feet[:, 1] = [0.2, 0.3, 0]
    path = grounded_path(box_on_legs(feet))
    np.testing.assert_allclose(path, 0, atol=1e-6)


def test_short_paths_are_kept_and_centred():
    feet = np.zeros((11, 2, 3))
    feet[:, 0, 2] = -0.05 * np.arange(11)
    feet[:, 1] = [0.2, 0.3, 0]
    feet[:, :, 1] += 0.7
    path = grounded_path(box_on_legs(feet))
    np.testing.assert_allclose(path[[0, -1], 2], [-0.25, 0.25], atol=1e-9)
    np.testing.assert_allclose(path[:, 1], -0.7, atol=1e-9)
    assert np.ptp(path[:, 2]) < PLANTED


def test_feet_of_a_real_motion(marching):
    """Lowest vertex at 0; vertices in contact move < 1 cm."""
    height = marching.vertices[..., 1]
    np.testing.assert_allclose(height.min(axis=1), 0, atol=1e-6)
    moved = np.linalg.norm(
        np.diff(marching.vertices[..., [0, 2]], axis=0), axis=-1
    )
    lowest = height.argmin(axis=1)[:-1]
    slide = moved[np.arange(len(moved)), lowest]
    assert np.median(slide) < 0.003
    assert moved.max() > 0.02
