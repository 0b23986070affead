"""People from the maps of the network."""

import numpy as np
import pytest
from scipy.special import logit

from semtta_mm.detection.people.base import FoundPeople
from semtta_mm.detection.people.movenet import NetworkMaps, decode_people
from semtta_mm.detection.people.tiles import (
    distinct,
    letterbox,
    people_in_image,
    tile_boxes,
)
from semtta_mm.utils import InputError


def empty_maps(height=32, width=48):
    def full(channels, value):
        return np.full((height, width, channels), value, np.float32)

    return {
        'centers': full(1, -9),
        'box_sizes': full(2, 0),
        'box_offsets': full(2, 0),
        'heatmaps': full(17, -9),
        'regressed': full(34, 0),
        'keypoint_offsets': full(34, 0),
    }


def put_person(maps, row, column, height, width, score=0.9):
    """All keypoints at the corner (y1 + 1, x1 + 1) of the box, in cells."""
    maps['centers'][row, column] = logit(score)
    maps['box_sizes'][row, column] = height, width
    maps['box_offsets'][row, column] = 0.5, 0.25
    y, x = row - height // 2 + 1, column - width // 2 + 1
    maps['heatmaps'][y, x] = logit(0.8)
    maps['regressed'][row, column] = np.tile([y - row, x - column], 17)
    maps['keypoint_offsets'][y, x] = np.tile([0.1, 0.2], 17)


def test_a_person_is_decoded_to_pixels():
    maps = empty_maps()
    put_person(maps, 16, 20, 10, 4)
    found = decode_people(NetworkMaps(**maps), min_score=0.2)
    assert len(found) == 1
    # Cells of 4 px: x 20.25 -+ 2, y 16.5 -+ 5.
    np.testing.assert_allclose(found.boxes[0], [73, 46, 89, 86])
    np.testing.assert_allclose(found.scores, 0.9 * 0.8, atol=1e-4)
    np.testing.assert_allclose(found.keypoints[0, 3], [76.8, 48.4], atol=1e-3)
    np.testing.assert_allclose(found.keypoint_scores, 0.8, atol=1e-4)


def test_more_than_six_people_the_best_first():
    maps = empty_maps(40, 90)
    for i in range(9):
        put_person(maps, 20, 6 + 9 * i, 10, 4, 0.5 + 0.05 * i)
    found = decode_people(NetworkMaps(**maps), min_score=0.1)
    assert len(found) == 9
    assert (np.diff(found.scores) < 0).all()
    assert (np.diff(found.boxes[:, 0]) < 0).all()


def test_a_centre_without_keypoints_is_nobody():
    maps = empty_maps()
    maps['centers'][16, 20], maps['box_sizes'][16, 20] = 9, (10, 4)
    assert len(decode_people(NetworkMaps(**maps), min_score=0.1)) == 0


def people(boxes, scores):
    n = len(boxes)
    return FoundPeople(
        np.array(boxes, float).reshape(n, 4),
        np.array(scores, float),
        np.zeros((n, 17, 2)),
        np.zeros((n, 17)),
    )


def test_tiles_cover_the_image_and_overlap():
    tiles = tile_boxes(1000, 600, 2)
    assert tiles.min(axis=0)[:2].tolist() == [0, 0]
    assert tiles.max(axis=0)[2:].tolist() == [1000, 600]
    assert tiles[0, 2] - tiles[1, 0] > 0.2 * (tiles[0, 2] - tiles[0, 0])


def test_an_input_is_a_multiple_of_the_cells():
    small, scale = letterbox(np.full((300, 1000, 3), 7, np.uint8), 512)
    assert small.shape == (160, 512, 3)
    assert scale == pytest.approx(0.512)
    assert (small[:154] == 7).all() and (small[154:] == 0).all()


def test_a_person_cut_by_a_tile_is_left_to_the_others():
    """The stand-in sees one person wherever the image is not black."""

    def network(images, score):
        found = []
        for image in images:
            rows, columns = np.nonzero(image[..., 0] > 128)
            box = [columns.min(), rows.min(), columns.max(), rows.max()]
            found.append(people([box], [0.5]) if len(rows) else people([], []))
        return found

    image = np.zeros((600, 1000, 3), np.uint8)
    image[100:300, 560:700] = 255  # across the edge of the first tile
    found = people_in_image(network, image, 512, 2, 0.1)
    assert len(found) == 1
    np.testing.assert_allclose(found.boxes[0], [560, 100, 700, 300], atol=4)


def test_of_overlapping_boxes_the_best_stays():
    found = people(
        [[0, 0, 10, 20], [1, 0, 11, 20], [8, 0, 18, 20]], [0.9, 0.8, 0.7]
    )
    assert distinct(found).scores.tolist() == [0.9, 0.7]


def test_the_real_network_finds_the_people(finder, photo):
    found = finder.find(photo)
    best = found.take(found.scores > 0.3)
    assert len(best) >= 1
    # A man in the middle, from head to feet.
    x1, y1, x2, y2 = max(best.boxes.tolist(), key=lambda b: b[3] - b[1])
    assert x1 < 300 < x2 and y2 - y1 > 400
    assert len(finder.find(np.full_like(photo, 127)).scores) == 0


@pytest.mark.parametrize(
    ('options', 'message'),
    [({'side': 300}, 'side: is 300'), ({'min_score': 2}, 'min_score: is 2')],
)
def test_bad_values(options, message):
    from semtta_mm.detection import MoveNetPersonDetector

    with pytest.raises(InputError, match=message):
        MoveNetPersonDetector(**options)
