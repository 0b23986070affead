"""Adapting the head alone, on features that are extracted once."""

import pytest
import torch
from mmengine.config import Config

from semtta_mm.apis.config import find_config
from semtta_mm.checkpoints.weights import load_weights
from semtta_mm.models.adaptors import SemTTA
from semtta_mm.models.estimators import extract_track_features
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules

CONFIG = '_base_/estimators/hmr_{}.py'


@pytest.fixture(
    scope='module', params=['mobilenetv2', 'resnet50', 'hrnet-w32']
)
def config(request):
    register_all_modules()
    path = find_config('semtta_hmr_demo.py').parent
    cfg = Config.fromfile(path / CONFIG.format(request.param))
    estimator = cfg.estimator
    if request.param == 'resnet50':
        estimator.backbone.depth = 18
        estimator.head.feat_dim = 512
        estimator.mean_params = 'standing'
    return estimator.copy()


def test_head_on_features_equals_the_whole_network(config):
    torch.manual_seed(0)
    estimator = MODELS.build(config).eval()
    size = estimator.input_size
    images = torch.randint(0, 256, (2, 3, size, size), dtype=torch.uint8)
    with torch.no_grad():
        whole = estimator(images)
        again = estimator.forward_head(estimator.extract_features(images))
    assert torch.allclose(whole.params.pose, again.params.pose, atol=1e-5)
    assert torch.allclose(whole.params.betas, again.params.betas, atol=1e-5)
    assert torch.allclose(whole.camera, again.camera, atol=1e-5)


def test_only_the_head_learns(config):
    estimator = MODELS.build(config)
    estimator.train_head_only()
    learning = [n for n, p in estimator.named_parameters() if p.requires_grad]
    assert learning
    assert all(n.startswith(('head.', 'neck.mix.')) for n in learning)


def test_an_estimator_without_parts_is_refused():
    register_all_modules()
    with pytest.raises(NotImplementedError, match='ConstantEstimator'):
        SemTTA(
            estimator=dict(type='ConstantEstimator', input_size=64),
            body=dict(type='SMPLBody'),
            adapts='head',
        )
    with pytest.raises(ValueError, match='adapts'):
        SemTTA(
            estimator=dict(type='ConstantEstimator', input_size=64),
            body=dict(type='SMPLBody'),
            adapts='hand',
        )


def test_the_mode_is_left_as_it_was():
    cfg = Config.fromfile(find_config('semtta_hmr_demo.py'))
    register_all_modules()
    estimator = MODELS.build(cfg.model.estimator)
    load_weights(estimator, cfg.model.weights)

    class Frames:
        images = torch.zeros(3, 3, 128, 128, dtype=torch.uint8)

    estimator.train()
    features = extract_track_features(estimator, Frames(), batch_size=2)
    assert estimator.training
    assert not features.requires_grad
    assert torch.allclose(features[0], features[2], atol=1e-5)
