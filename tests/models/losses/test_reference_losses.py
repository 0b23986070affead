"""Losses against other people's motions of a label (Table 3)."""

from types import SimpleNamespace

import pytest
import torch

from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.models.adaptors import CycleAdapt, FrameLabels
from semtta_mm.models.discriminators import lsgan_discriminator
from semtta_mm.models.losses import (
    MotionAdversarialLoss,
    UnpairedPoseLoss,
    local_pose_l1,
)
from semtta_mm.models.reference_motions import ReferenceMotions
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

TINY = dict(type='MotionDiscriminator', hidden=4)


class KnownMotions(ReferenceMotions):
    """Only the label 'walk' has a motion, of constant rotations."""

    def __init__(self):
        vectors = torch.full((60, 24, 3), 0.1)
        self.motion = axis_angle_to_matrix(vectors)

    def motions(self, label):
        return (self.motion,) if label == 'walk' else ()


@pytest.fixture(autouse=True)
def modules():
    register_all_modules()
    MODELS.register_module(
        name='KnownMotions', module=KnownMotions, force=True
    )


KNOWN = dict(type='KnownMotions')


def step_of(motion, label, rate=30.0):
    windows, frames = motion.shape[:2]
    valid = torch.ones(windows, frames, dtype=torch.bool)
    track = SimpleNamespace(rate=rate)
    return SimpleNamespace(
        motion=motion,
        batch=SimpleNamespace(valid=valid, label=torch.tensor(label)),
        session=SimpleNamespace(
            frames=SimpleNamespace(track=track),
            generator=torch.Generator().manual_seed(0),
        ),
        adaptor=SimpleNamespace(
            dictionary=SimpleNamespace(labels=('run', 'walk'))
        ),
    )


def motions(windows=2, frames=40, seed=0):
    generator = torch.Generator().manual_seed(seed)
    vectors = torch.randn(windows, frames, 24, 3, generator=generator) * 0.4
    return axis_angle_to_matrix(vectors)


def test_local_l1_by_hand_without_the_root():
    pose = torch.zeros(1, 2, 24, 3, 3)
    target = torch.zeros_like(pose)
    target[:, :, 0] = 7  # the root does not count
    target[0, 0, 5] = 23
    target[0, 1] = torch.nan
    valid = torch.tensor([[True, False]])
    assert local_pose_l1(pose, target, valid).item() == pytest.approx(1)
    assert local_pose_l1(pose, target, ~valid & valid).item() == 0
    target[0, 0, 22:] = 99
    short = local_pose_l1(pose, target, valid, hands=False)
    assert short.item() == pytest.approx(23 / 21)


def test_unpaired_loss_of_labelled_windows_only():
    motion = motions().requires_grad_()
    loss = UnpairedPoseLoss(KNOWN, loss_weight=2.0)
    step = step_of(motion, [1, 0])
    step.batch.valid[0, 30:] = False
    value = loss(step)
    target = KnownMotions().motion[:30, 1:]
    want = (motion[0, :30, 1:] - target).abs().mean()
    torch.testing.assert_close(value, 2 * want)
    value.backward()
    used = motion.grad.abs().sum(dim=(-1, -2)) > 0  # [B, T, 24]
    assert used[0, :30, 1:].all()
    assert not used[:, :, 0].any()
    assert not used[1].any() and not used[0, 30:].any()
    assert loss(step_of(motions(), [0, -1])).item() == 0


def test_pieces_are_paired_by_label():
    loss = MotionAdversarialLoss(KNOWN, discriminator=TINY, loss_weight=0.5)
    motion = motions(3).requires_grad_()
    value = loss(step_of(motion, [1, -1, 1]))
    # 40 frames at 30 fps are 33 at 25 fps: two pieces of 16 a window.
    assert loss.fake.shape == loss.real.shape == (4, 16, 24, 3, 3)
    first = KnownMotions().motion[0]
    torch.testing.assert_close(loss.real, first.expand_as(loss.real))
    value.backward()
    assert (motion.grad[1] == 0).all() and motion.grad[0].abs().sum() > 0
    assert not loss.fake.requires_grad
    # The network's step leaves the discriminator alone.
    assert all(p.grad is None for p in loss.discriminator.parameters())


def test_both_sides_by_hand():
    loss = MotionAdversarialLoss(KNOWN, discriminator=TINY, loss_weight=0.5)
    loss.discriminator.eval()
    value = loss(step_of(motions(1), [1]))
    fake = loss.discriminator(loss.fake)
    real = loss.discriminator(loss.real)
    torch.testing.assert_close(value, 0.5 * (fake - 1).square().mean())
    want = fake.square().mean() + (real - 1).square().mean()
    torch.testing.assert_close(loss.discriminator_loss(), 0.5 * want)
    torch.testing.assert_close(want, lsgan_discriminator(real, fake))


@pytest.mark.parametrize(('frames', 'label'), [(40, 0), (40, -1), (9, 1)])
def test_nothing_to_compare_is_exactly_zero(frames, label):
    loss = MotionAdversarialLoss(KNOWN, discriminator=TINY)
    loss(step_of(motions(1), [1]))
    assert loss(step_of(motions(1, frames), [label])).item() == 0
    assert loss.discriminator_loss() is None


@pytest.mark.parametrize('frames', [1, 16])
def test_attention_with_one_window_and_one_frame(frames):
    """VIBE's pooling squeezes; ours gives one score a window."""
    network = MODELS.build(TINY).eval()
    pose = motions(3, frames)
    together = network(pose)
    assert together.shape == (3,)
    torch.testing.assert_close(network(pose[:1]), together[:1])
    if frames == 1:  # the softmax over one frame is 1
        state = network.gru(torch.zeros(1, 1, 69))[
            0
        ]  # a single state is its own mean
        torch.testing.assert_close(network.attention(state), state[:, 0])


@pytest.mark.parametrize(
    'loss',
    [
        dict(type='UnpairedPoseLoss'),
        dict(type='MotionAdversarialLoss', discriminator=TINY),
    ],
)
def test_a_method_without_labels_is_refused(dataset, loss):
    parts = dict(
        estimator=dict(type='ConstantEstimator', input_size=64),
        body=dict(type='SMPLBody'),
        losses=dict(term=loss),
        window_frames=60,
    )
    with pytest.raises(InputError, match=r'model\.dictionary'):
        CycleAdapt(**parts).begin(dataset[0])
    model = CycleAdapt(**parts, dictionary='open')
    row = model.dictionary.index('walk')
    model.begin(dataset[0], FrameLabels(torch.full((9,), row)))
    value = model(torch.tensor([0]))['loss_term']
    # Nine frames are no piece of 16.
    assert (value > 0) == (loss['type'] == 'UnpairedPoseLoss')
