"""Inputs of the inpainter, ignored values, and its initial output."""

import pytest
import roma
import torch

from semtta_mm.models.denoisers import TextInpainter
from semtta_mm.models.denoisers.hide import (
    group_joints,
    hide_rotations,
    perturb_rotations,
)

B, T = 3, 12


@pytest.fixture(scope='module')
def net():
    """A network whose outputs depend on all inputs."""
    torch.manual_seed(0)
    net = TextInpainter(8, T, width=16, layers=2, heads=2, feedforward=32)
    torch.nn.init.normal_(net.pose_out.weight, std=0.3)
    torch.nn.init.normal_(net.no_text, std=1.0)
    return net.eval()


@pytest.fixture
def windows():
    torch.manual_seed(1)
    pose = roma.rotvec_to_rotmat(0.4 * torch.randn(B, T, 24, 3))
    observed = torch.rand(B, T, 24) < 0.6
    mask = torch.ones(B, T, dtype=torch.bool)
    mask[1, 7:] = False
    return pose, observed, mask, torch.randn(B, 8)


def test_initial_output_is_the_input_or_the_rest_pose(windows):
    pose, observed, mask, text = windows
    net = TextInpainter(8, T, width=16, layers=1, heads=2, feedforward=32)
    out = net(pose, observed, mask, text)
    at = (observed & mask[..., None]).clone()
    at[:, :, 0] = True
    assert torch.allclose(out[at], pose[at], atol=1e-5)
    assert torch.allclose(
        out[~at], torch.eye(3).expand_as(out[~at]), atol=1e-6
    )


def test_output_is_rotations_with_the_root_of_the_input(net, windows):
    out = net(*windows)
    assert torch.equal(out[:, :, 0], windows[0][:, :, 0])
    eye = torch.eye(3).expand_as(out)
    assert torch.allclose(out @ out.mT, eye, atol=1e-4)


def test_hidden_joints_root_and_invalid_frames_are_ignored(net, windows):
    pose, observed, mask, text = windows
    other = roma.rotvec_to_rotmat(torch.randn(B, T, 24, 3))
    kept = (observed & mask[..., None])[..., None, None].clone()
    kept[:, :, 0] = False
    changed = torch.where(kept, pose, other)
    first = net(pose, observed, mask, text)[:, :, 1:]
    second = net(changed, observed, mask, text)[:, :, 1:]
    assert torch.allclose(first[mask], second[mask], atol=1e-5)


@pytest.mark.parametrize('what', ['observed', 'text', 'has_text'])
def test_each_input_changes_the_output(net, windows, what):
    pose, observed, mask, text = windows
    first = net(pose, observed, mask, text)
    has_text = None
    if what == 'observed':
        pose = pose.roll(1, 0)
    elif what == 'text':
        text = text.flip(0)
    else:
        has_text = torch.tensor([False, True, True])
    second = net(pose, observed, mask, text, has_text)
    difference = (first - second)[0, :, 1:].abs().max()
    assert difference > 1e-2
    if what == 'has_text':  # the others have a text as before
        assert torch.equal(first[1:], second[1:])


@pytest.mark.parametrize(
    ('bad', 'message'),
    [
        ((slice(None), slice(None), slice(0, 22)), 'pose: expected'),
        ((slice(0, 2),), 'observed: expected bool'),
    ],
)
def test_wrong_shapes(net, windows, bad, message):
    pose, observed, mask, text = windows
    with pytest.raises(ValueError, match=message):
        net(pose[bad], observed, mask, text)


def test_too_long(net):
    pose = torch.eye(3).expand(1, T + 1, 24, 3, 3)
    observed = torch.ones(1, T + 1, 24, dtype=torch.bool)
    with pytest.raises(ValueError, match=f'at most {T} frames'):
        net(pose, observed, observed[..., 0], torch.zeros(1, 8))


def test_hidden_joints_of_training():
    torch.manual_seed(0)
    hidden = hide_rotations(400, 60)
    assert hidden.shape == (400, 60, 24) and hidden.dtype == torch.bool
    assert not hidden[..., 0].any()
    legs, arms = group_joints(('knee',)), group_joints(('elbow',))
    share = hidden.float().mean((0, 1))
    assert (share[legs] > share[arms]).all()  # legs are hidden most often
    assert 0.1 < share[1:].mean() < 0.5
    assert (~hidden).any((1, 2)).all()  # some joints are always observed
    whole = hidden[:, :, legs].all((1, 2)).float().mean()
    assert whole > 0.2


def test_errors_of_what_is_seen():
    torch.manual_seed(0)
    pose = roma.rotvec_to_rotmat(0.4 * torch.randn(200, 30, 24, 3))
    wrong = perturb_rotations(pose, constant=8.0, slow=0.0, fast=0.0)
    turn = roma.rotmat_to_rotvec(pose.mT @ wrong)
    assert turn[:, :, 0].abs().max() < 1e-3
    assert torch.allclose(turn, turn[:, :1].expand_as(turn), atol=1e-3)
    # Uniform amounts up to 8 degrees: a root mean square of 8 / sqrt(3).
    size = turn[:, 0, 1:].square().mean().sqrt().rad2deg()
    assert size == pytest.approx(8 / 3**0.5, rel=0.1)
    fast = roma.rotmat_to_rotvec(
        pose.mT @ perturb_rotations(pose, 0.0, 0.0, 5.0)
    )
    slow = roma.rotmat_to_rotvec(
        pose.mT @ perturb_rotations(pose, 0.0, 5.0, 0.0)
    )
    for turn in (fast, slow):
        size = turn[:, :, 1:].square().mean().sqrt().rad2deg()
        assert size == pytest.approx(5 / 3**0.5, rel=0.15)
    jump = [x[:, :, 1:].diff(dim=1).square().mean() for x in (fast, slow)]
    assert jump[0] > 4 * jump[1]
