from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.geometry.triangulation import (
    Camera,
    project,
    triangulate,
    undistort_points,
    world_to_camera,
)

F, CX, CY = 1500.0, 540.0, 960.0
LENS = (-0.05, 0.14, 0.001, -0.0007)


def ring(count=4, lens=LENS):
    """Cameras 4 m around the origin, all facing it, y down."""
    cameras = []
    for i in range(count):
        turn = Rotation.from_euler('yx', (90 * i + 10, 5 * i), degrees=True)
        cameras.append(
            Camera(
                name=f'c{i}',
                intrinsics=[[F, 0, CX], [0, F, CY], [0, 0, 1]],
                distortion=lens,
                rotation=turn.as_matrix(),
                translation=(0.1 * i, 0, 4),
            )
        )
    return cameras


@pytest.fixture
def points():
    return np.random.default_rng(0).uniform(-0.9, 0.9, (7, 5, 3))


def observe(points, cameras):
    pixels = [project(points, camera) for camera in cameras]
    rays = map(undistort_points, pixels, cameras)
    return np.stack(list(rays))


def test_projection_by_hand():
    """z = 2: x / z = 0.1, r^2 = 0.01, k1 = 1 stretches by 1 %."""
    camera = replace(
        ring(1)[0],
        rotation=np.diag([1.0, -1, -1]),
        translation=[0, 0, 3],
        distortion=[1, 0, 0, 0],
    )
    point = np.array([[0.2, 0, 1.0]])
    np.testing.assert_allclose(world_to_camera(point, camera), [[0.2, 0, 2]])
    np.testing.assert_allclose(
        project(point, camera, distort=False), [[CX + 0.1 * F, CY]]
    )
    np.testing.assert_allclose(
        project(point, camera), [[CX + 0.101 * F, CY]], rtol=1e-12
    )


def test_points_behind_the_camera_are_not_projected():
    camera = ring(1)[0]
    behind = camera.rotation.T @ (np.array([0, 0, -1]) - camera.translation)
    pair = np.stack([behind, np.zeros(3)])
    finite = np.isfinite(project(pair, camera)).all(axis=1)
    np.testing.assert_array_equal(finite, [False, True])


def test_undistort_is_the_inverse_of_the_lens(points):
    camera = ring(2)[1]
    local = world_to_camera(points, camera)
    rays = undistort_points(project(points, camera), camera)
    np.testing.assert_allclose(
        rays, local[..., :2] / local[..., 2:], atol=1e-9
    )


def test_undistort_keeps_missing_points_missing():
    pixels = np.array([[CX, CY], [np.nan, np.nan], [CX, np.nan]])
    rays = undistort_points(pixels, ring(1, lens=(0, 0, 0, 0))[0])
    np.testing.assert_allclose(rays[0], [0, 0], atol=1e-12)
    assert np.isnan(rays[1:]).all()


@pytest.mark.parametrize('count', [2, 3, 4])
def test_exact_recovery(points, count):
    cameras = ring(count)
    weights = np.random.default_rng(1).uniform(0.2, 1, (count, 7, 5))
    found = triangulate(observe(points, cameras), weights, cameras)
    assert found.valid.all()
    np.testing.assert_allclose(found.points, points, atol=1e-7)


def test_noise_of_a_pixel_gives_millimetres(points):
    """1 px is 4 m / 1500 = 2.7 mm; four views average it."""
    cameras = ring(4)
    rays = observe(points, cameras)
    noise = np.random.default_rng(2).normal(size=rays.shape) / F
    found = triangulate(rays + noise, np.ones(rays.shape[:3]), cameras)
    off = np.linalg.norm(found.points - points, axis=-1)
    assert 0.0005 < off.mean() < 0.005


def test_missing_views_are_ignored(points):
    """NaN of weight 0 changes nothing; one view is not enough."""
    cameras = ring(4)
    rays, weights = observe(points, cameras), np.ones((4, 7, 5))
    weights[2:, 0, 0] = 0
    weights[1:, 1, 1] = 0
    weights[:, 2, 2] = 0
    rays[weights == 0] = np.nan
    found = triangulate(rays, weights, cameras)
    expected = np.ones((7, 5), bool)
    expected[1, 1] = expected[2, 2] = False
    np.testing.assert_array_equal(found.valid, expected)
    np.testing.assert_allclose(
        found.points[expected], points[expected], atol=1e-7
    )
    np.testing.assert_array_equal(found.points[~expected], 0)


def test_weight_decides_between_views_that_disagree(points):
    cameras = ring(3)
    rays = observe(points, cameras)
    rays[2] += 0.05
    errors = []
    for weight in (1, 0.1, 0.01):
        weights = np.stack([np.ones((7, 5))] * 2 + [np.full((7, 5), weight)])
        found = triangulate(rays, weights, cameras)
        errors.append(np.abs(found.points - points).max())
    assert errors[0] > 10 * errors[1] > 100 * errors[2]


def test_two_equal_rays_determine_nothing(points):
    camera = ring(1)[0]
    rays = observe(points, [camera, camera])
    found = triangulate(rays, np.ones((2, 7, 5)), [camera, camera])
    assert not found.valid.any()
    assert np.isfinite(found.points).all()


def test_parallel_rays_meet_nowhere():
    first = replace(ring(1)[0], rotation=np.eye(3), translation=[0, 0, 0])
    second = replace(first, translation=[-1, 0, 0])
    found = triangulate(
        np.zeros((2, 1, 1, 2)), np.ones((2, 1, 1)), [first, second]
    )
    assert not found.valid.any()
    assert np.isfinite(found.points).all()


def test_rays_that_meet_behind_the_cameras_are_not_valid():
    """Side by side, facing apart: x / z = -0.1 at x = 0, 0.1 at x = 1."""
    first = replace(ring(1)[0], rotation=np.eye(3), translation=[0, 0, 0])
    second = replace(first, translation=[-1, 0, 0])
    rays = np.zeros((2, 1, 1, 2))
    rays[:, 0, 0, 0] = (-0.1, 0.1)
    weights = np.ones((2, 1, 1))
    assert not triangulate(rays, weights, [first, second]).valid.any()
    crossed = triangulate(-rays, weights, [first, second])
    np.testing.assert_allclose(crossed.points, [[[0.5, 0, 5]]], atol=1e-9)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (dict(rotation=np.eye(3) * 2), 'rotation: is not one'),
        (dict(rotation=np.diag([1.0, 1, -1])), 'rotation: is not one'),
        (dict(translation=[0, 0]), r'translation: needs finite \(3,\)'),
        (dict(distortion=[np.nan] * 4), r'distortion: needs finite \(4,\)'),
        (dict(intrinsics=np.eye(3) * -1), 'intrinsics: need fx, fy > 0'),
    ],
)
def test_bad_cameras(change, message):
    with pytest.raises(ValueError, match=message):
        replace(ring(1)[0], **change)


@pytest.mark.parametrize(
    ('shape', 'value', 'count', 'message'),
    [
        ((2, 1, 1), 1.0, 1, 'cameras: triangulation needs 2, got 1'),
        ((3, 1, 1), 1.0, 2, r'weights: expected \[2, T, K\]'),
        ((2, 1, 2), 1.0, 2, 'points: expected'),
        ((2, 1, 1), -1.0, 2, 'weights: must be finite'),
        ((2, 1, 1), np.nan, 2, 'weights: must be finite'),
    ],
)
def test_bad_evidence(shape, value, count, message):
    points, weights = np.zeros((2, 1, 1, 2)), np.full(shape, value)
    with pytest.raises(ValueError, match=message):
        triangulate(points, weights, ring(count))


def test_nan_of_positive_weight_is_refused():
    points = np.full((2, 1, 1, 2), np.nan)
    with pytest.raises(ValueError, match='a point with weight > 0 is NaN'):
        triangulate(points, np.ones((2, 1, 1)), ring(2))
