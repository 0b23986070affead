"""DAPA's losses, against hand-computed values."""

import math
from types import SimpleNamespace

import pytest
import torch

from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.models.adaptors.fake_crops import PosedPoints
from semtta_mm.models.losses import (
    CameraScaleLoss,
    FullLabelLoss,
    NormalizedKeypointLoss,
)
from semtta_mm.models.losses.supervised_terms import about_hips, weighted_mse
from semtta_mm.structures import SMPLParams


def step(found, wanted, score, camera=((1.0, 0, 0),), visible=None):
    """One frame in a box of 100 px at (10, 20)."""
    weight = (score > 0).float() if visible is None else visible
    batch = SimpleNamespace(
        boxes=torch.tensor([[10.0, 20, 110, 120]]),
        keypoints=wanted,
        weight=weight,
        frame=torch.tensor([0]),
        spread=lambda values: values,
    )
    return SimpleNamespace(
        batch=batch,
        joints2d=found,
        session=SimpleNamespace(scores=score),
        prediction=SimpleNamespace(camera=torch.tensor(camera)),
    )


def test_keypoints_by_hand():
    """50 px are 1 in a box of 100; weights 0.5 and 1, one is missing."""
    found = torch.tensor([[[60.0, 70], [35, 70], [0, 0]]])
    wanted = torch.tensor([[[110.0, 70], [60, 95], [math.nan, 9]]])
    score = torch.tensor([[0.5, 1.0, 0.0]])
    # (0.5 * 1 + 1 * (0.5^2 + 0.5^2)) / 6 entries
    given = step(found, wanted, score)
    want = 300 * 1.0 / 6
    assert float(
        NormalizedKeypointLoss(300.0, by_score=True)(given)
    ) == pytest.approx(want)
    want = 300 * 1.5 / 6
    loss = NormalizedKeypointLoss(300.0)
    assert float(loss(given)) == pytest.approx(want)


def test_nothing_visible_is_exactly_zero():
    found = torch.ones(1, 2, 2, requires_grad=True)
    missing = torch.full((1, 2, 2), math.nan)
    given = step(found, missing, torch.zeros(1, 2))
    loss = NormalizedKeypointLoss(300.0, by_score=True)(given)
    assert loss == 0
    loss.backward()
    assert (found.grad == 0).all()


def test_scale_by_hand():
    given = step(
        torch.zeros(1, 1, 2),
        torch.zeros(1, 1, 2),
        torch.ones(1, 1),
        camera=((0.1, 0.0, 0.0), (0.0, 0.0, 0.0)),
    )
    want = 60 * (math.exp(-2) + 1) / 2
    assert float(CameraScaleLoss()(given)) == pytest.approx(want)


def points(angle=0.0, betas=0.0, lift=0.0, shift=0.0):
    vectors = torch.zeros(1, 24, 3)
    vectors[:, 4, 0] = angle
    params = SMPLParams.from_pose(
        axis_angle_to_matrix(vectors), torch.full((1, 10), betas)
    )
    joints = torch.zeros(1, 24, 3)
    joints[:, 20, 1] = lift
    return PosedPoints(params, joints, torch.full((1, 5, 2), shift))


def test_full_labels_by_hand():
    loss = FullLabelLoss()
    found = points(math.pi / 2, 2.0, 0.3, 0.1)
    terms = loss(found, points())
    # A quarter turn changes four entries of nine by 1.
    want = {
        'joints2d': 60 * 5 * 0.01,
        'joints3d': 60 * 5 * 0.09 / 72,
        'pose': 60 * 4 / (24 * 9),
        'betas': 60 * 0.001 * 4,
    }
    assert terms.keys() == want.keys()
    for name, value in want.items():
        assert float(terms[name]) == pytest.approx(value, rel=1e-5), name
    assert sum(loss(points(), points()).values()) == 0


def test_a_translation_is_no_3d_error():
    joints = torch.randn(2, 24, 3, generator=torch.Generator().manual_seed(0))
    moved = joints + torch.tensor([3.0, 1, -2])
    torch.testing.assert_close(
        about_hips(moved), about_hips(joints), atol=1e-5, rtol=0
    )
    one = torch.ones(1, 2)
    assert weighted_mse(torch.ones(1, 2, 2), torch.zeros(1, 2, 2), one) == 1
