import numpy as np
import pytest
import torch

from semtta_mm.geometry import (
    axis_angle_to_matrix,
    rot6d_to_matrix,
    rotation_angle,
)
from semtta_mm.models.adaptors.denoise import (
    adapt_denoiser,
    run_windows,
    smooth_targets,
)
from semtta_mm.models.denoisers import MDNet


class Identity(MDNet):
    """Returns its input, hidden frames as identities."""

    def rot6d(self, pose, hidden=None):
        out = pose[..., :2].flatten(3).clone()
        return out.flatten(2)


def motion(frames, degrees=40.0):
    angle = torch.linspace(0, np.deg2rad(degrees), frames)
    vectors = torch.zeros(frames, 24, 3)
    vectors[:, 4, 0] = angle
    return axis_angle_to_matrix(vectors)


@pytest.mark.parametrize('frames', [1, 24, 25, 48, 49, 50, 120])
def test_tracks_of_all_lengths(frames):
    pose = motion(frames)
    windows = list(run_windows(pose, np.arange(frames), 1, 30.0, 49))
    targets = smooth_targets(Identity(), windows, torch.ones(frames, 10))
    enough = frames >= 25
    assert targets.valid.all() if enough else not targets.valid.any()
    if enough:
        error = rotation_angle(targets.pose, pose).max()
        assert torch.rad2deg(error) < 0.1
        assert torch.allclose(targets.betas, torch.ones(frames, 10))


@pytest.mark.parametrize('rate', [25.0, 50.0, 60.0])
def test_other_rates_are_resampled_to_their_frames(rate):
    pose = motion(120)
    windows = list(run_windows(pose, np.arange(120), 1, rate, 49))
    targets = smooth_targets(Identity(), windows, torch.zeros(120, 10))
    error = torch.rad2deg(rotation_angle(targets.pose, pose)[:, 4])
    assert error[:-3].max() < 0.3  # the last frames may lie beyond the grid


def test_no_window_contains_a_gap():
    ids = np.r_[0:60, 100:110]
    pose = motion(70)
    windows = list(run_windows(pose, ids, 1, 30.0, 49))
    assert [w.frames for w in windows] == [slice(0, 60)]
    targets = smooth_targets(Identity(), windows, torch.zeros(70, 10))
    assert targets.valid.tolist() == [True] * 60 + [False] * 10


def test_shapes_are_averaged_over_windows():
    """A jump in shape becomes a ramp about the jump."""
    betas = torch.zeros(120, 10)
    betas[60:] = 1
    windows = list(run_windows(motion(120), np.arange(120), 1, 30.0, 49))
    out = smooth_targets(Identity(), windows, betas).betas[:, 0]
    assert out[5] < 0.05 and out[115] > 0.95
    assert (out.diff() > -1e-5).all()
    assert out.diff().max() < 0.05


def test_the_denoiser_learns_the_track():
    torch.manual_seed(0)
    denoiser = MDNet()
    windows = list(run_windows(motion(60), np.arange(60), 1, 30.0, 49))
    optimizer = torch.optim.Adam(denoiser.parameters(), lr=3e-3)
    generator = torch.Generator().manual_seed(0)
    losses = [
        adapt_denoiser(denoiser, optimizer, windows, generator)[0]
        for _ in range(25)
    ]
    assert losses[-1] < 0.5 * losses[0]
    assert adapt_denoiser(denoiser, optimizer, [], generator) == (None, [])


def test_raw_outputs_are_averaged_before_gram_schmidt():
    """By hand: the frame's mean 6D over its windows, then orthonormalised."""
    torch.manual_seed(0)
    denoiser = MDNet(frames=5)
    for weight in denoiser.parameters():
        weight.data += 0.05 * torch.randn_like(weight)
    denoiser.eval()
    pose = motion(7)
    windows = list(run_windows(pose, np.arange(7), 1, 30.0, 5))
    betas = torch.randn(7, 10)
    raw = smooth_targets(denoiser, windows, betas, 'rot6d')
    with torch.no_grad():
        out = [denoiser.rot6d(pose[None, s : s + 5])[0] for s in range(3)]
    mean = torch.stack([out[0][3], out[1][2], out[2][1]]).mean(0)
    want = rot6d_to_matrix(mean.view(24, 6), 'interleave')
    torch.testing.assert_close(raw.pose[3], want, atol=2e-4, rtol=0)
    # The shape: the mean of the means of its windows.
    shape = torch.stack([betas[s : s + 5].mean(0) for s in range(3)]).mean(0)
    torch.testing.assert_close(raw.betas[3], shape)
    matrices = smooth_targets(denoiser, windows, betas, 'matrix')
    assert (matrices.pose - raw.pose).abs().max() > 0.01


def test_outputs_of_the_training_steps_are_of_masked_windows():
    torch.manual_seed(0)
    denoiser = MDNet(frames=49)
    seen = []
    inner = denoiser.rot6d

    def spy(pose, hidden=None):
        out = inner(pose, hidden)
        seen.append((hidden.sum(1), out.detach().clone()))
        return out

    denoiser.rot6d = spy
    windows = list(run_windows(motion(90), np.arange(90), 1, 30.0, 49))
    optimizer = torch.optim.Adam(denoiser.parameters(), lr=1e-2)
    generator = torch.Generator().manual_seed(1)
    loss, (outputs,) = adapt_denoiser(denoiser, optimizer, windows, generator)
    # 42 windows: a step of 32 and one of 10, 25 of 49 frames hidden.
    assert [len(count) for count, _ in seen] == [32, 10]
    assert all((count == 25).all() for count, _ in seen)
    order = torch.randperm(42, generator=torch.Generator().manual_seed(1))
    assert torch.equal(outputs[order], torch.cat([out for _, out in seen]))
    assert loss > 0 and not denoiser.training


def test_loss_of_hidden_frames_or_of_all():
    windows = list(run_windows(motion(49), np.arange(49), 1, 30.0, 49))
    losses = []
    for hidden_only in (True, False):
        torch.manual_seed(0)
        denoiser = MDNet()
        optimizer = torch.optim.SGD(denoiser.parameters(), lr=0.0)
        generator = torch.Generator().manual_seed(0)
        losses.append(
            adapt_denoiser(
                denoiser, optimizer, windows, generator, 32, hidden_only
            )[0]
        )
    # The network's first output is 0 in every frame: half of the loss.
    assert losses[0] == pytest.approx(losses[1] * 25 / 49, rel=0.02)
