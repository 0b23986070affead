"""Size, names, layout, padding, frozenness and files of MotionCLIP."""

import math

import pytest
import torch

from semtta_mm.geometry import matrix_to_rot6d
from semtta_mm.models.motion_text import MotionCLIP, cosine
from semtta_mm.models.motion_text.official_options import read_options
from semtta_mm.registry import MODELS
from semtta_mm.utils import InputError

SMALL = dict(
    width=16, layers=2, heads=2, feedforward=24, frames=12, positions=None
)


@pytest.fixture
def small():
    torch.manual_seed(0)
    return MODELS.build(dict(type='semtta_mm.MotionCLIP', **SMALL))


def test_official_size_and_names():
    model = MotionCLIP()
    assert sum(p.numel() for p in model.parameters()) == 16_900_608
    state = model.state_dict()
    layer = {
        f'{name}.{kind}'
        for name in ('self_attn.out_proj', 'linear1', 'linear2')
        for kind in ('weight', 'bias')
    }
    layer |= {'self_attn.in_proj_weight', 'self_attn.in_proj_bias'}
    layer |= {f'norm{i}.{k}' for i in (1, 2) for k in ('weight', 'bias')}
    expected = {
        f'encoder.seqTransEncoder.layers.{i}.{n}'
        for i in range(8)
        for n in layer
    }
    expected |= {'encoder.muQuery', 'encoder.sigmaQuery'}
    expected |= {f'encoder.skelEmbedding.{k}' for k in ('weight', 'bias')}
    expected |= {'encoder.sequence_pos_encoder.pe'}
    assert set(state) == expected
    shapes = {
        'encoder.muQuery': (1, 512),
        'encoder.skelEmbedding.weight': (512, 150),
        'encoder.sequence_pos_encoder.pe': (5000, 1, 512),
        'encoder.seqTransEncoder.layers.7.self_attn.in_proj_weight': (
            1536,
            512,
        ),
        'encoder.seqTransEncoder.layers.0.linear1.weight': (1024, 512),
    }
    assert {k: tuple(state[k].shape) for k in shapes} == shapes


def test_same_numbers_as_written_out(small, motion):
    """Attention by hand, from the state dict, in MotionCLIP's own order."""
    pose = motion(2, 5)
    s = {k.removeprefix('encoder.'): v for k, v in small.state_dict().items()}
    x = torch.zeros(2, 25, 6, 5)
    x[:, :24] = pose[..., :2, :].flatten(-2).permute(0, 2, 3, 1)
    tokens = x.reshape(2, 150, 5).transpose(1, 2) @ s['skelEmbedding.weight'].T
    tokens = tokens + s['skelEmbedding.bias']
    queries = torch.stack([s['muQuery'], s['sigmaQuery']], 1).expand(2, 2, 16)
    h = torch.cat([queries, tokens], 1)
    for t in range(7):
        for i in range(8):
            h[:, t, 2 * i] += math.sin(t / 10000 ** (2 * i / 16))
            h[:, t, 2 * i + 1] += math.cos(t / 10000 ** (2 * i / 16))

    def norm(value, prefix):
        value = value - value.mean(-1, keepdim=True)
        value = value / (value.var(-1, False, keepdim=True) + 1e-5).sqrt()
        return value * s[f'{prefix}.weight'] + s[f'{prefix}.bias']

    for i in range(2):
        at = f'seqTransEncoder.layers.{i}'
        qkv = h @ s[f'{at}.self_attn.in_proj_weight'].T
        qkv = (qkv + s[f'{at}.self_attn.in_proj_bias']).reshape(2, 7, 3, 2, 8)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        mixed = (q @ k.mT / 8**0.5).softmax(-1) @ v
        mixed = mixed.transpose(1, 2).reshape(2, 7, 16)
        mixed = mixed @ s[f'{at}.self_attn.out_proj.weight'].T
        mixed = mixed + s[f'{at}.self_attn.out_proj.bias']
        h = norm(h + mixed, f'{at}.norm1')
        inner = h @ s[f'{at}.linear1.weight'].T + s[f'{at}.linear1.bias']
        inner = torch.nn.functional.gelu(inner)
        inner = inner @ s[f'{at}.linear2.weight'].T + s[f'{at}.linear2.bias']
        h = norm(h + inner, f'{at}.norm2')
    torch.testing.assert_close(small(pose), h[:, 0], atol=1e-5, rtol=1e-4)


def test_a_transposed_layout_is_another_motion(small, motion):
    """The three 6D layouts agree on the identity only."""
    pose = motion()
    rows = matrix_to_rot6d(pose, 'rows')
    assert torch.equal(rows, matrix_to_rot6d(pose.mT, 'columns'))
    assert (small(pose) - small(pose.mT)).abs().max() > 0.1


def test_padded_window_equals_unpadded(small, motion):
    pose = motion(2, 7)
    padded = torch.cat([pose, torch.full((2, 5, 24, 3, 3), torch.nan)], 1)
    mask = (torch.arange(12) < 7).expand(2, 12)
    for grad in (True, False):  # torch has two ways of computing this
        with torch.set_grad_enabled(grad):
            torch.testing.assert_close(
                small(padded, mask), small(pose), atol=1e-5, rtol=1e-4
            )
    other = small(torch.cat([pose, motion(2, 5, 9)], 1))
    assert (other - small(pose)).abs().max() > 1e-3


def test_gradients_reach_the_motion_and_no_parameter(small, motion):
    pose = motion().requires_grad_()
    small.train()
    assert not any(m.training for m in small.modules())
    small(pose)[:, :3].sum().backward()
    assert (pose.grad[..., :2, :].abs().sum((2, 3, 4)) > 0).all()
    assert all(p.grad is None for p in small.parameters())
    assert not any(p.requires_grad for p in small.parameters())


def test_only_an_unfrozen_one_can_be_trained():
    model = MotionCLIP(**SMALL, frozen=False).train()
    assert model.training and all(p.requires_grad for p in model.parameters())


def test_projection_only_where_the_text_has_another_width(motion):
    assert MotionCLIP(**SMALL, text_dim=16).projection is None
    model = MotionCLIP(**SMALL, text_dim=10)
    assert model(motion()).shape == (2, 10) and model.dim == 10
    rows = MotionCLIP(**SMALL, translation=False)
    assert rows.encoder.skelEmbedding.weight.shape == (16, 144)
    assert rows(motion()).shape == (2, 16)


def test_official_file_loads_without_renaming(small, motion, tmp_path):
    torch.manual_seed(5)
    other = MotionCLIP(**SMALL)
    state = other.state_dict() | {
        'decoder.finallayer.weight': torch.ones(2),
        'clip_model.logit_scale': torch.ones([]),
    }
    path = tmp_path / 'checkpoint_0100.pth.tar'
    torch.save(state, path)
    pose = motion()
    assert not torch.equal(small(pose), other(pose))
    small.load(path)
    assert torch.equal(small(pose), other(pose))
    trainers = {f'motion_text.{k}': v for k, v in other.state_dict().items()}
    torch.save({'state_dict': trainers}, path)
    again = MotionCLIP(**SMALL, weights=path)
    assert torch.equal(again(pose), other(pose))
    torch.save(state | {'vae.a': torch.ones(1), 'b': torch.ones(1)}, path)
    with pytest.raises(InputError, match=r'unknown to motionclip: vae\.a, b'):
        small.load(path)


def test_weights_of_another_size_are_refused(small, tmp_path):
    path = tmp_path / 'x.pth'
    torch.save(MotionCLIP(**SMALL | {'layers': 1}).state_dict(), path)
    with pytest.raises(InputError, match='x.pth: weights: lacks .*layers.1'):
        small.load(path)
    state = small.state_dict() | {
        'encoder.muQuery': torch.full((1, 16), 1e999)
    }
    torch.save(state, path)
    with pytest.raises(InputError, match='is not finite in encoder.muQ'):
        small.load(path)


@pytest.mark.parametrize(
    ('shape', 'mask', 'message'),
    [
        ((2, 5, 24, 6), None, r'pose: .*got \[2, 5, 24, 6\]'),
        ((2, 13, 24, 3, 3), None, 'at most 12 frames, got 13'),
        ((2, 5, 24, 3, 3), torch.ones(2, 5), r'mask: .*float32 \[2, 5\]'),
        ((2, 5, 24, 3, 3), torch.zeros(2, 5).bool(), 'has no frame'),
    ],
)
def test_wrong_input_is_named(small, shape, mask, message):
    with pytest.raises(ValueError, match=message):
        small(torch.zeros(shape), mask)


def test_cosine_by_hand():
    motion = torch.tensor([[3.0, 0], [1, 1]])
    text = torch.tensor([[1.0, 0], [0, 5], [-2, 0]])
    half = 0.5**0.5
    expected = torch.tensor([[1, 0, -1], [half, half, -half]])
    torch.testing.assert_close(cosine(motion, text), expected)


def test_row_25_is_zeros_or_the_exemplars(small, motion):
    """A shift that is given moves the embedding; absent frames do not."""
    motion = motion()
    mask = torch.ones(motion.shape[:2], dtype=torch.bool)
    mask[:, -2:] = False
    zeros = small(motion, mask)
    shift = torch.randn(*motion.shape[:2], 3)
    moved = small(motion, mask, shift)
    assert not torch.allclose(zeros, moved, atol=1e-4)
    assert torch.equal(small(motion, mask, torch.zeros_like(shift)), zeros)
    shift[:, -2:] = float('nan')
    assert torch.equal(small(motion, mask, shift), moved)
    assert not small.takes_translation
    sizes = dict(width=32, layers=1, heads=2, feedforward=16)
    assert MotionCLIP(**sizes, row_25='exemplar').takes_translation
    with pytest.raises(ValueError, match='row_25'):
        MotionCLIP(**sizes, row_25='pelvis')


def test_opt_yaml_is_read_safely_and_compared(small, tmp_path):
    path = tmp_path / 'checkpoint_0100.pth.tar'
    torch.save(small.state_dict(), path)
    width = small.dim
    lines = [
        'device: !!python/object/apply:torch.device [cpu]',
        'evil: !!python/object/apply:os.system ["touch no"]',
        'glob_rot: !!python/tuple [3.14, 0, 0]',
        'pose_rep: rot6d',
        'translation: true',
        f'latent_dim: {width}',
    ]
    (tmp_path / 'opt.yaml').write_text('\n'.join(lines))
    options = read_options(tmp_path / 'opt.yaml')
    assert options['evil'] is None
    assert options['device'] is None
    assert options['glob_rot'] == [3.14, 0, 0]
    small.load(path)
    (tmp_path / 'opt.yaml').write_text('latent_dim: 7')
    with pytest.raises(InputError, match=r'latent_dim: is 7'):
        small.load(path)
    (tmp_path / 'opt.yaml').write_text('pose_rep: [')
    with pytest.raises(InputError, match='cannot be read'):
        small.load(path)
