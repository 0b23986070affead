import pytest
import torch

from semtta_mm.checkpoints.weights import load_weights
from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.models.discriminators import (
    MotionDiscriminator,
    lsgan_discriminator,
    lsgan_generator,
)
from semtta_mm.utils import InputError

SMALL = dict(hidden=8, attention_layers=3)


@pytest.fixture
def small():
    torch.manual_seed(0)
    return MotionDiscriminator(**SMALL).eval()


def motions(windows=3, frames=16, seed=0):
    generator = torch.Generator().manual_seed(seed)
    vectors = torch.randn(windows, frames, 24, 3, generator=generator) * 0.4
    return vectors, axis_angle_to_matrix(vectors)


def test_official_names_and_sizes():
    with torch.device('meta'):
        state = MotionDiscriminator().state_dict()
    shapes = {name: tuple(value.shape) for name, value in state.items()}
    gru = {
        f'gru.{kind}_{side}_l{layer}'
        for kind in ('weight', 'bias')
        for side in ('ih', 'hh')
        for layer in (0, 1)
    }
    linear = {
        f'{part}.{kind}'
        for part in (*(f'attention.attention.{i}' for i in (0, 3, 6)), 'fc')
        for kind in ('weight', 'bias')
    }
    assert set(shapes) == gru | linear
    assert shapes['gru.weight_ih_l0'] == (3 * 1024, 69)
    assert shapes['gru.weight_hh_l1'] == (3 * 1024, 1024)
    assert shapes['attention.attention.3.weight'] == (1024, 1024)
    assert shapes['attention.attention.6.weight'] == (1, 1024)
    assert shapes['fc.weight'] == (1, 1024)


def test_score_by_hand(small):
    """Frame by frame: GRU's equations, tanh of the last score, softmax."""
    vectors, pose = motions(1)
    w = small.state_dict()
    x = vectors[0, :, 1:].reshape(16, 69)
    for layer in (0, 1):
        h, out = torch.zeros(8), []
        for frame in x:
            a = w[f'gru.weight_ih_l{layer}'] @ frame
            b = w[f'gru.weight_hh_l{layer}'] @ h
            a = (a + w[f'gru.bias_ih_l{layer}']).view(3, 8)
            b = (b + w[f'gru.bias_hh_l{layer}']).view(3, 8)
            reset, update = torch.sigmoid(a[:2] + b[:2])
            new = torch.tanh(a[2] + reset * b[2])
            h = (1 - update) * new + update * h
            out.append(h)
        x = torch.stack(out)
    score = x
    for i in (0, 3, 6):
        name = f'attention.attention.{i}'
        score = torch.tanh(score @ w[f'{name}.weight'].T + w[f'{name}.bias'])
    pooled = (score.softmax(0) * x).sum(0)
    want = (pooled * w['fc.weight'][0]).sum() + w['fc.bias'][0]
    torch.testing.assert_close(small(pose)[0], want, atol=1e-5, rtol=1e-4)


def test_scores_do_not_depend_on_other_windows_or_the_root(small):
    _, pose = motions(3)
    scores = small(pose)
    assert scores.shape == (3,)
    torch.testing.assert_close(small(pose[1:2]), scores[1:2])
    turned = pose.clone()
    turned[:, :, 0] = pose[:, :, 0].mT
    torch.testing.assert_close(small(turned), scores)


@pytest.mark.parametrize(
    ('wrapper', 'prefix'),
    [('disc_motion_state_dict', ''), ('disc_motion_state_dict', 'module.')],
)
def test_vibes_checkpoint_is_read(small, tmp_path, wrapper, prefix):
    state = {prefix + k: v for k, v in small.state_dict().items()}
    content = {
        'epoch': 3,
        'gen_state_dict': {'encoder.gru.weight_ih_l0': torch.zeros(2)},
        'performance': 52.1,
        wrapper: state,
        'disc_motion_optimizer': {'state': {}, 'param_groups': []},
    }
    torch.save(content, tmp_path / 'model_best.pth.tar')
    torch.manual_seed(1)
    other = MotionDiscriminator(**SMALL).eval()
    _, pose = motions()
    assert not torch.allclose(other(pose), small(pose))
    load_weights(other, tmp_path / 'model_best.pth.tar')
    torch.testing.assert_close(other(pose), small(pose))


def test_a_checkpoint_without_the_discriminator_is_refused(small, tmp_path):
    path = tmp_path / 'vibe.pth.tar'
    torch.save({'gen_state_dict': {'a': torch.zeros(1)}}, path)
    with pytest.raises(InputError, match='vibe'):
        load_weights(small, path)


def test_lsgan_by_hand():
    fake, real = torch.tensor([0.5, 1.0]), torch.tensor([1.0, 0.0])
    assert lsgan_generator(fake) == pytest.approx(0.125)
    assert lsgan_discriminator(real, fake) == pytest.approx(0.5 + 0.625)
