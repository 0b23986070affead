import cv2
import numpy as np
import pytest
import torch

from semtta_mm.datasets.boxes import (
    interpolate_boxes,
    is_box,
    keypoint_box,
    square_boxes,
)
from semtta_mm.datasets.crops import crop_image
from semtta_mm.geometry import image_to_crop


def test_square_box_by_hand():
    box = np.array([[10.0, 20.0, 30.0, 80.0]])  # centre (20, 50), side 60
    np.testing.assert_allclose(square_boxes(box, 1.2), [[-16, 14, 56, 86]])
    np.testing.assert_allclose(square_boxes(box, 1.0), [[-10, 20, 50, 80]])


def test_widths_count_more_for_narrow_networks():
    """HMR2.0's rule: 4:3 about the box, then the longer side."""
    boxes = np.array([[0.0, 0, 30, 60], [0, 0, 60, 30]])
    sides = [60, 80]
    out = square_boxes(boxes, 1.0, 4 / 3)
    np.testing.assert_allclose(out[:, 2] - out[:, 0], sides)
    np.testing.assert_allclose(out[:, 3] - out[:, 1], sides)
    np.testing.assert_allclose(out[:, :2].sum(1) + out[:, 2:].sum(1), 90)


def test_keypoint_box_uses_visible_points_only():
    points = np.array([[1.0, 2], [5, 9], [3, 4], [100, 100]])
    seen = np.array([True, True, True, False])
    assert keypoint_box(points, seen).tolist() == [1, 2, 5, 9]
    two = np.array([True, True, False, False])
    assert np.isnan(keypoint_box(points, two)).all()
    line = np.array([[1.0, 2], [5, 2], [3, 2]])
    assert np.isnan(keypoint_box(line, np.ones(3, bool))).all()


def test_is_box():
    boxes = np.array(
        [[0, 0, 1, 1], [0, 0, 0, 1], [1, 0, 0, 1], [0, 0, np.nan, 1]]
    )
    assert is_box(boxes).tolist() == [True, False, False, False]


def test_boxes_are_interpolated_by_frame_number_never_beyond():
    frames = np.array([0, 10, 11, 14, 20])
    boxes = np.full((5, 4), np.nan)
    boxes[1], boxes[3] = [0, 0, 10, 10], [4, 8, 14, 18]
    filled = interpolate_boxes(frames, boxes)
    assert np.isnan(filled[[0, 4]]).all()
    np.testing.assert_allclose(filled[2], [1, 2, 11, 12])
    assert np.isnan(interpolate_boxes(frames, boxes * np.nan)).all()


def blob(x, y, sigma, size=(300, 400)):
    """A bright spot about the continuous point (x, y)."""
    v, u = np.mgrid[: size[0], : size[1]] + 0.5
    value = np.exp(-((u - x) ** 2 + (v - y) ** 2) / (2 * sigma**2))
    return np.repeat((255 * value).astype(np.uint8)[..., None], 3, axis=2)


def centroid(image):
    weight = image[..., 0].astype(float)
    v, u = np.mgrid[: weight.shape[0], : weight.shape[1]] + 0.5
    return np.array([(weight * u).sum(), (weight * v).sum()]) / weight.sum()


@pytest.mark.parametrize('size', [56, 224])
@pytest.mark.parametrize(
    'box',
    [
        [100.0, 50.0, 300.0, 250.0],
        [120.3, 80.7, 220.3, 180.7],
        [-60.0, -100.0, 340.0, 300.0],
        [180.0, 130.0, 204.0, 154.0],
    ],
)
def test_crops_agree_with_image_to_crop(box, size):
    point = np.array([190.25, 141.5])
    side = box[2] - box[0]
    image = blob(*point, sigma=max(1.5, side / size))
    found = centroid(crop_image(image, np.array(box), size))
    expected = image_to_crop(
        torch.tensor(point).view(1, 1, 2), torch.tensor([box]), size
    ).numpy()[0, 0]
    # Without the half pixels: 0.36 px off in the large box at 56 px, 4 px in
    # the small box at 224 px.
    np.testing.assert_allclose(found, expected, atol=0.1)


def test_a_box_of_the_crops_size_copies_pixels():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (40, 50, 3), np.uint8)
    crop = crop_image(image, np.array([7.0, 3.0, 39.0, 35.0]), 32)
    np.testing.assert_array_equal(crop, image[3:35, 7:39])


def test_enlarging_agrees_with_resize():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (40, 40, 3), np.uint8)
    crop = crop_image(image, np.array([0.0, 0.0, 40.0, 40.0]), 80)
    resized = cv2.resize(image, (80, 80), interpolation=cv2.INTER_LINEAR)
    inner = np.s_[2:-2, 2:-2]
    difference = crop[inner].astype(int) - resized[inner].astype(int)
    assert np.abs(difference).max() <= 2


def test_outside_is_black():
    image = np.full((20, 20, 3), 255, np.uint8)
    crop = crop_image(image, np.array([-20.0, -20.0, 20.0, 20.0]), 40)
    assert (crop[:19, :19] == 0).all()
    assert (crop[21:, 21:] == 255).all()


@pytest.mark.parametrize('shift', [0, 2])
def test_antialias_keeps_stripes_from_flickering(shift):
    """Stripes finer than the crop's pixels are grey wherever they lie."""
    image = np.zeros((400, 400, 3), np.uint8)
    image[:, shift::4] = 255
    image[:, shift + 1 :: 4] = 255
    box = np.array([0, 0, 400, 400])
    crop = crop_image(image, box, 40, antialias=True)[5:-5, 5:-5]
    assert abs(crop.astype(float) - 127.5).max() < 8
    assert abs(crop_image(image, box, 40).astype(float) - 127.5).max() > 60


def test_antialias_blurs_as_if_the_whole_image_were():
    """Only what the box needs is blurred, with equal pixels."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (300, 360, 3), np.uint8)
    box = np.array([40.0, 30, 340, 330])  # 300 to 50 px: sigma 1
    whole = cv2.GaussianBlur(image, (0, 0), 1.0)
    want = crop_image(whole, box, 50)
    got = crop_image(image, box, 50, antialias=True)
    assert abs(got.astype(int) - want).max() <= 1


def test_antialias_leaves_small_boxes_and_boxes_outside():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (100, 100, 3), np.uint8)
    box = np.array([0.0, 0, 100, 100])
    np.testing.assert_array_equal(
        crop_image(image, box, 50, antialias=True), crop_image(image, box, 50)
    )
    away = np.array([900.0, 900, 1300, 1300])
    assert not crop_image(image, away, 50, antialias=True).any()
