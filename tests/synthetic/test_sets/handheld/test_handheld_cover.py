"""What hides the person: by geometry alone."""

import numpy as np
import pytest

from semtta_mm.conventions import keypoint_names
from semtta_mm.synthetic.test_sets.handheld.cover import (
    KINDS,
    blocks,
    border_tilt,
    legs_hidden,
)
from semtta_mm.synthetic.test_sets.handheld.phone import (
    inside,
    pixels,
    sample_phone,
    tilted,
)
from semtta_mm.synthetic.test_sets.handheld.stand import Stand, legs_region

NAMES = keypoint_names('coco_23')
ANKLES = [i for i, name in enumerate(NAMES) if name.endswith('ankle')]


@pytest.fixture
def points(marching):
    return np.tile(marching.keypoints, (4, 1, 1))[:150]


def phone_for(points, seed=0, fits=None):
    return sample_phone(points, 640, np.random.default_rng(seed), fits)


def test_stand_is_under_the_phone(points):
    phone = phone_for(points)
    stand = Stand.under(phone.rig)
    local = stand.local(points)
    np.testing.assert_allclose(stand.axes @ stand.axes.T, np.eye(3), atol=1e-9)
    assert local[..., 2].mean() == pytest.approx(phone.distance, abs=0.3)
    np.testing.assert_allclose(local[..., 1], points[..., 1], atol=1e-9)
    far = stand.local(phone.rig.centre + stand.axes[0])
    assert far == pytest.approx([1, phone.height, 0])
    still = phone.rig.rotation @ stand.axes[0]
    assert still[0] > 0.9  # right in the image


def test_legs_are_behind_the_region_and_shoulders_are_not(points):
    phone = phone_for(points)
    stand = Stand.under(phone.rig)
    region = legs_region(stand, points, 'coco_23', 0.3)
    flat = stand.on_plane(stand.local(points), region.ahead)
    behind = (
        (flat[..., 0] > region.left)
        & (flat[..., 0] < region.right)
        & (flat[..., 1] < region.top)
    )
    assert behind[:, ANKLES].mean() > 0.9
    assert not behind[:, NAMES.index('left_shoulder')].any()
    assert region.ahead < stand.local(points)[..., 2].min()


def test_the_border_cuts_off_the_legs_only(points):
    phone = phone_for(
        points, 3, lambda p: border_tilt(p, points, 'coco_23') is not None
    )
    tilt = border_tilt(phone, points, 'coco_23')
    assert tilt > 0
    after = inside(pixels(tilted(phone, tilt).rig, points), phone.size)
    assert after[:, ANKLES].mean() < 0.15
    assert after[:, NAMES.index('nose')].mean() > 0.8
    shot = legs_hidden(
        phone, points, 'coco_23', True, np.random.default_rng(0)
    )
    assert shot.notes == {'by': 'border'}
    assert not shot.things
    assert abs(shot.phone.pitch) <= 15
    other = legs_hidden(
        phone, points, 'coco_23', False, np.random.default_rng(0)
    )
    assert other.phone is phone
    assert len(other.things) == 1


@pytest.mark.parametrize('first', range(len(KINDS)))
def test_blocks(points, first):
    phone = phone_for(points)
    shot = blocks(phone, points, 'coco_23', first, np.random.default_rng(5))
    (note,) = shot.notes['blocks']
    assert note['hides'] == KINDS[first]
    assert 30 <= note['end'] - note['start'] <= 50
    (moving,) = shot.things
    still = np.flatnonzero((np.abs(moving.path) < 1e-9).all(axis=1))
    assert still[0] <= note['start'] and note['end'] - 1 <= still[-1]
    assert len(still) <= note['end'] - note['start'] + 2
    there = np.isfinite(moving.path).all(axis=1)
    assert not there[[0, -1]].any()
    # It comes from outside of the image.
    edges = np.flatnonzero(there)[[0, -1]]
    for frame in edges:
        local = phone.rig.to_camera_at(
            moving.thing.vertices + moving.path[frame], int(frame)
        )
        right = local[:, 0] / local[:, 2]
        half = phone.rig.intrinsics[0, 2] / phone.rig.intrinsics[0, 0]
        assert (np.abs(right) > 0.8 * half).all()


def test_a_long_clip_has_two_blocks(points):
    long = np.tile(points, (2, 1, 1))[:260]
    phone = phone_for(long)
    shot = blocks(phone, long, 'coco_23', 0, np.random.default_rng(0))
    assert [n['hides'] for n in shot.notes['blocks']] == ['legs', 'left']
    first, second = shot.notes['blocks']
    assert first['end'] < 130 < second['start']
