import numpy as np
import pytest

from semtta_mm.detection.blazepose.landmarks import (
    decode_pose,
    refine_by_heatmap,
)
from semtta_mm.detection.blazepose.roi import Roi

NOTHING = -50.0  # logit of no confidence at all


def heatmap_with(cells, height=64, width=64):
    heatmap = np.full((height, width, 1), NOTHING)
    for row, column, logit in cells:
        heatmap[row, column, 0] = logit
    return heatmap


def test_point_moves_to_the_peak_nearby():
    heatmap = heatmap_with([(20, 30, 50.0)])
    refined = refine_by_heatmap(np.array([[0.5, 0.3]]), heatmap)
    np.testing.assert_allclose(refined, [[30 / 64, 20 / 64]])


def test_point_moves_to_the_centre_of_mass():
    # Confidences 1 and 0.5, two columns apart.
    heatmap = heatmap_with([(20, 30, 50.0), (20, 33, 0.0)])
    refined = refine_by_heatmap(np.array([[0.5, 0.3]]), heatmap)
    np.testing.assert_allclose(refined, [[31 / 64, 20 / 64]])


@pytest.mark.parametrize(
    ('point', 'cells'),
    [
        ([0.5, 0.5], [(32, 37, 50.0)]),  # five px away, the window ends at 4
        ([0.5, 0.5], [(32, 32, -0.1)]),  # confidence below a half
        ([1.2, 0.5], [(32, 63, 50.0)]),  # outside
        ([-0.1, 0.5], [(32, 0, 50.0)]),
    ],
)
def test_point_stays(point, cells):
    points = np.array([point])
    refined = refine_by_heatmap(points, heatmap_with(cells))
    np.testing.assert_array_equal(refined, points)


def test_window_is_cut_at_the_border_and_includes_it():
    heatmap = heatmap_with([(0, 4, 50.0)])
    refined = refine_by_heatmap(np.array([[0.001, 0.001]]), heatmap)
    np.testing.assert_allclose(refined, [[4 / 64, 0]], atol=1e-12)


def test_each_point_has_its_own_channel():
    heatmap = np.full((64, 64, 2), NOTHING)
    heatmap[10, 11, 0] = heatmap[12, 13, 1] = 50
    refined = refine_by_heatmap(np.array([[0.2, 0.2], [0.2, 0.2]]), heatmap)
    np.testing.assert_allclose(refined * 64, [[11, 10], [13, 12]])


def test_pose_is_in_image_px_and_camera_axes():
    landmarks = np.zeros((39, 5))
    landmarks[:, :2] = 128  # the middle of the input
    landmarks[0] = [256, 128, 7, 2, -3]
    landmarks[34, :2] = [128, 0]
    world = np.zeros((39, 3))
    world[0] = [0.1, 0.2, 0.3]
    heatmap = np.full((64, 64, 39), NOTHING)
    roi = Roi(100, 200, 50, np.pi / 2)
    pose = decode_pose(landmarks, heatmap, world, 0.8, roi)
    assert pose.keypoints.shape == (33, 2)
    np.testing.assert_allclose(pose.keypoints[0], [100, 225])
    np.testing.assert_allclose(pose.keypoints[1], [100, 200])
    np.testing.assert_allclose(pose.alignment, [[100, 200], [125, 200]])
    assert pose.scores[0] == pytest.approx(1 / (1 + np.exp(-2)))
    np.testing.assert_allclose(pose.world[0], [-0.2, 0.1, 0.3])
    assert pose.presence == 0.8
