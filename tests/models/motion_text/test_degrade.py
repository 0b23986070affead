"""Each degraded motion has one kind of error."""

import pytest
import roma
import torch

from semtta_mm.geometry import rotation_angle
from semtta_mm.models.motion_text import degrade as d

FULL = torch.ones(2, 12, dtype=torch.bool)
SHORT = (torch.arange(12) < 8).expand(2, 12)


def moves(pose, mask=FULL):
    """Joints [24] that change over the valid frames."""
    frames = pose[:, mask[0]]
    return (frames - frames[:, :1]).abs().amax((0, 1, 3, 4)) > 1e-4


def is_rotation(pose):
    eye = torch.eye(3).expand_as(pose)
    torch.testing.assert_close(pose @ pose.mT, eye, atol=1e-4, rtol=0)
    return bool((torch.linalg.det(pose) > 0.99).all())


def test_parts_of_the_body():
    legs, arms = d.body_part('legs'), d.body_part('arms')
    assert legs.nonzero()[:, 0].tolist() == [1, 2, 4, 5, 7, 8, 10, 11]
    assert arms.nonzero()[:, 0].tolist() == [13, 14, *range(16, 24)]
    assert d.body_part('body').sum() == 23 and not d.body_part('body')[0]


@pytest.mark.parametrize('part', ['legs', 'arms', 'body'])
def test_only_the_frozen_part_is_still(motion, part):
    pose, joints = motion(), d.body_part(part)
    out = d.damp(pose, FULL, torch.zeros(2), joints)
    assert torch.equal(moves(out), ~joints)
    assert torch.equal(out[:, :, ~joints], pose[:, :, ~joints])
    assert is_rotation(out)


def test_damping_by_hand_and_one_changes_nothing():
    angle = torch.tensor([-0.6, 0.0, 0.6])
    turn = torch.zeros(1, 3, 24, 3)
    turn[..., 0] = angle[:, None]
    pose = roma.rotvec_to_rotmat(turn)
    mask = torch.ones(1, 3, dtype=torch.bool)
    body = d.body_part('body')
    out = roma.rotmat_to_rotvec(
        d.damp(pose, mask, torch.full((1,), 0.4), body)
    )
    torch.testing.assert_close(out[0, :, 5, 0], 0.4 * angle)
    torch.testing.assert_close(out[0, :, 0, 0], angle)  # the root stays
    same = d.damp(pose, mask, torch.ones(1), body)
    torch.testing.assert_close(same, pose, atol=1e-5, rtol=0)


def test_mean_uses_valid_frames_only(motion):
    pose = motion()
    hidden = pose.clone()
    hidden[:, 8:] = motion(2, 4, 7)
    mean = d.mean_pose(pose, SHORT)
    torch.testing.assert_close(mean, d.mean_pose(hidden, SHORT))
    assert not torch.allclose(mean, d.mean_pose(hidden, FULL), atol=1e-3)


def test_shuffle_keeps_every_frame_and_the_root(motion):
    torch.manual_seed(0)
    pose = motion()
    out = d.shuffle(pose, SHORT)
    assert torch.equal(out[:, 8:], pose[:, 8:])
    assert torch.equal(out[:, :, 0], pose[:, :, 0])
    for i in range(2):
        key, seen = pose[i, :8, 5, 0, 0], out[i, :8, 5, 0, 0]
        assert torch.equal(key.sort().values, seen.sort().values)
        assert not torch.equal(key, seen)
        # All joints go to the same place.
        order = (seen[:, None] == key).int().argmax(1)
        assert torch.equal(out[i, :8, 1:], pose[i, order, 1:])


def test_jitter_has_its_strength(motion):
    torch.manual_seed(0)
    pose = motion(2, 400)
    out = d.jitter(pose, torch.tensor([2.0, 10.0]))
    assert torch.equal(out[:, :, 0], pose[:, :, 0])
    angle = rotation_angle(pose[:, :, 1:], out[:, :, 1:]).rad2deg()
    rms = angle.square().mean((1, 2)).sqrt()
    wanted = torch.tensor([2.0, 10.0]) * 3**0.5
    torch.testing.assert_close(rms, wanted, rtol=0.05, atol=0)


def test_slow_plays_the_beginning(motion):
    pose = motion()
    out = d.slow(pose, torch.tensor([2.0, 3.0]))
    torch.testing.assert_close(out[0, ::2, 1:], pose[0, :6, 1:])
    torch.testing.assert_close(out[1, ::3, 1:], pose[1, :4, 1:])
    assert torch.equal(out[:, :, 0], pose[:, :, 0])
    assert is_rotation(out)


def test_play_between_frames_agrees_with_slerp():
    turn = torch.zeros(1, 2, 24, 3)
    turn[:, 1] = torch.tensor([0.1, -0.2, 0.15])
    pose = roma.rotvec_to_rotmat(turn)
    out = d.play(pose, torch.tensor([[0.25, 1.0, 7.0]]))
    expected = roma.rotvec_to_rotmat(turn[:, 1:] * 0.25)
    torch.testing.assert_close(out[:, :1], expected, atol=4e-3, rtol=0)
    torch.testing.assert_close(out[:, 1:], pose[:, [1, 1]])


def test_stop_holds_one_pose(motion):
    pose = motion()
    out = d.stop(pose, torch.tensor([3, 9]))
    assert torch.equal(out[0, :4], pose[0, :4])
    assert torch.equal(out[0, 4:, 1:], pose[0, 3:4, 1:].expand(8, 23, 3, 3))
    assert torch.equal(out[1, :10], pose[1, :10])
    assert torch.equal(out[:, :, 0], pose[:, :, 0])


def test_smooth_is_a_running_mean_and_reduces_jitter(motion):
    torch.manual_seed(0)
    still = torch.eye(3).expand(2, 12, 24, 3, 3).clone()
    torch.testing.assert_close(d.smooth(still, FULL, 5), still)
    noisy = d.jitter(still, 8.0)
    out = d.smooth(noisy, FULL, 5)
    middle = noisy[:, 4:9].mean(1)
    first = torch.nn.functional.normalize(middle[..., 0], dim=-1)
    torch.testing.assert_close(out[:, 6, 1:, :, 0], first[:, 1:])
    assert (
        d.change(out, still, FULL).max() < d.change(noisy, still, FULL).min()
    )
    assert torch.equal(d.smooth(noisy, SHORT, 5)[:, 8:], noisy[:, 8:])


def test_change_counts_the_most_changed_joints():
    pose = torch.eye(3).expand(1, 12, 24, 3, 3)
    turn = torch.zeros(1, 12, 24, 3)
    turn[:, :, 3, 0], turn[:, :, 9, 1] = 0.4, 0.2
    other = roma.rotvec_to_rotmat(turn)
    expected = torch.tensor([0.6 / 4]).rad2deg()
    mask = FULL[:1]
    torch.testing.assert_close(d.change(pose, other, mask), expected)
    torch.testing.assert_close(d.change(pose, other, mask, 2), 2 * expected)
