"""TMR: its names, its files, its encoder written out, its text side."""

from importlib.util import find_spec

import numpy as np
import pytest
import roma
import torch
from torch import nn

from semtta_mm.commands import build_dictionary as command
from semtta_mm.compat.torchvision import ensure_torchvision
from semtta_mm.conventions import SMPL_PARENTS
from semtta_mm.models.adaptors.alignment import text_similarity
from semtta_mm.models.motion_text.actor_encoder import ActorEncoder
from semtta_mm.models.motion_text.tmr import TMR
from semtta_mm.models.motion_text.tmr_text import TMRText
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

BODY = dict(type='SMPLBody')
SMALL = dict(dim=16, layers=2, heads=4, feedforward=24)


@pytest.fixture
def files(tmp_path):
    """Statistics and skeleton, laid out as in TMR's repository."""
    rng = np.random.default_rng(0)
    mean, std = rng.normal(size=263), rng.uniform(0.5, 2, 263)
    torch.save(torch.from_numpy(mean).float(), tmp_path / 'mean.pt')
    torch.save(torch.from_numpy(std).float(), tmp_path / 'std.pt')
    joints = rng.normal(size=(22, 3))
    for joint in range(1, 22):  # bones of 40 cm
        bone = joints[joint] / np.linalg.norm(joints[joint])
        joints[joint] = joints[SMPL_PARENTS[joint]] + 0.4 * bone
    np.save(tmp_path / 'skeleton_example_h3d.npy', joints)
    register_all_modules()
    return dict(
        statistics=tmp_path,
        skeleton=tmp_path / 'skeleton_example_h3d.npy',
        body=BODY,
    )


@pytest.fixture
def model(files):
    torch.manual_seed(0)
    return MODELS.build(dict(type='TMR', weights=None, **files, **SMALL))


def motion(frames: int = 60) -> torch.Tensor:
    torch.manual_seed(0)
    slow = torch.randn(2, 1, 24, 3) + 0.1 * torch.randn(2, frames, 24, 3)
    return roma.rotvec_to_rotmat(0.3 * slow)


def test_names_and_shapes_of_the_official_network(files):
    model = TMR(None, **files)
    shapes = {k: tuple(v.shape) for k, v in model.state_dict().items()}
    own = {k.removeprefix('motion_encoder.') for k in shapes}
    layer = {
        f'{name}.{kind}'
        for name in ('self_attn.out_proj', 'linear1', 'linear2')
        for kind in ('weight', 'bias')
    }
    layer |= {'self_attn.in_proj_weight', 'self_attn.in_proj_bias'}
    layer |= {f'norm{i}.{k}' for i in (1, 2) for k in ('weight', 'bias')}
    assert own == {'tokens', 'projection.weight', 'projection.bias'} | {
        f'seqTransEncoder.layers.{i}.{n}' for i in range(6) for n in layer
    }
    assert shapes['motion_encoder.projection.weight'] == (256, 263)
    assert shapes['motion_encoder.tokens'] == (2, 256)
    inside = 'motion_encoder.seqTransEncoder.layers.5.linear1.weight'
    assert shapes[inside] == (1024, 256)


def test_encoder_agrees_with_torchs_own_attention():
    torch.manual_seed(0)
    model = ActorEncoder(5, 16, 2, 4, 24).eval()
    x, mask = torch.randn(2, 7, 5), torch.ones(2, 7, dtype=torch.bool)
    h = torch.cat((model.tokens.expand(2, 2, 16), model.projection(x)), 1)
    for t in range(9):
        for i in range(8):
            h[:, t, 2 * i] += np.sin(t / 10000 ** (i / 8))
            h[:, t, 2 * i + 1] += np.cos(t / 10000 ** (i / 8))
    for layer in model.seqTransEncoder.layers:
        qkv = h @ layer.self_attn.in_proj_weight.T
        qkv = (qkv + layer.self_attn.in_proj_bias).reshape(2, 9, 3, 4, 4)
        mixed = nn.functional.scaled_dot_product_attention(
            *qkv.permute(2, 0, 3, 1, 4)
        )
        mixed = mixed.transpose(1, 2).reshape(2, 9, 16)
        h = layer.norm1(h + layer.self_attn.out_proj(mixed))
        inner = nn.functional.gelu(layer.linear1(h))
        h = layer.norm2(h + layer.linear2(inner))
    torch.testing.assert_close(model(x, mask), h[:, 0], atol=1e-5, rtol=1e-4)


def test_padded_windows_equal_unpadded_ones(model):
    pose = motion()
    pose[:, 31:] = float('nan')
    mask = torch.arange(60).expand(2, 60) < 31
    want = model(pose[:, :31])
    assert torch.isfinite(want).all()
    torch.testing.assert_close(model(pose, mask), want, atol=1e-5, rtol=1e-4)
    with pytest.raises(ValueError, match='3 frames at least'):
        model(pose[:, :2])


def test_gradients_reach_the_motion_only(model):
    pose = motion().requires_grad_()
    model(pose).square().sum().backward()
    grad = pose.grad.abs().sum((0, 1, 3, 4))
    ends = [10, 11, 15, 20, 21, 22, 23]  # they turn no bone of the 22
    assert (grad[ends] == 0).all()
    assert (grad.index_fill(0, torch.tensor(ends), 1) > 0).all()
    assert all(p.grad is None for p in model.parameters())
    assert not model.train().training


def test_heading_of_the_whole_motion_is_no_matter(model):
    pose = motion()
    turn = roma.rotvec_to_rotmat(torch.tensor([0, 1.3, 0]))
    turned = pose.clone()
    turned[:, :, 0] = turn @ pose[:, :, 0]
    torch.testing.assert_close(model(turned), model(pose), atol=1e-4, rtol=0)
    fallen = pose.clone()
    fallen[:, :, 0] = roma.rotvec_to_rotmat(torch.eye(3)[0]) @ pose[:, :, 0]
    assert (model(fallen) - model(pose)).abs().max() > 0.01


def test_z_up_is_told(files, model):
    other = TMR(None, **files, **SMALL, z_up=True)
    other.load_state_dict(model.state_dict())
    pose = motion()
    up = roma.rotvec_to_rotmat(torch.tensor([torch.pi / 2, 0, 0]))
    stood = pose.clone()
    stood[:, :, 0] = up @ pose[:, :, 0]
    torch.testing.assert_close(other(stood), model(pose), atol=1e-4, rtol=0)
    assert (model(stood) - model(pose)).abs().max() > 0.05


def test_adaptation_sees_local_rotations_only(files, small_dictionary):
    """Windows at 25 fps, with the exemplars' root, against texts."""
    torch.manual_seed(0)
    sizes = SMALL | dict(dim=4, heads=2)
    model = TMR(None, **files, **sizes)
    pose = motion(50).requires_grad_()
    valid = torch.arange(50).expand(2, 50) < torch.tensor([[50], [20]])
    out = text_similarity(
        model, small_dictionary, pose, valid, torch.tensor([0, 2]), 25.0
    )
    assert out.shape == (2,) and out.abs().max() <= 1
    out.sum().backward()
    grad = pose.grad.abs().sum((-2, -1))
    assert (grad[:, :, 0] == 0).all()
    assert (grad[1, 21:] == 0).all() and (grad[1, 1:18, 1] > 0).all()


def official(model: TMR, whole: bool) -> dict:
    """The extracted file, or the state dict of the Lightning checkpoint."""
    state = model.state_dict()
    if not whole:
        return {k.removeprefix('motion_encoder.'): v for k, v in state.items()}
    state |= {'text_encoder.tokens': torch.ones(2, 16)}
    state |= {'motion_decoder.final_layer.bias': torch.ones(263)}
    return {'state_dict': state, 'epoch': 3, 'hyper_parameters': {}}


@pytest.mark.parametrize('whole', [True, False])
def test_both_official_files_are_read(model, files, tmp_path, whole):
    path = tmp_path / 'motion_encoder.pt'
    torch.save(official(model, whole), path)
    got = TMR(path, **files, **SMALL)
    assert torch.equal(got(motion()), model(motion()))


def test_other_files_are_refused(model, files, tmp_path):
    path = tmp_path / 'text_encoder.pt'
    torch.save(ActorEncoder(768, **SMALL).state_dict(), path)
    with pytest.raises(InputError, match=r'\[16, 768\] not \[16, 263\]'):
        TMR(path, **files, **SMALL)
    torch.save(official(model, False) | {'vae.x': torch.ones(1)}, path)
    with pytest.raises(
        InputError, match=r'unknown to tmr_motion_encoder: vae\.x'
    ):
        TMR(path, **files, **SMALL)


def test_statistics_and_skeleton_are_checked(files, tmp_path):
    torch.save(torch.zeros(263), tmp_path / 'std.pt')
    with pytest.raises(InputError, match='holds a 0'):
        TMR(None, **files, **SMALL)
    torch.save(torch.ones(251), tmp_path / 'std.pt')
    with pytest.raises(InputError, match=r'std.pt: file: is no tensor \[263'):
        TMR(None, **files, **SMALL)
    torch.save(torch.ones(263), tmp_path / 'std.pt')
    np.save(files['skeleton'], 1000 * np.load(files['skeleton']))
    with pytest.raises(InputError, match=r'legs of 800\.00 m'):
        TMR(None, **files, **SMALL)
    np.save(files['skeleton'], np.zeros((21, 3)))
    with pytest.raises(InputError, match=r'is \[21, 3\]'):
        TMR(None, **files, **SMALL)


def test_the_command_says_what_tmr_needs(capsys, tmp_path):
    (tmp_path / 'train.json').write_text('{}')
    (tmp_path / 'val.json').write_text('{}')
    arguments = ['--babel', tmp_path, '--amass', tmp_path, '--encoder', 'tmr']
    arguments += ['--weights', 'text_encoder.pt', '--out', tmp_path / 'a.npz']
    assert command.main([str(a) for a in arguments]) == 2
    assert '--vocabulary: is not given' in capsys.readouterr().err


@pytest.mark.skipif(
    not find_spec('transformers'), reason='transformers is not installed'
)
@pytest.mark.parametrize('prefix', ['', 'distilbert.'])
def test_text_side(tmp_path, prefix):
    ensure_torchvision()
    import transformers

    tokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'walk', 'run']
    (tmp_path / 'vocab.txt').write_text('\n'.join(tokens))
    config = transformers.DistilBertConfig(
        vocab_size=7, dim=64, n_layers=1, n_heads=1, hidden_dim=32
    )
    torch.manual_seed(0)
    bert = transformers.DistilBertModel(config).eval()
    state = {prefix + k: v for k, v in bert.state_dict().items()}
    state |= {'vocab_projector.bias': torch.ones(7)}
    torch.save(state, tmp_path / 'pytorch_model.bin')
    head = ActorEncoder(64, **SMALL).eval()
    stored = {f'text_encoder.{k}': v for k, v in head.state_dict().items()}
    stored |= {'motion_encoder.tokens': torch.ones(2, 16)}
    torch.save({'state_dict': stored}, tmp_path / 'last.ckpt')
    encoder = TMRText(tmp_path / 'last.ckpt', tmp_path)
    assert encoder.dim == 16
    got = encoder.encode(['walk', 'Walk run'])
    ids = torch.tensor([[2, 5, 3, 0], [2, 5, 6, 3]])
    with torch.no_grad():
        out = bert(input_ids=ids, attention_mask=(ids > 0).long())
        want = head(out.last_hidden_state, ids > 0)
    want = nn.functional.normalize(want, dim=-1)
    torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-4)
    torch.save(ActorEncoder(8, **SMALL).state_dict(), tmp_path / 'last.ckpt')
    with pytest.raises(InputError, match='reads 8 numbers a word'):
        TMRText(tmp_path / 'last.ckpt', tmp_path)
    (tmp_path / 'pytorch_model.bin').unlink()
    with pytest.raises(InputError, match=r'has none of model\.safetensors'):
        TMRText(tmp_path / 'last.ckpt', tmp_path)
