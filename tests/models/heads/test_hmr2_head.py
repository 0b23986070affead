"""HMR2.0's head: official names, parity with torch's layers."""

import pytest
import torch
from torch import nn

from semtta_mm.models.heads import HMR2Head

DIM = 128


@pytest.fixture
def head() -> HMR2Head:
    torch.manual_seed(0)
    head = HMR2Head(context_dim=DIM, dim=DIM, depth=2, heads=2, hidden=64)
    for value in head.parameters():
        nn.init.normal_(value, std=0.1)
    head.init_body_pose.normal_()
    head.init_betas.normal_()
    head.init_cam.normal_()
    return head.eval()


def copy_attention(theirs: nn.MultiheadAttention, qkv: list, out) -> None:
    theirs.in_proj_weight.data = torch.cat([*qkv])
    theirs.in_proj_bias.data.zero_()
    theirs.out_proj.load_state_dict(out.state_dict())


def reference_layer(layer: nn.ModuleList) -> nn.Module:
    """The same numbers in torch's own decoder layer."""
    theirs = nn.TransformerDecoderLayer(
        DIM, 2, 64, 0, 'gelu', batch_first=True, norm_first=True
    )
    own, cross, mlp = layer
    copy_attention(theirs.self_attn, [own.fn.to_qkv.weight], own.fn.to_out[0])
    copy_attention(
        theirs.multihead_attn,
        [cross.fn.to_q.weight, cross.fn.to_kv.weight],
        cross.fn.to_out[0],
    )
    theirs.linear1.load_state_dict(mlp.fn.net[0].state_dict())
    theirs.linear2.load_state_dict(mlp.fn.net[3].state_dict())
    norms = (theirs.norm1, theirs.norm2, theirs.norm3)
    for norm, part in zip(norms, layer, strict=True):
        norm.load_state_dict(part.norm.state_dict())
    return theirs.eval()


def test_names_and_shapes_of_the_official_head():
    with torch.device('meta'):
        head = HMR2Head()
    shapes = {k: tuple(v.shape) for k, v in head.state_dict().items()}
    layer = 'transformer.transformer.layers.5'
    assert shapes['transformer.to_token_embedding.weight'] == (1024, 1)
    assert shapes['transformer.pos_embedding'] == (1, 1, 1024)
    assert shapes[f'{layer}.0.norm.weight'] == (1024,)
    assert shapes[f'{layer}.0.fn.to_qkv.weight'] == (1536, 1024)
    assert shapes[f'{layer}.1.fn.to_kv.weight'] == (1024, 1280)
    assert shapes[f'{layer}.1.fn.to_q.weight'] == (512, 1024)
    assert shapes[f'{layer}.1.fn.to_out.0.weight'] == (1024, 512)
    assert shapes[f'{layer}.2.fn.net.0.weight'] == (1024, 1024)
    assert shapes[f'{layer}.2.fn.net.3.bias'] == (1024,)
    assert shapes['decpose.weight'] == (144, 1024)
    assert shapes['init_body_pose'] == (1, 144)
    assert shapes['init_betas'] == (1, 10)
    assert not any('to_qkv.bias' in k or 'to_q.bias' in k for k in shapes)


def test_same_numbers_as_torchs_own_layers(head: HMR2Head):
    maps = torch.randn(3, DIM, 4, 2)
    decoder = head.transformer
    with torch.no_grad():
        query = decoder.to_token_embedding.bias + decoder.pos_embedding
        token = query.expand(3, 1, DIM)
        memory = maps.flatten(2).transpose(1, 2)  # row by row
        for layer in decoder.transformer.layers:
            token = reference_layer(layer)(token, memory)
        pose, betas, camera = head(maps)
        raw = head.decpose(token[:, 0]) + head.init_body_pose
        assert torch.allclose(
            betas, head.decshape(token[:, 0]) + head.init_betas, atol=1e-4
        )
        assert torch.allclose(
            camera, head.deccam(token[:, 0]) + head.init_cam, atol=1e-4
        )
    # Layout B: three numbers of the first column, three of the second.
    first, second = raw.view(3, 24, 2, 3).unbind(2)
    first = nn.functional.normalize(first, dim=-1)
    second = second - (first * second).sum(-1, keepdim=True) * first
    second = nn.functional.normalize(second, dim=-1)
    third = torch.linalg.cross(first, second)
    want = torch.stack((first, second, third), dim=-1)
    assert torch.allclose(pose, want, atol=1e-4)


def test_it_starts_at_the_mean_body():
    torch.manual_seed(0)
    head = HMR2Head(context_dim=DIM, dim=DIM, depth=1)
    head.init_betas.fill_(0.5)
    _, betas, _ = head(torch.randn(2, DIM, 2, 2))
    assert (betas - 0.5).abs().max() < 0.2
