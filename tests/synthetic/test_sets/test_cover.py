"""An occluder that hides the legs and nothing above the thigh."""

import numpy as np
import pytest

from semtta_mm.conventions import keypoint_names
from semtta_mm.synthetic.test_sets.cover import cover_legs

NAMES = keypoint_names('coco_23')
HEIGHTS = {
    'hip': 100.0,
    'knee': 140.0,
    'ankle': 180.0,
    'heel': 185.0,
    'toe': 185.0,
    'wrist': 95.0,
    'elbow': 75.0,
    'shoulder': 50.0,
}


@pytest.fixture
def points():
    """An upright person who moves by a pixel a frame."""
    out = np.zeros((10, len(NAMES), 2))
    for i, name in enumerate(NAMES):
        out[:, i, 0] = 90 if name.startswith('left') else 110
        out[:, i, 1] = HEIGHTS.get(name.rsplit('_', 1)[-1], 20.0)
    out[..., 0] += np.arange(10)[:, None]
    return out


@pytest.fixture
def cover(points):
    return cover_legs(points, 'coco_23', 220, np.random.default_rng(0))


def test_cover_hides_knees_and_below_only(cover, points):
    hidden = cover.hides(points)
    low = np.array([name.endswith(tuple(HEIGHTS)[1:5]) for name in NAMES])
    assert hidden[:, low].all()
    assert not hidden[:, ~low].any()


def test_extent_of_the_cover(cover):
    """A quarter of the thigh (10 px) and 7 % of the height (165 px)."""
    rows = np.flatnonzero(cover.mask(5).any(axis=1))
    assert rows[0] == pytest.approx(130 - 0.07 * 165, abs=2)
    assert rows[-1] == pytest.approx(185 + 0.07 * 165, abs=2)


def test_cover_follows_the_person(cover):
    first, last = (
        np.flatnonzero(cover.mask(t).any(axis=0))[0] for t in (2, 7)
    )
    assert last - first == pytest.approx(5, abs=1)


def test_only_pixels_of_the_cover_change(cover):
    image = np.zeros((220, 220, 3), np.uint8)
    out = cover(image, 3)
    assert not image.any()
    mask = cover.mask(3)
    np.testing.assert_array_equal(out[mask], cover.texture[mask])
    assert not out[~mask].any()


def test_the_seed_determines_the_texture(points):
    textures = [
        cover_legs(points, 'coco_23', 64, np.random.default_rng(s)).texture
        for s in (1, 1, 2)
    ]
    np.testing.assert_array_equal(textures[0], textures[1])
    assert (textures[0] != textures[2]).any()
