"""ISO's geometric consistency, and the fit of its lifter."""

import math

import pytest
import torch

from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.models.adaptors.iso_cycle import (
    Views,
    cycle_terms,
    rotate_about_middle,
)
from semtta_mm.models.adaptors.iso_fit import (
    FitOptions,
    fit_lifter,
    mixed_features,
    points_in_crop,
)
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.models.lifters import CycleLifter
from semtta_mm.structures import MeshPrediction


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def rigid(count=7):
    """3D points with their mean at the origin ``[1, K, 3]``."""
    points = torch.randn(1, count, 3, generator=generator())
    return points - points.mean(dim=1, keepdim=True)


def exact_lifter(body):
    """Knows the body, and solves for its turn about the vertical axis."""

    def lift(points, seen):
        x, z = body[0, :, 0], body[0, :, 2]
        turn = torch.linalg.lstsq(
            torch.stack([x, z], -1), points[..., 0].T
        ).solution.T  # cos, sin
        angle = torch.atan2(turn[:, 1], turn[:, 0])
        vectors = torch.zeros(len(points), 3)
        vectors[:, 1] = angle
        return body @ axis_angle_to_matrix(vectors).mT

    return lift


def test_an_exact_lifter_has_no_inconsistency():
    body = rigid()
    turns = Views(6, elevation=0.0).draw(3, generator(1))
    own = Views(1, elevation=0.0).draw(18, generator(2))
    points = (body @ own.mT)[..., :2]
    lift = exact_lifter(body)
    terms = cycle_terms(lift, points, torch.ones(18, 7), turns)
    assert set(terms) == {'reproject', 'cycle2d', 'cycle3d'}
    for name, value in terms.items():
        assert float(value) < 1e-9, name
    # A lifter with the mirrored depth reprojects exactly, but no cycle ends.
    flat = torch.tensor([1.0, 1, 0.5])
    wrong = cycle_terms(
        lambda at, seen: lift(at, seen) * flat,
        points,
        torch.ones(18, 7),
        turns,
    )
    assert float(wrong['reproject']) < 1e-9
    assert float(wrong['cycle2d']) > 1e-3 and float(wrong['cycle3d']) > 1e-3


def test_terms_by_hand():
    """A lifter that always adds 1 to x; the view is turned by 180 degrees."""
    half = axis_angle_to_matrix(torch.tensor([[0.0, math.pi, 0]]))
    points = torch.tensor([[[1.0, 2], [3, 4], [math.nan, 0]]])
    weight = torch.tensor([[1.0, 0.5, 0]])

    def lift(at, seen):
        at = at.masked_fill(seen[..., None] == 0, 0) + torch.tensor([1.0, 0])
        return torch.cat([at, torch.zeros_like(at[..., :1])], -1)

    terms = cycle_terms(lift, points, weight, half)
    # First x + 1; turned 2 m - x - 1 about the middle m; lifted 2 m - x, whose
    # middle is m + 1; turned back x + 2.
    want = {'reproject': 1.5 / 6, 'cycle2d': 1.5 * 4 / 6, 'cycle3d': 3 / 9}
    assert terms.keys() == want.keys()
    for name, value in want.items():
        assert float(terms[name]) == pytest.approx(value, rel=1e-4), name


def test_missing_keypoints_have_no_loss_and_no_gradient():
    points = torch.full((2, 4, 2), math.nan)
    lifted = torch.zeros(2, 4, 3, requires_grad=True)
    turns = Views(1).draw(2, generator())
    terms = cycle_terms(
        lambda at, seen: lifted + 0, points, torch.zeros(2, 4), turns
    )
    assert terms['reproject'] == 0 and terms['cycle2d'] == 0
    sum(terms.values()).backward()
    assert lifted.grad.isfinite().all()


def test_hidden_keypoints_are_compared_but_not_given():
    weight = torch.tensor([[0.9, 0.0, 0.4]]).repeat(4000, 1)
    given = Views(hide=0.3).given(weight, generator())
    assert (given[:, 1] == 0).all()
    assert float(given[:, 0].mean()) == pytest.approx(0.7, abs=0.03)
    everything = Views(hide=0.0).given(weight, generator())
    assert torch.equal(everything, (weight > 0).float())
    # A lifter of what it is given: 0 elsewhere.
    points, one = torch.ones(1, 2, 2), torch.ones(1, 2)

    def lift(at, seen):
        flat = at * seen[..., None]
        return torch.cat([flat, torch.zeros_like(flat[..., :1])], -1)

    terms = cycle_terms(
        lift, points, one, torch.eye(3)[None], torch.tensor([[1.0, 0]])
    )
    assert float(terms['reproject']) == pytest.approx(0.5)


def test_views_turn_about_the_middle():
    points = rigid() + 3
    turns = Views(2, azimuth=90.0, elevation=0.0).draw(500, generator())
    assert turns.shape == (1000, 3, 3)
    # The vertical axis stays.
    torch.testing.assert_close(
        turns[:, 1], torch.tensor([0.0, 1, 0]).expand(1000, 3)
    )
    assert turns[:, 0, 0].min() >= -1e-6  # at most 90 degrees
    moved = rotate_about_middle(points.expand(1000, -1, -1), turns)
    torch.testing.assert_close(
        moved.mean(1), points.mean(1).expand(1000, 3), atol=1e-4, rtol=0
    )
    back = rotate_about_middle(moved, turns.mT)
    torch.testing.assert_close(
        back, points.expand(1000, -1, -1), atol=1e-4, rtol=0
    )


def test_points_in_the_crop_are_the_weak_perspective(truth, film):
    body = SMPLBody()
    camera = film.camera.expand(len(truth), 3)
    found = points_in_crop(body, MeshPrediction(truth, camera), 'coco_17')
    joints = body(truth, False, ('coco_17',)).keypoints['coco_17']
    want = film.camera[0] * (joints[..., :2] + film.camera[1:])
    torch.testing.assert_close(found[..., :2], want)
    size = (
        found[..., 2].std()
        / joints[..., 2].sub(joints[..., 2].mean(1, keepdim=True)).std()
    )
    assert float(size) == pytest.approx(0.9)
    assert found[..., 2].mean(1).abs().max() < 1e-6


def test_fitting_a_lifter_lowers_its_error():
    torch.manual_seed(0)
    lifter = CycleLifter(7, 5, hidden=64)
    shared = torch.randn(20, 5, generator=generator())
    base = rigid()

    def points_of(features):
        return base * (1 + 0.2 * features[:, :1, None])

    options = FitOptions(64, 250, batch_size=32, missing=0.2)
    views = Views(2, elevation=0.0)

    def inconsistency():
        points = points_of(shared)
        turns = views.draw(20, generator(5))[::2]
        with torch.no_grad():
            terms = cycle_terms(
                lambda at, seen: lifter(at, seen, shared),
                points[..., :2],
                torch.ones(20, 7),
                turns,
            )
        return sum(map(float, terms.values()))

    before = inconsistency()
    error = fit_lifter(lifter, shared, points_of, options, views, generator())
    assert inconsistency() < 0.3 * before
    assert 0 < error < 1
    untouched = {k: v.clone() for k, v in lifter.state_dict().items()}
    nothing = FitOptions(steps=0)
    assert (
        fit_lifter(lifter, shared, points_of, nothing, views, generator()) == 0
    )
    for name, value in lifter.state_dict().items():
        assert torch.equal(value, untouched[name])


def test_mixed_features_lie_between():
    shared = torch.tensor([[0.0, 0], [1, 2]])
    found = mixed_features(shared, 200, 0.0, generator())
    torch.testing.assert_close(found[:, 1], 2 * found[:, 0])
    assert found.min() >= 0 and found[:, 0].max() <= 1
    one = mixed_features(shared[:1], 9, 0.5, generator())
    assert one.isfinite().all() and (one == 0).all()


def test_a_lifter_ignores_what_is_not_seen():
    torch.manual_seed(0)
    lifter = CycleLifter(4, 3)
    points = torch.randn(2, 4, 2)
    seen = torch.tensor([[1.0, 1, 0, 1]]).expand(2, 4)
    other = points.clone()
    other[:, 2] = math.nan
    shared = torch.randn(2, 3)
    first = lifter(points, seen, shared)
    torch.testing.assert_close(first, lifter(other, seen, shared))
    assert first[..., 2].mean(1).abs().max() < 1e-6
