"""Meshes of things, and furniture that covers a region."""

import numpy as np
import pytest

from semtta_mm.synthetic.test_sets.handheld.furniture import (
    FURNITURE,
    Region,
    panel,
)
from semtta_mm.synthetic.test_sets.handheld.things import (
    PATTERNS,
    Paint,
    box,
    joined,
    sample_paint,
)
from semtta_mm.visualization.renderer import rasterize

FLIP = np.array([1.0, -1.0, 1.0])
"""Right, up, ahead to the camera's right, down, ahead."""


def painted():
    return Paint(PATTERNS['checks'], 3, np.random.default_rng(0))


def test_box_has_its_corners():
    low, high = np.array([-1.0, 0, 2]), np.array([1.0, 0.5, 3])
    thing = box(low, high, painted())
    np.testing.assert_allclose(thing.vertices.min(axis=0), low)
    np.testing.assert_allclose(thing.vertices.max(axis=0), high)
    assert thing.faces.max() == len(thing.vertices) - 1
    assert thing.colours.min() >= 0 and thing.colours.max() <= 1
    corners = thing.vertices[thing.faces]
    cross = np.cross(
        corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    )
    area = np.linalg.norm(cross, axis=1).sum() / 2
    assert area == pytest.approx(2 * (2 * 0.5 + 2 * 1 + 0.5 * 1))


def test_joined_keeps_every_face():
    one = box(np.zeros(3), np.ones(3), painted())
    two = joined([one, one.moved(np.eye(3), np.array([5.0, 0, 0]))])
    assert len(two.faces) == 2 * len(one.faces)
    second = two.vertices[two.faces[len(one.faces) :]]
    np.testing.assert_allclose(
        second, one.vertices[one.faces] + np.array([5.0, 0, 0])
    )


@pytest.mark.parametrize('make', [*FURNITURE.values(), panel])
def test_furniture_covers_its_region(make):
    region = Region(-0.5, 0.6, 0.8, 3.0, 0.4)
    thing = make(region, np.random.default_rng(1))
    eye = np.array([0, 1.4, 0])
    camera = np.array([[60.0, 0, 64], [0, 60, 32], [0, 0, 1]])
    fragments = rasterize(
        (thing.vertices - eye) * FLIP, thing.faces, camera, (128, 96), False
    )
    x, y = np.meshgrid(np.linspace(-0.45, 0.55, 9), np.linspace(0.05, 0.7, 7))
    at = np.stack([x, y, np.full_like(x, 3.0)], axis=-1).reshape(-1, 3)
    seen = ((at - eye) * FLIP) @ camera.T
    column, row = (seen[:, :2] / seen[:, 2:]).astype(int).T
    assert fragments.mask[row, column].mean() > 0.93
    assert fragments.depth[fragments.mask].max() < 3.5
    high = (np.array([0.0, 1.3, 3.0]) - eye) * FLIP @ camera.T
    column, row = (high[:2] / high[2]).astype(int)
    assert not fragments.mask[row, column]


def test_paint_is_repeatable():
    at = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    first, second = (
        sample_paint(np.random.default_rng(4))(at) for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
