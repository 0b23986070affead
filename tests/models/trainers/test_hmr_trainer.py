import math
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.evaluator import Evaluator
from mmengine.registry import DefaultScope
from mmengine.runner import Runner
from torch.utils.data import default_collate

from semtta_mm.models.trainers.hmr_losses import (
    heatmap_loss,
    joint_loss,
    keypoint_loss,
    pose_loss,
    scale_prior,
)
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.synthetic.crop_shards import ShardJob, make_shard
from semtta_mm.synthetic.poses import PoseSampler
from semtta_mm.training_data import CropDataset, MotionClip

SIZE = 64
CONFIG = Path(__file__).parents[3] / 'configs' / 'train_hmr_synthetic.py'


@pytest.fixture(scope='module')
def batch(tmp_path_factory):
    folder = tmp_path_factory.mktemp('crops')
    clip = MotionClip('a', 'x', 'cmu', 30, np.tile(np.eye(3), (1, 24, 1, 1)))
    make_shard(ShardJob(folder, 0, 6, 0, SIZE), PoseSampler([clip]))
    dataset = CropDataset(folder)
    return default_collate([dataset[i] for i in range(len(dataset))])


def build(**changes):
    register_all_modules()
    torch.manual_seed(0)
    estimator = dict(
        type='HMREstimator',
        backbone=dict(type='mmpose.MobileNetV2', out_indices=(7,)),
        head=dict(type='mmhuman3d.HMRHead', feat_dim=1280),
        mean_params='standing',
        input_size=SIZE,
        dropout=0.0,
    )
    body = dict(type='SMPLBody')
    cfg = dict(type='HMRTrainer', estimator=estimator, body=body)
    return MODELS.build(cfg | changes)


def test_losses_by_hand():
    eye = torch.eye(3).expand(2, 4, 3, 3)
    turned = torch.diag(torch.tensor([1.0, -1, -1])).expand(2, 4, 3, 3)
    assert pose_loss(eye, turned).item() == pytest.approx(8 / 9)
    joints = torch.zeros(2, 3, 3)
    moved = joints + 5.0  # everything, the pelvis too: no error
    moved[:, 2, 0] += 0.3
    assert joint_loss(joints, moved).item() == pytest.approx(0.1)
    camera = torch.tensor([[0.1, 9.0, 9.0], [1.0, 0, 0]])
    assert scale_prior(camera).item() == pytest.approx(0.1**2 / 2)


def test_keypoint_loss_by_hand():
    target = torch.zeros(1, 3, 2)
    prediction = torch.tensor([[[10.0, 0], [0, 1e6], [7, 7]]])
    visible = torch.tensor([[True, True, False]])
    # Half a crop is 50 px: 0.2 and the limit of 2, over two coordinates.
    value = keypoint_loss(prediction, target, visible, 100)
    assert value.item() == pytest.approx((0.2 + 2) / 2 / 2)
    nothing = keypoint_loss(prediction, target, ~visible & False, 100)
    assert nothing.item() == 0


def test_true_parameters_leave_no_loss_but_the_camera(batch):
    """The labels are used as the prediction."""
    trainer = build()
    prediction = trainer(batch['image'])
    object.__setattr__(
        prediction,
        'params',
        type(prediction.params).from_pose(batch['pose'], batch['betas']),
    )
    losses = trainer.loss(prediction, batch)
    for name in ('root', 'pose', 'joints', 'betas'):
        assert losses[f'loss_{name}'].item() == pytest.approx(0, abs=1e-6)
    assert losses['loss_keypoints'] > 0


def test_a_few_steps_lower_every_part(batch):
    trainer = build().train()
    optimizer = torch.optim.Adam(trainer.parameters(), 3e-4)
    history = []
    for _ in range(12):
        losses = trainer(**batch, mode='loss')
        optimizer.zero_grad()
        sum(losses.values()).backward()
        optimizer.step()
        history.append({k: v.item() for k, v in losses.items()})
    for name in ('loss_root', 'loss_joints', 'loss_keypoints'):
        assert history[-1][name] < 0.8 * history[0][name], name
    assert trainer.body.state_dict() == {}


def test_metric_of_a_batch(batch):
    trainer = build().eval()
    with torch.no_grad():
        (sample,) = trainer(**batch, mode='predict')
    with DefaultScope.overwrite_default_scope('semtta_mm'):
        evaluator = Evaluator(
            dict(type='MeshMetric', root='mid_hip', joint_set='limbs_12')
        )
    evaluator.process([sample], batch)
    values = evaluator.evaluate(1)
    assert 20 < values['mesh/pa_mpjpe'] < values['mesh/mpjpe'] < 1500
    assert values['mesh/evaluated'] == 6
    assert 'mesh/accel' not in values


def test_an_ordinary_runner_trains_and_evaluates(tmp_path):
    """Two steps and two batches of validation, by config."""
    register_all_modules()
    clip = MotionClip('a', 'x', 'cmu', 30, np.tile(np.eye(3), (1, 24, 1, 1)))
    make_shard(
        ShardJob(tmp_path / 'crops', 0, 4, 0, SIZE), PoseSampler([clip])
    )
    cfg = Config.fromfile(CONFIG)
    cfg.work_dir = str(tmp_path / 'work_dir')
    cfg.model.estimator.input_size = SIZE
    for loader in (cfg.train_dataloader, cfg.val_dataloader):
        loader.batch_size = 2
        loader.dataset.folder = str(tmp_path / 'crops')
    cfg.train_cfg.max_epochs = 1
    cfg.default_hooks = dict(checkpoint=None)
    runner = Runner.from_cfg(cfg)
    runner.train()
    assert runner.iter == 2
    metrics = runner.val_evaluator.metrics[0].report()
    assert metrics['coverage']['evaluated'] == 4


def test_unknown_weight_is_named():
    with pytest.raises(ValueError, match="unknown \\['bones'\\]"):
        build(weights={'bones': 1.0})


def test_heatmap_loss_by_hand():
    """A keypoint at the centre of a cell, and one between four cells."""
    logits = torch.zeros(1, 2, 4, 4)
    target = torch.tensor([[[12.0, 20.0], [16.0, 16.0]]])  # cells of 8 px
    visible = torch.tensor([[True, True]])
    flat = heatmap_loss(logits, target, visible, 32)
    assert flat.item() == pytest.approx(math.log(16))
    sure = logits.clone()
    sure[0, 0, 2, 1] = 100.0
    sure[0, 1, 1:3, 1:3] = 100.0
    value = heatmap_loss(sure, target, visible, 32)
    assert value.item() == pytest.approx(math.log(4) / 2, abs=1e-4)
    outside = torch.tensor([[[-50.0, 900.0], [1.0, 1.0]]])
    assert heatmap_loss(logits, outside, visible, 32).isfinite()
    assert heatmap_loss(logits, target, ~visible, 32).item() == 0
