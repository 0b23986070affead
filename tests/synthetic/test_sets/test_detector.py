"""Simulated detections."""

import numpy as np
import pytest

from semtta_mm.conventions import keypoint_names
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.synthetic.test_sets.body_track import world_body
from semtta_mm.synthetic.test_sets.detector import Detector, limb_lengths
from semtta_mm.synthetic.test_sets.variants import missing_mask


@pytest.fixture(scope='module')
def standing():
    """A still person [600, 23, 2], px, with limb lengths and hidden parts."""
    body = world_body(
        SMPLBody(), np.tile(np.eye(3), (1, 24, 1, 1)), np.zeros(10), 'coco_23'
    )
    camera = body.keypoints * [1, -1, -1] + [0, 0.9, 5.0]
    points = np.tile(100 * camera[..., :2] + 100, (600, 1, 1))
    lengths = np.tile(limb_lengths(camera, 500.0, 'coco_23'), (600, 1))
    hidden = np.zeros(lengths.shape, bool)
    hidden[300:] = True
    return points, lengths, hidden


def test_limb_length_in_px():
    points = np.zeros((1, 23, 3))
    points[..., 2] = 4
    names = keypoint_names('coco_23')
    points[0, names.index('left_wrist'), 0] = 0.25
    length = limb_lengths(points, 800.0, 'coco_23')[0]
    assert length[names.index('left_wrist')] == pytest.approx(50)
    assert length[names.index('right_wrist')] == 0


def test_error_grows_with_limb_blur_and_hiding(standing):
    points, lengths, hidden = standing
    names, detector = keypoint_names('coco_23'), Detector()
    sigma = detector.sigma(points, lengths, hidden, 1.0)
    knee, eye = names.index('left_knee'), names.index('left_eye')
    assert sigma[0, knee] > 2 * sigma[0, eye]
    assert (detector.sigma(points, lengths, hidden, 3.0) > sigma).all()
    np.testing.assert_allclose(
        sigma[400], detector.hidden * sigma[100], rtol=1e-9
    )


def test_noise_has_the_given_spread_and_correlation():
    sigma = np.full((4000, 3), 2.0)
    noise = Detector().noise(sigma, np.random.default_rng(0))
    assert noise.std() == pytest.approx(2, rel=0.05)
    last, now = noise[:-1].ravel(), noise[1:].ravel()
    assert np.corrcoef(last, now)[0, 1] == pytest.approx(0.7, abs=0.03)


def test_scores_correlate_with_errors(standing):
    points, lengths, hidden = standing
    found, scores = Detector(swaps=0).detect(
        points, lengths, hidden, 1.0, 'coco_23', np.random.default_rng(0)
    )
    detected = scores > 0
    error = np.linalg.norm(found - points, axis=-1)
    assert np.corrcoef(error[detected], scores[detected])[0, 1] < -0.5
    assert scores[:300].mean() > scores[300:].mean() + 0.2
    assert (~detected[:300]).mean() == pytest.approx(0.005, abs=0.004)
    assert (~detected[300:]).mean() == pytest.approx(0.12, abs=0.02)


def test_swaps_exchange_left_and_right(standing):
    points, lengths, hidden = standing
    names = keypoint_names('coco_23')
    calm = dict(per_limb=0, per_blur=0, per_speed=0)
    found, _ = Detector(**calm, swaps=0.01).detect(
        points, lengths, hidden, 0.0, 'coco_23', np.random.default_rng(1)
    )
    moved = (found != points).any(axis=-1)
    assert 0.01 < moved.any(axis=1).mean() < 0.2
    assert not moved[:, names.index('left_hip')].any()
    knees = [names.index('left_knee'), names.index('right_knee')]
    at = int(np.flatnonzero(moved[:, knees[0]])[0])
    np.testing.assert_array_equal(found[at, knees], points[at, knees[::-1]])


def test_unknown_variant():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="'upper' is none of"):
        missing_mask('upper', 24, 'coco_23', rng)
