"""MotionPatches: its pictures by hand, its names, its layout."""

from importlib.util import find_spec

import cv2
import numpy as np
import pytest
import roma
import torch
from torch import nn

from semtta_mm.compat.torchvision import ensure_torchvision
from semtta_mm.models.motion_text.joint_patches import CHAINS, chain_matrix
from semtta_mm.models.motion_text.motion_patches import MotionPatches
from semtta_mm.models.motion_text.motion_patches_text import MotionPatchesText
from semtta_mm.models.motion_text.patch_network import ProjectionHead
from semtta_mm.models.motion_text.posed_joints import (
    COUNT,
    sample_points,
    stand_and_face,
)
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

BODY = dict(type='SMPLBody')
SMALL = dict(dim=16, width=32, depth=2, heads=2)


@pytest.fixture
def statistics(tmp_path):
    rng = np.random.default_rng(0)
    np.save(tmp_path / 'Mean_raw.npy', rng.normal(size=(COUNT, 3)))
    np.save(tmp_path / 'Std_raw.npy', rng.uniform(0.5, 2, (COUNT, 3)))
    return tmp_path


@pytest.fixture
def model(statistics):
    register_all_modules()
    torch.manual_seed(0)
    model = MotionPatches(None, statistics, BODY, **SMALL)
    for value in model.parameters():
        nn.init.normal_(value, std=0.2)
    return model


def motion(frames: int = 60, seed: int = 0) -> torch.Tensor:
    torch.manual_seed(seed)
    slow = torch.randn(2, 1, 24, 3) + 0.1 * torch.randn(2, frames, 24, 3)
    return roma.rotvec_to_rotmat(0.3 * slow)


def test_columns_are_those_of_opencv():
    """The public code stretches each chain by cv2.resize, linear."""
    joints = np.random.default_rng(0).normal(size=(COUNT, 3))
    names = {name for chain in CHAINS for name in chain}
    assert len(names) == COUNT
    got = chain_matrix().numpy() @ joints
    from semtta_mm.conventions import SMPL_JOINTS

    for i, chain in enumerate(CHAINS):
        part = joints[[SMPL_JOINTS.index(name) for name in chain]][None]
        want = cv2.resize(part, (16, 1), interpolation=cv2.INTER_LINEAR)[0]
        np.testing.assert_allclose(got[16 * i : 16 * i + 16], want, atol=1e-6)


def test_bodies_stand_on_the_floor_and_face_z():
    model_body = torch.randn(3, 5, COUNT, 3) * 0.1
    model_body[..., 1, :] += torch.tensor([0.1, 0, 0])  # left hip: +x
    model_body[..., 2, :] -= torch.tensor([0.1, 0, 0])
    model_body[..., 16, :] += torch.tensor([0.5, 0, 0])
    model_body[..., 17, :] -= torch.tensor([0.5, 0, 0])
    mask = torch.ones(3, 5, dtype=torch.bool)
    want = stand_and_face(model_body, mask)
    turn = roma.rotvec_to_rotmat(torch.tensor([0, 2.1, 0.0]))
    moved = model_body @ turn.T + torch.tensor([3.0, -7, 2])
    torch.testing.assert_close(stand_and_face(moved, mask), want)
    assert want[..., 1].flatten(1).amin(1).abs().max() < 1e-5
    assert want[:, 0, 0, [0, 2]].abs().max() < 1e-5
    across = want[:, 0, 16] - want[:, 0, 17] + want[:, 0, 1] - want[:, 0, 2]
    assert across[:, 2].abs().max() < 1e-5  # left is +x, so front is +z
    assert (across[:, 0] > 0).all()


def test_points_between_frames():
    points = torch.arange(4.0).view(1, 4, 1, 1).expand(1, 4, 2, 3)
    out = sample_points(points, torch.tensor([0.0, 1.5, 3.0]))
    assert out[0, :, 0, 0].tolist() == [0, 1.5, 3]


def test_picture_of_60_frames_has_40_rows(model):
    pose = motion()
    mask = torch.ones(2, 60, dtype=torch.bool)
    mask[1, 30:] = False
    pose[1, 30:] = float('nan')
    picture = model.picture(pose, mask)
    assert picture.shape == (2, 3, 224, 80)
    assert picture[0, :, :40].abs().sum(0).min() > 0
    assert picture[0, :, 40:].abs().max() == 0
    rows = picture[1].abs().sum((0, 2)) > 0
    assert rows.sum() == 20  # 30 frames at 30 fps are 20 at 20 fps
    assert rows[:20].all()


def test_network_agrees_with_torchs_own_layers(model):
    picture = torch.randn(2, 3, 224, 80)
    vit = model.motion_encoder.model
    patches = picture.unfold(2, 16, 16).unfold(3, 16, 16)
    patches = patches.permute(0, 2, 3, 1, 4, 5).reshape(2, 70, -1)
    x = patches @ vit.patch_embed.proj.weight.flatten(1).T
    x = x + vit.patch_embed.proj.bias
    x = torch.cat((vit.cls_token.expand(2, 1, 32), x), 1) + vit.pos_embed
    for block in vit.blocks:
        layer = nn.TransformerEncoderLayer(
            32, 2, 128, 0, 'gelu', 1e-6, batch_first=True, norm_first=True
        )
        layer.norm1, layer.norm2 = block.norm1, block.norm2
        layer.linear1, layer.linear2 = block.mlp.fc1, block.mlp.fc2
        layer.self_attn.in_proj_weight = block.attn.qkv.weight
        layer.self_attn.in_proj_bias = block.attn.qkv.bias
        layer.self_attn.out_proj.load_state_dict(block.attn.proj.state_dict())
        x = layer.eval()(x)
    want = vit.fc_norm(x[:, 1:].mean(1))
    torch.testing.assert_close(vit(picture), want, atol=1e-3, rtol=1e-3)


def test_gradients_reach_the_motion_only(model):
    pose = motion().requires_grad_()
    out = model(pose)
    assert out.shape == (2, 16)
    out.square().sum().backward()
    grad = pose.grad.abs().sum((0, 1, 3, 4))
    ends = [10, 11, 15, 20, 21, 22, 23]  # they turn no bone of the 22
    assert (grad[ends] == 0).all()
    assert (grad.index_fill(0, torch.tensor(ends), 1) > 0).all()
    assert all(p.grad is None for p in model.parameters())
    assert not model.train().training


def test_names_and_shapes_of_the_official_network(statistics):
    register_all_modules()
    model = MotionPatches(None, statistics, BODY)
    shapes = {k: tuple(v.shape) for k, v in model.state_dict().items()}
    first = 'motion_encoder.model'
    assert shapes[f'{first}.pos_embed'] == (1, 71, 768)
    assert shapes[f'{first}.cls_token'] == (1, 1, 768)
    assert shapes[f'{first}.blocks.11.attn.qkv.weight'] == (2304, 768)
    assert shapes[f'{first}.fc_norm.weight'] == (768,)
    assert shapes['motion_projection.projection.weight'] == (256, 768)
    assert shapes['motion_projection.layer_norm.bias'] == (256,)


def official(model, text: dict | None = None) -> dict:
    words = {'text_encoder.text_model.embeddings.x': torch.ones(2)}
    head = ProjectionHead(8, 16).state_dict()
    words |= {f'text_projection.{k}': v for k, v in head.items()}
    state = model.state_dict() | (text or words)
    return state | {'logit_scale': torch.ones([])}


def test_checkpoint_is_read_strictly(model, statistics):
    path = statistics / 'best_model.pt'
    torch.save(official(model), path)
    pose = motion()
    got = MotionPatches(path, statistics, BODY, **SMALL)(pose)
    assert torch.equal(got, model(pose))
    state = official(model)
    state['motion_encoder.model.norm.weight'] = torch.ones(32)
    torch.save(state, path)
    with pytest.raises(InputError, match=r'model\.norm\.weight'):
        MotionPatches(path, statistics, BODY, **SMALL)


def test_statistics_are_needed(statistics):
    (statistics / 'Std_raw.npy').unlink()
    with pytest.raises(InputError, match='cal_mean_var'):
        MotionPatches(None, statistics, BODY, **SMALL)
    np.save(statistics / 'Std_raw.npy', np.zeros((22, 3)))
    with pytest.raises(InputError, match='holds a 0'):
        MotionPatches(None, statistics, BODY, **SMALL)


@pytest.mark.skipif(
    not find_spec('transformers'), reason='transformers is not installed'
)
def test_text_side(model, statistics):
    ensure_torchvision()
    import transformers

    words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'walk', 'run']
    (statistics / 'vocab.txt').write_text('\n'.join(words))
    config = transformers.DistilBertConfig(
        vocab_size=7, dim=64, n_layers=1, n_heads=1, hidden_dim=32
    )
    torch.manual_seed(0)
    bert = transformers.DistilBertModel(config).eval()
    head = ProjectionHead(64, 16).eval()
    text = {
        f'text_encoder.text_model.{k}': v for k, v in bert.state_dict().items()
    }
    text |= {f'text_projection.{k}': v for k, v in head.state_dict().items()}
    path = statistics / 'best_model.pt'
    torch.save(official(model, text), path)
    encoder = MotionPatchesText(path, statistics)
    got = encoder.encode(['walk', 'walk run'])
    ids = torch.tensor([[2, 5, 3, 0], [2, 5, 6, 3]])
    with torch.no_grad():
        out = bert(input_ids=ids, attention_mask=(ids > 0).long())
        want = head(out.last_hidden_state[:, 0])
    want = nn.functional.normalize(want, dim=-1)
    torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-4)
