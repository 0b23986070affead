"""HMR2.0's vision transformer: official names, parity with torch's layers."""

import pytest
import torch
from torch import nn

from semtta_mm.checkpoints.weights import read_weights
from semtta_mm.models.backbones import HMR2ViT
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

SMALL = dict(image_size=(64, 48), dim=32, depth=3, heads=4)


@pytest.fixture
def vit() -> HMR2ViT:
    torch.manual_seed(0)
    model = HMR2ViT(**SMALL)
    for value in model.parameters():  # no zero bias, no norm of ones
        nn.init.normal_(value, std=0.2)
    return model.eval()


def reference_block(block: nn.Module) -> nn.Module:
    """The same numbers in torch's own layer."""
    layer = nn.TransformerEncoderLayer(
        32,
        4,
        128,
        dropout=0,
        activation='gelu',
        layer_norm_eps=1e-6,
        batch_first=True,
        norm_first=True,
    )
    pairs = (
        (layer.norm1, block.norm1),
        (layer.norm2, block.norm2),
        (layer.self_attn.out_proj, block.attn.proj),
        (layer.linear1, block.mlp.fc1),
        (layer.linear2, block.mlp.fc2),
    )
    for theirs, ours in pairs:
        theirs.load_state_dict(ours.state_dict())
    layer.self_attn.in_proj_weight.data = block.attn.qkv.weight.data
    layer.self_attn.in_proj_bias.data = block.attn.qkv.bias.data
    return layer.eval()


def test_names_and_shapes_of_the_official_network():
    with torch.device('meta'):
        model = HMR2ViT()
    shapes = {k: tuple(v.shape) for k, v in model.state_dict().items()}
    assert shapes['pos_embed'] == (1, 193, 1280)
    assert shapes['patch_embed.proj.weight'] == (1280, 3, 16, 16)
    assert shapes['blocks.31.attn.qkv.weight'] == (3840, 1280)
    assert shapes['blocks.0.attn.qkv.bias'] == (3840,)
    assert shapes['blocks.31.mlp.fc1.weight'] == (5120, 1280)
    assert shapes['last_norm.bias'] == (1280,)
    assert len(shapes) == 1 + 2 + 32 * 12 + 2
    # 32 * (12 D^2 + 13 D) + 768 D + D + 193 D + 2 D, D = 1280
    assert sum(p.numel() for p in model.parameters()) == 630_912_000


def test_same_numbers_as_torchs_own_layers(vit: HMR2ViT):
    images = torch.randn(2, 3, 64, 48)
    with torch.no_grad():
        maps = nn.functional.conv2d(
            images,
            vit.patch_embed.proj.weight,
            vit.patch_embed.proj.bias,
            stride=16,
            padding=2,
        )
        tokens = maps.flatten(2).transpose(1, 2)
        tokens = tokens + vit.pos_embed[:, 1:] + vit.pos_embed[:, :1]
        for block in vit.blocks:
            tokens = reference_block(block)(tokens)
        want = vit.last_norm(tokens).transpose(1, 2).reshape(2, 32, 4, 3)
        assert torch.allclose(vit(images), want, atol=2e-4)


def test_checkpointing_gives_the_same_gradient(vit: HMR2ViT):
    images = torch.randn(1, 3, 64, 48)
    grads = []
    for vit.checkpointed in (False, True):
        vit.zero_grad()
        vit(images).square().mean().backward()
        grads.append(vit.blocks[0].attn.qkv.weight.grad.clone())
    assert torch.allclose(*grads, atol=1e-6)


def test_stochastic_depth_only_if_configured_and_in_training(vit: HMR2ViT):
    images = torch.randn(4, 3, 64, 48)
    with torch.no_grad():
        still = vit(images)
        assert torch.equal(vit.train()(images), still)
        vit.blocks[2].drop_path = 0.5
        torch.manual_seed(1)
        assert not torch.allclose(vit(images), still, atol=1e-3)
        assert torch.equal(vit.eval()(images), still)


def test_stochastic_depth_keeps_the_mean():
    torch.manual_seed(0)
    block = HMR2ViT(**SMALL, drop_path=0.5).blocks[-1].train()
    change = torch.ones(4000, 1, 1)
    out = block._skip(change)
    assert set(out.unique().tolist()) == {0.0, 2.0}
    assert abs(out.mean().item() - 1) < 0.1


def test_another_size_is_an_error(vit: HMR2ViT):
    with pytest.raises(ValueError, match=r'expected \[B, 3, 64, 48\]'):
        vit(torch.zeros(1, 3, 64, 64))


HYBRID = dict(
    SMALL,
    stem=dict(type='mmpose.MobileNetV2', out_indices=(4,)),
    stem_channels=96,
)


def test_a_stem_replaces_the_pixels():
    """Cells of its last map are the patches; later layers are removed."""
    register_all_modules()
    torch.manual_seed(0)
    vit = HMR2ViT(**HYBRID).eval()
    names = set(vit.stem.state_dict())
    assert any(name.startswith('layer5.') for name in names)
    assert not any(name.startswith(('layer6.', 'conv2.')) for name in names)
    images = torch.randn(2, 3, 64, 48)
    with torch.no_grad():
        maps = vit.stem(images)[-1]
        assert maps.shape == (2, 96, 4, 3)
        assert vit(images).shape == (2, 32, 4, 3)
    with pytest.raises(ValueError, match='needs stem_channels'):
        HMR2ViT(**SMALL, stem=HYBRID['stem'])


def test_a_stem_has_the_weights_of_the_open_estimator():
    register_all_modules()
    vit = HMR2ViT(**HYBRID, stem_weights='hmr_mobilenetv2_open')
    given = read_weights('hmr_mobilenetv2_open')
    for name, value in vit.stem.state_dict().items():
        assert torch.equal(value, given[f'backbone.{name}'].to(value)), name
    with pytest.raises(InputError, match='stem_weights: lacks'):
        HMR2ViT(**HYBRID, stem_weights='mdnet_open')
