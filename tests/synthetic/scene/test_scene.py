import cv2
import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from semtta_mm.conventions import keypoint_index
from semtta_mm.geometry import project_points
from semtta_mm.geometry.views import look_at
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams
from semtta_mm.synthetic.scene import (
    CropRenderer,
    sample_background,
    sample_dress,
    sample_view,
)
from semtta_mm.synthetic.scene import crop as crop_module
from semtta_mm.synthetic.scene.crop import _inside
from semtta_mm.synthetic.scene.paint import occlude, photograph


@pytest.fixture(scope='module')
def renderer():
    return CropRenderer(SMPLBody(), size=96)


def bent_pose(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return Rotation.from_rotvec(rng.normal(0, 0.3, (24, 3))).as_matrix()


def make(renderer, seed: int):
    rng = np.random.default_rng(seed)
    return renderer(bent_pose(seed), rng.normal(0, 1, 10), rng)


def test_same_seed_same_crop(renderer):
    first, again, other = (make(renderer, s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.image, again.image)
    np.testing.assert_array_equal(first.keypoints, again.keypoints)
    assert (first.image != other.image).mean() > 0.5
    assert first.image.shape == (96, 96, 3)
    assert first.image.dtype == np.uint8


@pytest.mark.parametrize('seed', range(4))
def test_labels_are_exact(renderer, seed):
    """The labelled body, through SMPLBody and the camera module."""
    crop = make(renderer, seed)
    params = SMPLParams.from_pose(
        torch.from_numpy(crop.pose)[None],
        torch.from_numpy(crop.betas)[None],
        torch.from_numpy(crop.transl)[None],
    )
    points = renderer.body(params, False, ('coco_23',)).keypoints['coco_23']
    pixels = project_points(points, torch.from_numpy(crop.intrinsics)[None])
    np.testing.assert_allclose(pixels[0], crop.keypoints, atol=0.02)


def test_the_rendered_body_is_at_its_labels(monkeypatch):
    """On black and without camera noise, pixels above 0 are the body."""
    monkeypatch.setattr(
        crop_module,
        'sample_background',
        lambda size, rng: np.zeros((size, size, 3), np.float32),
    )
    monkeypatch.setattr(
        crop_module, 'photograph', lambda x, rng: (x * 255).astype(np.uint8)
    )
    renderer = CropRenderer(SMPLBody(), size=96, occluders=0.0)
    names = ['knee', 'hip', 'shoulder', 'elbow', 'ankle']
    chosen = keypoint_index(
        'coco_23', [f'{s}_{n}' for s in ('left', 'right') for n in names]
    )
    hits = []
    for seed in range(10):
        crop = make(renderer, seed)
        inside = crop.visible[chosen]
        x, y = crop.keypoints[chosen][inside].astype(int).T
        hits += (crop.image[y, x].max(axis=-1) > 0).tolist()
        assert 0.02 < (crop.image.max(axis=-1) > 0).mean() < 0.7
    assert len(hits) > 70
    assert np.mean(hits) > 0.97


def test_frontal_view_has_the_left_side_on_the_right():
    front, left, up = np.eye(3)[[2, 0, 1]]
    face_on = look_at(0.0)
    np.testing.assert_allclose(face_on @ front, [0, 0, -1], atol=1e-12)
    np.testing.assert_allclose(face_on @ left, [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(face_on @ up, [0, -1, 0], atol=1e-12)
    turned = look_at(np.pi / 2)  # to the body's left: the image's right
    np.testing.assert_allclose(turned @ front, [1, 0, 0], atol=1e-12)
    above = look_at(0.0, pitch=0.5) @ up
    assert above[2] < 0  # the head is nearer to a camera above
    assert np.linalg.det(look_at(1.0, 0.3, 0.2)) == pytest.approx(1)


def test_view_fills_the_crop():
    """The longer side of the keypoints' box, times 1.2, is the crop."""
    joints = np.array([[0.0, -0.85, 0], [0, 0.85, 0], [0.3, 0, 0]])
    shares = []
    for seed in range(200):
        view = sample_view(joints, 100, np.random.default_rng(seed))
        local = joints @ view.rotation.T + [0, 0, view.distance]
        pixels = view.focal * local[:, :2] / local[:, 2:]
        shares.append(np.ptp(pixels, axis=0).max() / 100)
    assert np.median(shares) == pytest.approx(1 / 1.2, rel=0.05)


def test_wide_views_contain_steep_and_far_cameras():
    joints = np.array([[0.0, -0.85, 0], [0, 0.85, 0], [0.3, 0, 0]])

    def drawn(wide):
        views = [
            sample_view(joints, 100, np.random.default_rng(seed), wide)
            for seed in range(300)
        ]
        far = np.array([view.distance for view in views])
        # The camera's axis (third row), against the vertical.
        pitch = np.arcsin([-view.rotation[2, 1] for view in views])
        return far, pitch

    far, pitch = drawn(1.0)
    assert far.min() < 2.1
    assert 12 < far.max() < 14
    assert np.quantile(pitch, 0.95) > 0.75
    assert np.quantile(pitch, 0.05) < -0.35
    far, pitch = drawn(0.0)
    assert far.min() > 2.2
    assert far.max() < 9


def test_ranges_of_clothes(renderer):
    dress = sample_dress(renderer.wardrobe, np.random.default_rng(3))
    assert dress.colours.shape == renderer.wardrobe.rest.shape
    assert (dress.colours >= 0).all()
    assert (dress.colours <= 1).all()
    assert np.abs(dress.offsets).max() < 0.12
    face = renderer.wardrobe.on('head') & (renderer.wardrobe.rest[:, 2] > 0.1)
    assert len(np.unique(dress.colours[face], axis=0)) <= 2


def test_smoothing_keeps_the_mean_of_a_constant(renderer):
    ones = np.ones((len(renderer.wardrobe.rest), 1))
    np.testing.assert_allclose(renderer.wardrobe.smooth(ones, 5), 1)


def test_background_and_photograph_have_their_ranges():
    rng = np.random.default_rng(0)
    image = sample_background(64, rng)
    assert image.shape == (64, 64, 3)
    assert image.min() >= 0
    assert image.max() <= 1
    photo = photograph(image, rng)
    assert photo.dtype == np.uint8
    correlation = np.corrcoef(
        cv2.GaussianBlur(image, (9, 9), 0).ravel(), photo.ravel()
    )[0, 1]
    assert correlation > 0.7  # still the same picture


def test_mask_of_the_occluder():
    image = np.full((64, 64, 3), 0.5, np.float32)
    covered, hidden = occlude(image, np.random.default_rng(1))
    assert 0 < hidden.mean() < 0.6
    assert (covered[~hidden] == 0.5).all()
    y, x = np.argwhere(hidden)[0]
    points = np.array([[x + 0.5, y + 0.5], [-1, 5], [5, 64.0], [0, 0]])
    free = ~hidden[0, 0]
    assert _inside(points, hidden).tolist() == [False, False, False, free]
