"""Where the phone stands, what it looks at, and its turns."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.synthetic.test_sets.handheld.phone import (
    follow,
    in_view,
    pixels,
    sample_phone,
    tilted,
)


@pytest.mark.parametrize('seed', range(8))
def test_ranges(marching, seed):
    points = marching.keypoints
    phone = sample_phone(points, 640, np.random.default_rng(seed))
    assert abs(phone.pitch) <= 15
    assert 1.2 <= phone.height <= 1.7
    assert 2.5 <= phone.distance <= 7
    assert sorted(phone.size) == [360, 640]
    assert in_view(phone, points).mean() > 0.8
    assert phone.rig.centre[1] == pytest.approx(phone.height)
    flat = (phone.rig.centre - points.mean(axis=(0, 1)))[[0, 2]]
    assert np.linalg.norm(flat) == pytest.approx(phone.distance, abs=0.5)
    tall = np.ptp(pixels(phone.rig, points)[..., 1], axis=1)
    # Zoom keeps far people as large as those at 3.7 m.
    assert tall.min() > 170 and tall.max() < 400
    assert 26 <= phone.rig.intrinsics[0, 0] / 640 * 36 <= 2 * 28
    ahead = phone.rig.rotation[2]
    assert np.degrees(np.arcsin(-ahead[1])) == pytest.approx(phone.pitch)
    turns = Rotation.from_matrix(phone.rig.sway).magnitude()
    assert 0 < np.degrees(turns).max() < 15
    steps = np.linalg.norm(np.diff(phone.rig.sway, axis=0), axis=(1, 2))
    assert np.degrees(steps).max() < 1  # slow


def test_a_further_condition(marching):
    phone = sample_phone(
        marching.keypoints,
        640,
        np.random.default_rng(0),
        lambda phone: phone.size == (640, 360) and phone.distance < 4,
    )
    assert phone.size == (640, 360) and phone.distance < 4


def test_looking_up_moves_the_person_down(marching):
    points = marching.keypoints
    phone = sample_phone(points, 640, np.random.default_rng(1))
    up = tilted(phone, 5.0)
    assert up.pitch == phone.pitch - 5
    np.testing.assert_allclose(up.rig.centre, phone.rig.centre)
    moved = pixels(up.rig, points) - pixels(phone.rig, points)
    focal = phone.rig.intrinsics[0, 0]
    assert moved[..., 1].min() > 0.9 * focal * np.radians(5)


def test_camera_turns_towards_the_person():
    """Of a person who walks to the right and stays there."""
    x = np.clip(np.linspace(-4, 2, 90), 0, 1)
    local = np.stack([x, 0 * x, 0 * x + 4], axis=1)[:, None].repeat(2, axis=1)
    sway = follow(local, np.random.default_rng(0))
    turned = np.einsum('tij,tj->ti', sway, local[:, 0])
    start, end = turned[[0, -1]]
    before = local[[0, -1], 0]
    assert (end[0] - start[0]) < 0.75 * (before[1, 0] - before[0, 0])
