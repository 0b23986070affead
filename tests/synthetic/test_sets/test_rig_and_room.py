"""Bodies, cameras and rooms of the shifted edition."""

import dataclasses

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.models.bodies import SMPLBody
from semtta_mm.synthetic.poses import sample_betas
from semtta_mm.synthetic.scene import Wardrobe
from semtta_mm.synthetic.test_sets.body_track import shifted_betas
from semtta_mm.synthetic.test_sets.rig import LOWEST, Rig, sample_rig
from semtta_mm.synthetic.test_sets.room import (
    FLOORS,
    WALLS,
    Room,
    backdrop,
    softened,
)
from semtta_mm.synthetic.test_sets.shifted_look import Lighting, ShiftedLook
from semtta_mm.visualization.renderer import vertex_normals


def test_shifted_shapes_are_outside_of_training_s():
    rng = np.random.default_rng(0)
    shifted = np.stack([shifted_betas(rng) for _ in range(400)])
    usual = sample_betas(400, rng)
    assert np.abs(shifted).max() == 3
    far = np.linalg.norm(shifted[:, :2], axis=1)
    assert np.median(far) > 1.4 * np.median(
        np.linalg.norm(usual[:, :2], axis=1)
    )


@pytest.mark.parametrize('seed', range(12))
def test_shifted_camera(marching, seed):
    points = marching.keypoints
    rng = np.random.default_rng(seed)
    rig = sample_rig(points, 256, 'all', rng)
    middle = (points.min(axis=(0, 1)) + points.max(axis=(0, 1))) / 2
    distance = np.linalg.norm(rig.centre - middle)
    assert not 2.6 < distance < 9.0
    assert rig.centre[1] > LOWEST - 0.05
    local = rig.to_camera(points)
    homogeneous = local @ rig.intrinsics.T
    pixels = homogeneous[..., :2] / homogeneous[..., 2:]
    assert ((pixels > 0) & (pixels < 256)).all()
    roll = np.degrees(np.arctan2(rig.rotation[0, 1], -rig.rotation[1, 1]))
    assert 6.8 < abs(roll) < 16.2
    sway = Rotation.from_matrix(rig.sway).magnitude()
    assert 0 < sway.max() < np.radians(1.5)


def test_unshifted_camera_is_static(marching):
    rig = sample_rig(marching.keypoints, 256, 'none', np.random.default_rng(0))
    np.testing.assert_array_equal(rig.sway[-1], np.eye(3))


def test_softer_colours_keep_their_mean():
    image = np.array([[[0.0, 0.2, 1], [1, 0.6, 0]]], np.float32)
    soft = softened(image, 0.5)
    np.testing.assert_allclose(soft, [[[0.25, 0.3, 0.75], [0.75, 0.5, 0.25]]])
    assert soft.dtype == np.float32
    assert softened(image, 1) is image


@pytest.mark.parametrize('pattern', [*FLOORS.values(), *WALLS.values()])
def test_patterns_are_colours_with_texture(pattern):
    at = np.random.default_rng(0).uniform(-3, 3, (500, 2))
    colour = pattern(at, np.random.default_rng(1))
    assert colour.shape == (500, 3)
    assert colour.min() >= 0
    assert colour.max() <= 1
    assert colour.std(axis=0).max() > 0.03


def test_homography_equals_ray_tracing_of_the_rotated_camera():
    """The background by homography against the room traced again."""
    turn = Rotation.from_rotvec([0.02, -0.03, 0.05]).as_matrix()
    camera = np.array([[100.0, 0, 48], [0, 100, 48], [0, 0, 1]])
    still = np.diag([1.0, -1, -1])
    place = np.array([0, 1.2, 5.0])
    rig = Rig(still, place, camera, np.stack([np.eye(3), turn]))
    other = Rig(turn @ still, turn @ place, camera, np.eye(3)[None])
    room = Room(8.0, 'checks', 'stripes', 3)
    values = dict.fromkeys(
        f.name for f in dataclasses.fields(ShiftedLook)
    ) | dict(rig=rig, size=(96, 96), backdrop=backdrop(room, rig, (96, 96)))
    warped = ShiftedLook(**values).ground((192, 192), 1)
    border = (len(values['backdrop']) - 192) // 2
    traced = backdrop(room, other, (96, 96))[border:-border, border:-border]
    error = np.abs(warped - traced).mean()
    unturned = ShiftedLook(**values).ground((192, 192), 0)
    assert error < 0.02
    assert np.abs(unturned - traced).mean() > 3 * error


def test_lighting_changes_nothing_else(marching):
    body = SMPLBody()
    faces, rest = body.faces.numpy().astype(np.int32), body.v_template.numpy()
    wardrobe = Wardrobe.of_body(
        rest, vertex_normals(rest, faces), body.weights.numpy(), faces
    )
    rig = sample_rig(marching.keypoints, 64, 'all', np.random.default_rng(0))
    white = Lighting(((1.0, 1.0, 1.0),), (0.3, 0.3), contrast=0.5)
    coloured, plain = (
        ShiftedLook.sample(
            wardrobe,
            faces,
            rig,
            (64, 64),
            np.random.default_rng(1),
            1.0,
            lighting=lighting,
        )
        for lighting in (Lighting(), white)
    )
    assert plain.tint.tolist() == [1, 1, 1]
    assert plain.ambient == pytest.approx(0.3)
    np.testing.assert_array_equal(plain.light, coloured.light)
    assert plain.quality == coloured.quality
    spread = [look.backdrop.std(axis=(0, 1)) for look in (plain, coloured)]
    np.testing.assert_allclose(spread[0], spread[1] / 2, rtol=1e-3)
