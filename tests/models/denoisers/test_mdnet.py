"""MDNet: size, names, arithmetic, mask and loss."""

import pytest
import roma
import torch
from torch import Tensor
from torch.nn.functional import layer_norm

from semtta_mm.geometry import matrix_to_rot6d
from semtta_mm.models.denoisers import MDNet, hidden_frames, hidden_l1_loss
from semtta_mm.models.denoisers.mdnet import TINY_GAIN
from semtta_mm.registry import MODELS


def poses(batch: int = 2, frames: int = 49) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    turns = torch.randn(batch, frames, 24, 3, generator=generator)
    return roma.rotvec_to_rotmat(turns)


@pytest.fixture
def net() -> MDNet:
    """A network with all parameters random."""
    torch.manual_seed(0)
    net = MODELS.build(dict(type='semtta_mm.MDNet'))
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return net.eval()


def test_size_and_official_names(net):
    assert sum(p.numel() for p in net.parameters()) == 52712
    names = {'motion_fc_in', 'motion_fc_out'} | {
        f'motion_mlp.mlps.{i}.fc0.fc' for i in range(4)
    }
    expected = {f'{n}.{kind}' for n in names for kind in ('weight', 'bias')}
    expected |= {
        f'motion_mlp.mlps.{i}.norm0.{kind}'
        for i in range(4)
        for kind in ('alpha', 'beta')
    }
    state = net.state_dict()
    assert set(state) == expected
    assert state['motion_mlp.mlps.3.fc0.fc.weight'].shape == (49, 49)
    assert state['motion_mlp.mlps.0.norm0.alpha'].shape == (1, 144, 1)


def test_initial_gains():
    torch.manual_seed(0)
    net = MDNet()
    layers = [net.motion_fc_out]
    layers += [block.fc0.fc for block in net.motion_mlp.mlps]
    for layer in layers:
        bound = TINY_GAIN * (6 / (layer.in_features * 2)) ** 0.5
        assert 0.9 * bound < layer.weight.abs().max() <= bound
        assert not layer.bias.any()
    assert net.motion_fc_in.weight.abs().max() > 0.01
    for block in net.motion_mlp.mlps:
        assert (block.norm0.alpha == 1).all()
        assert (block.norm0.beta == 0).all()


def test_same_numbers_as_written_out(net):
    """Frame-major arithmetic with torch's own layer norm."""
    pose, state = poses(), net.state_dict()
    hidden = hidden_frames(2)
    x = matrix_to_rot6d(pose, 'interleave').reshape(2, 49, 144)
    x = x * (~hidden).float()[..., None]
    x = x @ state['motion_fc_in.weight'].T + state['motion_fc_in.bias']
    for i in range(4):
        part = {
            k.removeprefix(f'motion_mlp.mlps.{i}.'): v
            for k, v in state.items()
        }
        mixed = torch.einsum('ts,bsc->btc', part['fc0.fc.weight'], x)
        mixed = mixed + part['fc0.fc.bias'][:, None]
        alpha, beta = part['norm0.alpha'].view(144), part['norm0.beta']
        x = x + layer_norm(mixed, (144,), alpha, beta.view(144), 1e-5)
    x = x @ state['motion_fc_out.weight'].T + state['motion_fc_out.bias']
    with torch.no_grad():
        torch.testing.assert_close(net.rot6d(pose, hidden), x)


def test_output_is_rotations(net):
    out = net(poses(3))
    eye = torch.eye(3).expand_as(out)
    torch.testing.assert_close(out @ out.mT, eye, atol=1e-5, rtol=0)
    assert (torch.linalg.det(out) > 0.99).all()


def test_hidden_frames_are_ignored(net):
    pose, hidden = poses(), hidden_frames(2)
    other = torch.where(hidden[..., None, None, None], pose.mT, pose)
    assert not torch.equal(pose, other)
    assert torch.equal(net(pose, hidden), net(other, hidden))
    assert not torch.equal(net(pose), net(other))
    nothing = torch.zeros(2, 49, dtype=torch.bool)
    assert torch.equal(net(pose), net(pose, nothing))


def test_mask_hides_the_middle_and_24_others():
    generator = torch.Generator().manual_seed(3)
    hidden = hidden_frames(4000, generator=generator)
    assert (hidden.sum(1) == 25).all()
    assert hidden[:, 24].all()
    rate = hidden.float().mean(0)
    rate[24] = 0.5
    assert (rate - 0.5).abs().max() < 0.04
    again = hidden_frames(4000, generator=generator.manual_seed(3))
    assert torch.equal(hidden, again)
    assert hidden_frames(1, 5, 0).tolist() == [[0, 0, 1, 0, 0]]
    with pytest.raises(ValueError, match='others: expected 0 to 48, got 49'):
        hidden_frames(1, others=49)


def test_loss_by_hand():
    target = torch.eye(3).expand(1, 49, 24, 3, 3)
    hidden = torch.zeros(1, 49, dtype=torch.bool)
    hidden[0, :10] = True
    rot6d = matrix_to_rot6d(target, 'interleave').flatten(2)
    off = rot6d.clone()
    off[0, 0, :3] += 0.5
    off[0, 20] += 100  # shown: does not count
    loss = hidden_l1_loss(off, target, hidden)
    assert loss.item() == pytest.approx(1.5 / (49 * 144))
    assert hidden_l1_loss(rot6d, target, hidden).item() == 0


def test_loss_gradient_reaches_every_weight(net):
    pose, hidden = poses(), hidden_frames(2)
    hidden_l1_loss(net.rot6d(pose, hidden), pose, hidden).backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad.abs().max() > 0, name


@pytest.mark.parametrize(
    ('pose', 'hidden', 'message'),
    [
        (torch.zeros(2, 49, 24, 6), None, r'pose: .*got \[2, 49, 24, 6\]'),
        (poses(1, 48), None, 'windows of 49 frames, got 48'),
        (poses(1), torch.zeros(1, 49), r'hidden: .*float32 \[1, 49\]'),
        (poses(1), torch.zeros(49).bool(), r'hidden: .*bool \[49\]'),
    ],
)
def test_wrong_shapes_are_named(net, pose, hidden, message):
    with pytest.raises(ValueError, match=message):
        net(pose, hidden)
