import cv2
import numpy as np
import pytest

from semtta_mm.detection.blazepose.roi import (
    Roi,
    crop_roi,
    image_roi,
    image_to_roi,
    roi_from_points,
    roi_to_image,
    rotate_to_image,
)


def test_upright_person_gives_an_unturned_region():
    roi = roi_from_points(np.array([100, 200]), np.array([100, 150]))
    # Twice the distance of 50 px, with a quarter of margin.
    assert roi == Roi(100, 200, 125, pytest.approx(0))


@pytest.mark.parametrize(
    ('towards', 'angle'),
    [([150, 200], np.pi / 2), ([50, 200], -np.pi / 2), ([100, 250], -np.pi)],
)
def test_region_turns_with_the_person(towards, angle):
    roi = roi_from_points(np.array([100, 200]), np.array(towards))
    assert roi.angle == pytest.approx(angle)
    # Up in the region is towards the head in the image.
    up = roi_to_image(np.array([[0.5, 0.5 - 0.4]]), roi)
    np.testing.assert_allclose(up, [towards], atol=1e-9)


@pytest.mark.parametrize('point', [[100, 200], [np.nan, 0]])
def test_no_region_from_unusable_points(point):
    with pytest.raises(ValueError, match='no region'):
        roi_from_points(np.array([100, 200]), np.array(point))


def test_corners_of_a_quarter_turn():
    roi = Roi(50, 60, 20, np.pi / 2)
    corners = np.array([[0, 0], [1, 0], [0, 1]])
    expected = [[60, 50], [60, 70], [40, 50]]
    np.testing.assert_allclose(roi_to_image(corners, roi), expected)


def test_round_trip_between_image_and_region():
    roi = Roi(431.5, 77.25, 312.0, 0.7)
    points = np.random.default_rng(0).uniform(-500, 1500, (50, 2))
    back = roi_to_image(image_to_roi(points, roi), roi)
    np.testing.assert_allclose(back, points, atol=1e-9)


def test_letterbox_of_a_wide_image_pads_above_and_below():
    image = np.full((20, 40, 3), 255, np.uint8)
    crop = crop_roi(image, image_roi(40, 20), 40, (-1, 1))
    assert crop.shape == (1, 40, 40, 3)
    assert crop.dtype == np.float32
    assert (crop[0, :9] == -1).all()
    assert (crop[0, 10:30] == 1).all()
    assert (crop[0, 31:] == -1).all()


def test_crop_is_rgb_and_agrees_with_the_geometry():
    image = np.zeros((100, 100, 3), np.uint8)
    cv2.circle(image, (70, 40), 2, (255, 0, 0), -1)  # blue, in BGR
    roi = Roi(50, 50, 80, 0.5)
    crop = crop_roi(image, roi, 160, (0, 1))[0]
    assert crop[..., :2].max() == 0
    ys, xs = np.nonzero(crop[..., 2] > 0.5)
    expected = image_to_roi(np.array([[70.0, 40.0]]), roi)[0] * 160
    np.testing.assert_allclose([xs.mean(), ys.mean()], expected, atol=0.3)


def test_replicated_border_continues_the_image():
    image = np.full((10, 10, 3), 51, np.uint8)
    crop = crop_roi(image, Roi(0, 0, 20), 8, (0, 1), cv2.BORDER_REPLICATE)
    np.testing.assert_allclose(crop, 0.2, atol=1e-6)


def test_3d_turns_about_the_viewing_axis():
    points = np.array([[1.0, 2.0, 3.0]])
    turned = rotate_to_image(points, Roi(9, 9, 9, np.pi / 2))
    np.testing.assert_allclose(turned, [[-2, 1, 3]], atol=1e-12)


def test_3d_turns_as_the_image_does():
    roi = Roi(10, 20, 1.0, 0.3)
    flat = np.array([[0.2, -0.4]])
    in_image = roi_to_image(flat + 0.5, roi) - [10, 20]
    solid = rotate_to_image(np.array([[0.2, -0.4, 0.0]]), roi)
    np.testing.assert_allclose(solid[:, :2], in_image)
