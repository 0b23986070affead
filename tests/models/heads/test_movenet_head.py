"""MoveNet's decoding, on maps with known peaks."""

import numpy as np
import pytest
import torch

from semtta_mm.models.heads import MoveNetHead
from semtta_mm.models.heads.movenet_head import decode_single_pose
from semtta_mm.models.necks import MoveNetFPN

SIDE, K = 12, 3


def random_maps(seed=0):
    rng = torch.Generator().manual_seed(seed)

    def draw(channels):
        return torch.randn(2, channels, SIDE, SIDE, generator=rng)

    return (
        draw(K).sigmoid(),
        draw(1).sigmoid(),
        3 * draw(2 * K),
        draw(2 * K),
    )


def loops(maps, centre, regress, offset):
    """The graph's steps for one image and keypoint at a time, in numpy."""
    points, scores = np.zeros((len(maps), K, 2)), np.zeros((len(maps), K))
    cells = [(y, x) for y in range(SIDE) for x in range(SIDE)]
    for b in range(len(maps)):

        def central(cell, b=b):
            away = np.hypot(cell[0] - SIDE / 2, cell[1] - SIDE / 2)
            return centre[b, 0][cell] / (away + 1.8)

        cy, cx = max(cells, key=central)
        for k in range(K):
            y = cy + regress[b, 2 * k, cy, cx]
            x = cx + regress[b, 2 * k + 1, cy, cx]

            def likely(cell, b=b, k=k, y=y, x=x):
                away = np.hypot(cell[0] - y, cell[1] - x)
                return maps[b, k][cell] / (away + 1.8)

            by, bx = max(cells, key=likely)
            points[b, k] = (
                bx + offset[b, 2 * k + 1, by, bx],
                by + offset[b, 2 * k, by, bx],
            )
            scores[b, k] = maps[b, k, by, bx]
    return points, scores


@pytest.mark.parametrize('seed', range(3))
def test_decoding_equals_the_graphs_steps_one_by_one(seed):
    maps = random_maps(seed)
    points, scores = decode_single_pose(*maps)
    expected = loops(*(m.numpy().astype(np.float64) for m in maps))
    np.testing.assert_allclose(points.numpy(), expected[0], atol=1e-4)
    np.testing.assert_allclose(scores.numpy(), expected[1], atol=1e-6)


def test_the_central_person_is_taken():
    """Two people; the other one has the higher peaks."""
    maps, centre = torch.zeros(1, 1, SIDE, SIDE), torch.zeros(1, 1, SIDE, SIDE)
    for y, x, value in ((6, 5, 0.6), (1, 11, 0.9)):
        maps[0, 0, y, x] = value
        centre[0, 0, y, x] = value
    none = torch.zeros(1, 2, SIDE, SIDE)
    points, scores = decode_single_pose(maps, centre, none, none)
    assert points.tolist() == [[[5.0, 6.0]]]
    assert scores.item() == pytest.approx(0.6)


def test_pixels_of_the_input():
    """Cell 3 of stride 4 begins at the left edge of pixel 12."""
    head = MoveNetHead(in_channels=2, refined=4, keypoints=1)
    peak = torch.zeros(1, 1, SIDE, SIDE)
    peak[0, 0, 5, 3] = 1
    head.forward = lambda features: (
        *(peak, peak),
        *(torch.zeros(1, 2, SIDE, SIDE),) * 2,
    )
    (found,) = head.predict((), [])
    assert found.keypoints.tolist() == [[[11.5, 19.5]]]
    assert found.keypoint_scores.tolist() == [[1.0]]


def test_neck_and_head_fit_together():
    neck = MoveNetFPN((4, 5, 6, 10), 3, (4, 6, 8, 8), 16)
    head = MoveNetHead(in_channels=4, refined=16, keypoints=3)
    sides = ((4, 16), (5, 8), (6, 4), (10, 2))
    features = neck(tuple(torch.randn(2, c, s, s) for c, s in sides))
    maps, centre, regress, offset = head(features)
    assert maps.shape == (2, 3, 16, 16)
    assert maps.min() > 0 and maps.max() < 1
    assert centre.shape == (2, 1, 16, 16)
    assert regress.shape == offset.shape == (2, 6, 16, 16)


def test_what_is_not_supported_is_said():
    head = MoveNetHead(keypoints=1)
    with pytest.raises(ValueError, match='flip_test'):
        head.predict((), [], dict(flip_test=True))
    with pytest.raises(NotImplementedError, match='rtmpose_movenet'):
        head.loss()
