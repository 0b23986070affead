import numpy as np
import pytest
import torch

from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams
from semtta_mm.visualization.renderer import (
    draw_mesh,
    lambert,
    rasterize,
    vertex_normals,
)

# One metre away a coordinate of 1 m is a pixel.
PIXELS = np.eye(3)
SQUARE = np.array([[2.0, 3, 1], [12, 3, 1], [12, 8, 1], [2, 8, 1]])
# Outside towards the camera: counter-clockwise with y up, hence this order.
SQUARE_FACES = np.array([[0, 2, 1], [0, 3, 2]])


def test_square_covers_each_of_its_pixels():
    fragments = rasterize(SQUARE, SQUARE_FACES, PIXELS, (20, 15))
    expected = np.zeros((15, 20), bool)
    expected[3:8, 2:12] = True
    np.testing.assert_array_equal(fragments.mask, expected)
    np.testing.assert_allclose(fragments.depth[expected], 1)
    assert np.isinf(fragments.depth[~expected]).all()


def test_interpolation_gives_the_pixels_own_centre():
    fragments = rasterize(SQUARE, SQUARE_FACES, PIXELS, (20, 15))
    found = fragments.interpolate(SQUARE[:, :2], SQUARE_FACES)
    y, x = np.nonzero(fragments.mask)
    np.testing.assert_allclose(found, np.c_[x, y] + 0.5, atol=1e-5)
    some = fragments.mask & (np.arange(20) < 5)
    np.testing.assert_array_equal(
        fragments.interpolate(SQUARE[:, :2], SQUARE_FACES, some),
        found[x < 5],
    )


def test_perspective_is_not_linear_in_the_image():
    """A floor from 1 m to 4 m: halfway down the image is not 2.5 m."""
    floor = np.array([[-1.0, 1, 1], [1, 1, 1], [4, 1, 4], [-4, 1, 4]])
    intrinsics = np.array([[100.0, 0, 100], [0, 100, 0], [0, 0, 1]])
    fragments = rasterize(
        floor, np.array([[0, 2, 1], [0, 3, 2]]), intrinsics, (200, 100), False
    )
    rows = np.array([30, 60, 90])
    np.testing.assert_allclose(
        fragments.depth[rows, 100], 100 / (rows + 0.5), rtol=1e-5
    )
    z = fragments.interpolate(floor[:, 2:], np.array([[0, 2, 1], [0, 3, 2]]))
    np.testing.assert_allclose(
        z[:, 0], fragments.depth[fragments.mask], rtol=1e-5
    )


def test_nearer_triangle_is_kept_in_any_order():
    near = SQUARE[[0, 1, 2]] * [1, 1, 1]
    far = SQUARE[[0, 1, 2]] * 2  # projects to the same pixels
    both = np.concatenate([far, near])
    for faces in ([[0, 2, 1], [3, 5, 4]], [[3, 5, 4], [0, 2, 1]]):
        fragments = rasterize(both, np.array(faces), PIXELS, (20, 15))
        np.testing.assert_allclose(fragments.depth[fragments.mask], 1)


def test_backs_are_culled_and_the_near_plane_too():
    backs = SQUARE_FACES[:, ::-1]
    assert not rasterize(SQUARE, backs, PIXELS, (20, 15)).mask.any()
    assert rasterize(SQUARE, backs, PIXELS, (20, 15), False).mask.any()
    behind = SQUARE.copy()
    behind[0, 2] = -1
    fragments = rasterize(behind, SQUARE_FACES, PIXELS, (20, 15), False)
    assert not fragments.mask.any()


def test_far_outside_is_clipped():
    huge = (SQUARE - [7, 5.5, 0]) * [1e6, 1e6, 1]
    assert rasterize(huge, SQUARE_FACES, PIXELS, (20, 15)).mask.all()
    away = SQUARE + [1e12, 0, 0]
    assert not rasterize(away, SQUARE_FACES, PIXELS, (20, 15)).mask.any()


@pytest.fixture(scope='module')
def body():
    """The open body, 3 m in front of the camera."""
    model = SMPLBody()
    pose = torch.zeros(1, 24, 3)
    pose[:, 0, 0] = torch.pi
    params = SMPLParams.from_axis_angle(
        pose, torch.zeros(1, 10), torch.tensor([[0.0, 0.1, 3.0]])
    )
    return model(params).vertices[0].numpy(), model.faces.numpy()


INTRINSICS = np.array([[120.0, 0, 64], [0, 120, 64], [0, 0, 1]])


def test_agrees_with_a_ray_by_ray_search(body):
    """Every 9th pixel against all triangles, by ray and plane."""
    vertices, faces = body
    fragments = rasterize(vertices, faces, INTRINSICS, (128, 128))
    a, b, c = (vertices[faces[:, k]].astype(float) for k in range(3))
    for y in range(4, 128, 9):
        for x in range(4, 128, 9):
            ray = np.array([(x + 0.5 - 64) / 120, (y + 0.5 - 64) / 120, 1.0])
            # a + s (b - a) + t (c - a) = z ray
            matrix = np.stack([b - a, c - a, -np.tile(ray, (len(a), 1))], -1)
            regular = np.abs(np.linalg.det(matrix)) > 1e-14
            s, t, z = np.linalg.solve(matrix[regular], -a[regular][..., None])[
                ..., 0
            ].T
            hit = (s > 1e-4) & (t > 1e-4) & (s + t < 1 - 1e-4)
            edge = (s > -1e-4) & (t > -1e-4) & (s + t < 1 + 1e-4)
            if hit.sum() != edge.sum():
                continue  # an edge within rounding may fall either way
            nearest = z[hit].min() if hit.any() else np.inf
            assert fragments.depth[y, x] == pytest.approx(nearest, rel=1e-4)


def test_closed_body_has_no_hole(body):
    """From in front, culled and not culled show the same nearest side."""
    vertices, faces = body
    culled = rasterize(vertices, faces, INTRINSICS, (128, 128))
    full = rasterize(vertices, faces, INTRINSICS, (128, 128), cull=False)
    assert culled.mask.sum() > 500
    assert (culled.mask != full.mask).mean() < 1e-3


def test_normals_point_outwards(body):
    vertices, faces = body
    normals = vertex_normals(vertices, faces)
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1, rtol=1e-6)
    fragments = rasterize(vertices, faces, INTRINSICS, (128, 128))
    visible = fragments.interpolate(normals, faces)
    assert (visible[:, 2] < 0.1).mean() > 0.99  # towards the camera
    alone = vertex_normals(SQUARE, SQUARE_FACES[:1])
    np.testing.assert_allclose(alone[[0, 1, 2], 2], -1)
    assert alone[3].tolist() == [0, 0, 0]


def test_lambert_by_hand():
    normals = np.array([[0.0, 0, -1], [0, 0, 1], [0, -1, 0]])
    light = lambert(normals, direction=(0, 0, -2), ambient=0.2)
    np.testing.assert_allclose(light, [1.0, 0.2, 0.2])


def test_draw_mesh_blends_and_leaves_the_rest(body):
    vertices, faces = body
    image = np.full((128, 128, 3), 40, np.uint8)
    solid = draw_mesh(image, vertices, faces, INTRINSICS, (1, 0, 0))
    mask = rasterize(vertices, faces, INTRINSICS, (128, 128)).mask
    assert (image == 40).all()
    assert (solid[~mask] == 40).all()
    assert (solid[mask][:, :2] == 0).all()  # BGR: only red is left
    half = draw_mesh(image, vertices, faces, INTRINSICS, (1, 0, 0), 0.5)
    np.testing.assert_allclose(half[mask][:, 0], 20)


@pytest.mark.parametrize('opacity', [1.0, 0.85, 0.3])
def test_compiled_blending_agrees_with_arrays(body, opacity):
    """The same pixels by whole arrays, in float64."""
    vertices, faces = body
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (128, 128, 3)).astype(np.uint8)
    colour = (0.9, 0.4, 0.2)
    fragments = rasterize(vertices, faces, INTRINSICS, (128, 128))
    light = lambert(vertex_normals(vertices, faces))[:, None]
    light = fragments.interpolate(light, faces)
    paint = 255 * light * np.asarray(colour)[::-1]
    wanted, mask = image.astype(float), fragments.mask
    wanted[mask] = (1 - opacity) * wanted[mask] + opacity * paint
    found = draw_mesh(image, vertices, faces, INTRINSICS, colour, opacity)
    assert np.abs(found - wanted).max() < 0.5 + 1e-4
    np.testing.assert_array_equal(found[~mask], image[~mask])
