"""HMR2Estimator: crop, checkpoints and training."""

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config

from semtta_mm.checkpoints.weights import load_weights
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.models.estimators import HMR2Estimator
from semtta_mm.models.trainers import HMRTrainer
from semtta_mm.models.trainers.hmr_losses import heatmap_loss
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

CONFIGS = Path(__file__).parents[3] / 'configs' / '_base_' / 'estimators'
SMALL = dict(
    type='HMR2Estimator',
    backbone=dict(
        type='HMR2ViT', image_size=(64, 48), dim=32, depth=2, heads=2
    ),
    head=dict(type='HMR2Head', context_dim=32, dim=32, depth=1, hidden=32),
    input_size=64,
)


def small(seed: int = 0, **changes) -> HMR2Estimator:
    register_all_modules()
    torch.manual_seed(seed)
    return MODELS.build(SMALL | changes).eval()


def official(model: HMR2Estimator) -> dict:
    """A Lightning checkpoint of 4D-Humans' training module."""
    state = {
        key.replace('head.', 'smpl_head.', 1)
        if key.startswith('head.')
        else key: value
        for key, value in model.state_dict().items()
    }
    state['discriminator.D_conv1.weight'] = torch.ones(2)
    state['smpl.v_template'] = torch.ones(3)
    state['initialized'] = torch.tensor(True)
    return {
        'state_dict': state,
        'epoch': 35,
        'global_step': 1000000,
        'callbacks': {'ModelCheckpoint': {'best': np.float64(1.0)}},
    }


def test_it_starts_at_the_standing_body():
    model = small()
    out = model(torch.zeros(2, 3, 64, 64, dtype=torch.uint8))
    assert out.params.pose.shape == (2, 24, 3, 3)
    upright = torch.tensor([1.0, -1.0, -1.0]).diag()
    assert (out.params.pose[:, 0] - upright).abs().max() < 0.3
    assert (out.camera[:, 0] - 0.9).abs().max() < 0.2


def test_only_the_middle_columns_are_used():
    model = small()
    images = torch.rand(1, 3, 64, 64)
    outer, inner = images.clone(), images.clone()
    outer[..., :8] = 0
    outer[..., -8:] = 0
    inner[..., 8:16] = 0
    with torch.no_grad():
        betas = [model(x).params.betas for x in (images, outer, inner)]
    assert torch.equal(betas[0], betas[1])
    assert not torch.equal(betas[0], betas[2])


def test_features_and_head_equal_the_whole_network():
    model = small(keypoints=5)
    images = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        whole = model(images)
        parts = model.forward_head(model.extract_features(images))
    assert torch.equal(whole.params.pose, parts.params.pose)
    model.train_head_only()
    names = {n for n, p in model.named_parameters() if p.requires_grad}
    assert names
    assert all(name.startswith('head.') for name in names)


def test_official_checkpoint_is_read(tmp_path):
    source, model = small(1), small(2)
    source.head.init_betas.fill_(0.25)
    torch.save(official(source), tmp_path / 'epoch=35.ckpt')
    load_weights(model, tmp_path / 'epoch=35.ckpt')
    images = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        want, got = source(images), model(images)
    assert torch.equal(want.params.betas, got.params.betas)
    assert torch.equal(want.params.pose, got.params.pose)


def test_unknown_and_missing_entries_are_listed(tmp_path):
    content = official(small())
    content['state_dict']['backbone.cls_token'] = torch.ones(1)
    torch.save(content, tmp_path / 'a.ckpt')
    with pytest.raises(InputError, match=r'backbone\.cls_token'):
        load_weights(small(), tmp_path / 'a.ckpt')
    del content['state_dict']['backbone.cls_token']
    del content['state_dict']['smpl_head.deccam.bias']
    torch.save(content, tmp_path / 'b.ckpt')
    with pytest.raises(InputError, match=r'deccam\.bias'):
        load_weights(small(), tmp_path / 'b.ckpt')


def test_the_size_of_the_paper():
    register_all_modules()
    cfg = Config.fromfile(CONFIGS / 'hmr2_vit-h.py')
    with torch.device('meta'):
        model = MODELS.build(cfg.estimator)
    assert model.backbone.image_size == (256, 192)
    count = sum(p.numel() for p in model.parameters())
    assert count == 630_912_000 + 39_547_037


def test_heatmaps_cover_the_middle_columns():
    """One high value gives its position in the square crop."""
    model = small(keypoints=1)
    logits = torch.full((1, 1, 4, 3), -50.0)
    logits[0, 0, 2, 0] = 50
    assert model._points(logits)[0, 0].tolist() == pytest.approx([16, 40])
    visible = torch.ones(1, 1, dtype=torch.bool)
    at = torch.tensor([[[16.0, 40.0]]])
    assert heatmap_loss(logits, at, visible, 64, model.map_margin) < 1e-4
    outside = torch.tensor([[[3.0, 40.0]]])
    assert heatmap_loss(logits, outside, visible, 64, model.map_margin) == 0


def test_it_learns_one_batch():
    torch.manual_seed(0)
    register_all_modules()
    trainer = HMRTrainer(
        SMALL | dict(keypoints=23), dict(type='SMPLBody', backend='lbs')
    )
    labels = {
        'pose': torch.eye(3).expand(4, 24, 3, 3).clone(),
        'betas': torch.zeros(4, 10),
        'keypoints': torch.full((4, 23, 2), 30.0),
        'visible': torch.ones(4, 23, dtype=torch.bool),
    }
    image = torch.randint(0, 255, (4, 3, 64, 64), dtype=torch.uint8)
    optimizer = torch.optim.Adam(trainer.parameters(), 1e-3)
    totals = []
    for step in range(8):
        losses = trainer(image, mode='loss', **labels)
        total = sum(losses.values())
        optimizer.zero_grad()
        total.backward()
        if step == 0:
            lost = [
                name
                for name, p in trainer.estimator.named_parameters()
                if p.grad is None
            ]
            assert not lost
        optimizer.step()
        totals.append(total.item())
    assert totals[-1] < 0.8 * totals[0]
    assert isinstance(trainer.body, SMPLBody)
