"""Expected errors and means by precision, against values by hand."""

import math

import pytest
import torch

from semtta_mm.geometry import axis_angle_to_matrix, rotation_angle
from semtta_mm.models.adaptors.precision import (
    KINDS,
    ExpectedErrors,
    combine_rotations,
    frames_to_observed,
    joint_kinds,
    measured_root_error,
)


def about_x(degrees):
    vector = torch.zeros(1, 1, 3)
    vector[..., 0] = math.radians(degrees)
    return axis_angle_to_matrix(vector)


def test_frames_to_the_nearest_observed_one():
    observed = torch.zeros(6, 2, dtype=torch.bool)
    observed[[1, 5], 0] = True
    found = frames_to_observed(observed)
    assert found[:, 0].tolist() == [1, 0, 1, 2, 1, 0]
    assert (found[:, 1] == math.inf).all()


def errors(observed=3.0, hidden=5.0, seconds=0.5):
    return ExpectedErrors(
        observed=dict.fromkeys(KINDS, observed) | {'root': 20.0},
        hidden=dict.fromkeys(KINDS, hidden) | {'root': 40.0},
        seconds=seconds,
    )


def test_every_joint_has_a_kind():
    kinds = joint_kinds()
    assert set(kinds) == set(KINDS)
    assert kinds[0] == 'root'
    assert kinds[4] == kinds[5] == 'knee'
    assert kinds[13] == kinds[9] == 'spine'


def test_errors_rise_from_observed_to_hidden():
    observed = torch.ones(61, 24, dtype=torch.bool)
    observed[:, 4] = False  # never
    observed[1:, 5] = False  # observed in frame 0 only
    found = errors().of(observed, 30.0).rad2deg()
    assert found[:, 0].tolist() == pytest.approx([20.0] * 61, rel=1e-5)
    assert found[7, 1] == pytest.approx(3.0)
    assert found[7, 4] == pytest.approx(5.0)
    # 15 frames are 0.5 s: 63 % of the way of the squares.
    want = math.sqrt(9 + (25 - 9) * (1 - math.exp(-1)))
    assert found[15, 5] == pytest.approx(want, rel=1e-5)
    assert found[0, 5] == pytest.approx(3.0)


def test_the_root_of_a_body_that_is_never_whole_is_less_certain():
    observed = torch.ones(4, 24, dtype=torch.bool)
    observed[:, 0] = False
    assert errors().of(observed, 30.0)[0, 0] == pytest.approx(math.radians(40))


@pytest.mark.parametrize('name', ['observed', 'hidden', 'seconds'])
def test_errors_are_above_0(name):
    with pytest.raises(ValueError, match=f'{name}.*expected above 0'):
        errors(**{name: 0.0})


def test_every_kind_needs_an_error():
    values = dict.fromkeys(KINDS[1:], 1.0)
    with pytest.raises(ValueError, match='observed: expected root, spine'):
        ExpectedErrors(values, dict.fromkeys(KINDS, 1.0), 1.0)


def test_the_surer_source_has_the_larger_share():
    first, second = about_x(0.0), about_x(10.0)
    errors = torch.tensor([[0.2]]), torch.tensor([[0.1]])
    mean, share, error = combine_rotations((first, second), errors)
    assert error.item() == pytest.approx((25 + 100) ** -0.5)
    assert share[:, 0, 0].tolist() == pytest.approx([0.2, 0.8])
    angle = rotation_angle(mean, first).rad2deg().item()
    assert angle == pytest.approx(8.0, abs=0.05)


def test_a_source_of_infinite_error_is_left_out():
    errors = torch.tensor([[math.inf]]), torch.tensor([[0.1]])
    mean, share, _ = combine_rotations((about_x(50.0), about_x(3.0)), errors)
    assert torch.allclose(mean, about_x(3.0), atol=1e-6)
    assert share[0].item() == 0


def test_the_roots_error_is_measured_without_a_reference():
    """Two estimates of one root, 24 and 7 degrees off: 25 degrees apart."""
    generator = torch.Generator().manual_seed(0)
    own, lifted = torch.tensor([24.0, 7.0]).deg2rad()

    def turned(angle):
        axis = torch.randn(4000, 3, generator=generator)
        axis = axis / axis.norm(dim=-1, keepdim=True)
        return axis_angle_to_matrix(angle * axis)

    found = measured_root_error(
        turned(own), turned(lifted), lifted.expand(4000)
    )
    assert found == pytest.approx(own.item(), rel=0.03)


def test_only_certain_frames_measure_the_root():
    eye = torch.eye(3).expand(3, 3, 3)
    off = axis_angle_to_matrix(torch.tensor([[0.0, 0, 1.0]] * 3))
    error = torch.tensor([0.1, 1.0, 1.0])
    lifted = torch.cat((eye[:1], off[1:]))
    assert measured_root_error(eye, lifted, error) == 0
    assert measured_root_error(eye, off, error) == pytest.approx(
        (1 - 0.1**2) ** 0.5, abs=1e-4
    )
    assert measured_root_error(eye, off, error + 1) is None


def test_a_good_root_lowers_its_expected_error_only():
    errors = ExpectedErrors(
        dict.fromkeys(KINDS, 10.0), dict.fromkeys(KINDS, 20.0), 1.0
    )
    observed = torch.zeros(4, 24, dtype=torch.bool)
    observed[:2] = True
    usual = errors.of(observed, 30.0)
    better = errors.of(observed, 30.0, math.radians(5))
    assert torch.allclose(better[:, 0], usual[:, 0] / 2)
    assert torch.equal(better[:, 1:], usual[:, 1:])
    worse = errors.of(observed, 30.0, math.radians(90))
    assert torch.equal(worse, usual)
