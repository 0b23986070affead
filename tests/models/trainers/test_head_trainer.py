"""A head trained on features equals one trained on the images."""

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config

from semtta_mm.apis.extract_features import extract_features
from semtta_mm.models.trainers import HeadTrainer, HMRTrainer
from semtta_mm.registry import DATASETS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.synthetic.crop_shards import ShardJob, make_shard
from semtta_mm.synthetic.poses import PoseSampler
from semtta_mm.training_data import (
    CropDataset,
    CropFeatureDataset,
    MotionClip,
)
from semtta_mm.utils import InputError

CONFIG = (
    Path(__file__).parents[3] / 'configs/_base_/estimators/hmr_mobilenetv2.py'
)


@pytest.fixture(scope='module')
def made(tmp_path_factory):
    """Crops, the trainer that extracted their features, its checkpoint."""
    register_all_modules()
    folder = tmp_path_factory.mktemp('crops')
    clip = MotionClip('a', 'x', 'cmu', 30, np.tile(np.eye(3), (1, 24, 1, 1)))
    make_shard(ShardJob(folder / 'train', 0, 3, 0, 128), PoseSampler([clip]))
    torch.manual_seed(0)
    estimator = Config.fromfile(CONFIG).estimator
    trainer = HMRTrainer(estimator, dict(type='SMPLBody'))
    checkpoint = folder / 'epoch_1.pth'
    torch.save({'state_dict': trainer.state_dict()}, checkpoint)
    crops = CropDataset(folder / 'train')
    extract_features(trainer, crops, folder / 'features')
    return folder, trainer, crops, checkpoint


def head_trainer(checkpoint, **options):
    return HeadTrainer(
        Config.fromfile(CONFIG).estimator,
        weights=str(checkpoint),
        body=dict(type='SMPLBody'),
        **options,
    )


def test_predictions_are_the_same(made):
    folder, trainer, crops, checkpoint = made
    rows = CropFeatureDataset(folder / 'features')
    assert len(rows) == len(crops) == 3
    head = head_trainer(checkpoint).eval()
    with torch.no_grad():
        from_image = trainer.eval()(crops[1]['image'][None])
        from_features = head(rows[1]['features'][None])
    # Half precision on the way.
    assert torch.allclose(
        from_features.params.pose, from_image.params.pose, atol=2e-3
    )
    assert torch.equal(rows[1]['pose'], crops[1]['pose'])


def test_only_the_last_layers_learn(made):
    folder, _, _, checkpoint = made
    head = head_trainer(checkpoint).train()
    rows = CropFeatureDataset(folder / 'features')
    batch = torch.utils.data.default_collate([rows[0], rows[1]])
    features = batch.pop('features')
    losses = head(features, mode='loss', **batch)
    assert 'loss_heatmaps' not in losses
    sum(losses.values()).backward()
    learning = {
        name.split('.')[1] + '.' + name.split('.')[2]
        for name, p in head.named_parameters()
        if p.grad is not None and p.grad.abs().max() > 0
    }
    assert learning >= {'neck.mix', 'head.fc1', 'head.decpose'}
    assert all(name.startswith(('neck.mix', 'head.')) for name in learning)


def test_a_runner_does_not_initialise_the_backbone(made):
    """A Runner calls init_weights() before training."""
    _, trainer, _, checkpoint = made
    head = head_trainer(checkpoint)
    head.init_weights()
    given = trainer.estimator.state_dict()
    for name, value in head.estimator.state_dict().items():
        assert torch.equal(value, given[name]), name


def test_a_fresh_head_forgets_the_checkpoints(made):
    _, trainer, _, checkpoint = made
    given = trainer.estimator.state_dict()
    fresh = head_trainer(checkpoint, fresh_head=True).estimator.state_dict()
    for part in ('neck.mix', 'head.fc1', 'head.decpose'):
        name = next(n for n in given if n.startswith(f'{part}.'))
        assert not torch.equal(fresh[name], given[name]), name
    for name, value in fresh.items():
        if not name.startswith(('neck.mix', 'head.')):
            assert torch.equal(value, given[name]), name


def test_an_incomplete_data_set_is_refused(made, tmp_path):
    with pytest.raises(InputError, match='extract-features'):
        CropFeatureDataset(tmp_path)


def test_the_former_name_of_the_data_set(made):
    folder = made[0] / 'features'
    config = dict(type='semtta_mm.DescriptionDataset', folder=folder)
    with pytest.warns(FutureWarning, match='write CropFeatureDataset'):
        former = DATASETS.build(config)
    assert isinstance(former, CropFeatureDataset)
