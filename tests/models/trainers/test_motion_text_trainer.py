"""Losses by hand, roots, degraded pairs, and ranking."""

import math

import numpy as np
import pytest
import roma
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from semtta_mm.models.motion_text import degrade as d
from semtta_mm.models.motion_text.dictionary_file import write_dictionary
from semtta_mm.models.motion_text.motionclip import MotionCLIP
from semtta_mm.models.trainers import MotionTextTrainer
from semtta_mm.models.trainers.motion_text_losses import (
    label_loss,
    motion_loss,
    pull_loss,
    rank_loss,
    right_scores,
)
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.training_data import MotionClip

CONFIG = 'configs/train_motion_text.py'
SMALL = dict(
    type='MotionCLIP',
    width=32,
    layers=2,
    heads=2,
    feedforward=32,
    frames=24,
    positions=None,
    dropout=0.0,
)


@pytest.fixture
def dictionary(tmp_path):
    return write_dictionary(
        tmp_path / 'words.npz',
        ['jump', 'run', 'walk'],
        np.eye(32)[:3],
        'axes',
        {
            'exemplar': ['jump', 'run', 'walk'],
            'source': ['a', 'b', 'c'],
            'length': [60, 60, 60],
        },
        0.3 * np.random.default_rng(0).normal(size=(3, 60, 24, 3)),
    )


@pytest.fixture
def trainer(dictionary):
    register_all_modules()
    torch.manual_seed(0)
    return MODELS.build(
        dict(
            type='MotionTextTrainer',
            motion_text=SMALL,
            dictionary=str(dictionary),
        )
    )


def batch(size=12, frames=24):
    """Legs, arms or spine swing, each label in its own rhythm."""
    label = torch.arange(size) % 3
    joints = torch.tensor([[1, 2, 4, 5], [16, 17, 18, 19], [1, 5, 16, 19]])
    time = torch.arange(frames) / frames * 2 * math.pi
    phase = 2 * math.pi * torch.rand(size, 1)
    swing = torch.sin((label[:, None] + 1) * time + phase)
    turn = torch.zeros(size, frames, 24, 3)
    for i in range(size):
        turn[i][:, joints[label[i]], 0] = 0.7 * swing[i, :, None]
    mask = torch.ones(size, frames, dtype=torch.bool)
    return roma.rotvec_to_rotmat(turn), mask, label


def test_losses_by_hand():
    scores = torch.tensor([[0.5, 0.1], [0.2, 0.4], [0.3, 0.0]])
    label = torch.tensor([0, 1, 0])
    assert right_scores(scores, label).tolist() == [
        pytest.approx(v) for v in (0.5, 0.4, 0.3)
    ]
    odds = [math.exp(v) for v in (-0.4, -0.2, -0.3)]
    expected = sum(math.log(1 + v) for v in odds) / 3
    assert label_loss(scores, label, 1.0).item() == pytest.approx(expected)
    assert pull_loss(torch.tensor([1.0, 0.4])).item() == pytest.approx(0.3)
    # Text 0 has motions 0 and 2, text 1 has motion 1.
    first = torch.log_softmax(scores[:, 0], 0)
    second = torch.log_softmax(scores[:, 1], 0)
    shared = -(first[0] + first[2]) / 2
    expected = (2 * shared - second[1]) / 3
    assert motion_loss(scores, label, 1.0).item() == pytest.approx(
        expected.item()
    )


def test_rank_margin_grows_with_the_change():
    better, worse = torch.tensor([0.8, 0.8, 0.8]), torch.tensor([0.7] * 3)
    change = torch.tensor([0.0, 5.0, 30.0])
    loss = rank_loss(better, worse, 0.4, change)
    # Margins 0, 0.2, 0.4 against a lead of 0.1.
    assert loss.item() == pytest.approx((0 + 0.1 + 0.3) / 3)
    assert rank_loss(better, worse - 1, 0.4, change).item() == 0


def test_roots_come_in_three_kinds(trainer):
    pose, _, label = batch(600)
    out = trainer.set_roots(pose, label)
    assert torch.equal(out[:, :, 1:], pose[:, :, 1:])
    same = (out[:, None, :, 0] - trainer.root[:, :24]).abs().amax((2, 3, 4))
    from_row = same < 1e-6  # [B, L]
    kept = (out[:, :, 0] == pose[:, :, 0]).all((1, 2, 3))
    own = from_row[torch.arange(600), label]
    assert (kept ^ from_row.any(1)).all()
    # A third of the "other" draws are the own row by chance.
    assert own.float().mean().item() == pytest.approx(0.5, abs=0.07)
    assert kept.float().mean().item() == pytest.approx(0.3, abs=0.07)


def test_pairs_are_damped_in_order(trainer):
    pose, mask, _ = batch(30)
    damped, frozen = trainer.damped_pair(pose, mask)
    first = d.change(pose, damped, mask, 23)
    second = d.change(pose, frozen, mask, 23)
    touched = second > 1e-3  # still arms cannot be frozen
    assert touched.sum() > 10
    assert (first[touched] < second[touched]).all()
    late, scale = trainer.wrong_in_time(pose, mask)
    assert (d.change(pose, late, mask) > 1).all()
    assert sorted(scale.unique().tolist()) == [pytest.approx(0.6), 1.0]


def test_gradients_stay_in_the_encoder(trainer):
    losses = trainer(*batch(), mode='loss')
    assert set(losses) == {f'loss_{k}' for k in trainer.WEIGHTS}
    sum(losses.values()).backward()
    for name, parameter in trainer.named_parameters():
        assert parameter.grad is not None, name
    names = trainer.state_dict()
    assert all(name.startswith('motion_text.encoder.') for name in names)


def test_an_adversary_raises_the_loss(trainer):
    def total():
        torch.manual_seed(3)
        return sum(trainer(*batch(), mode='loss').values())

    plain = total().item()
    trainer.adversary = trainer.ADVERSARY
    misled = total()
    assert plain < misled.item() < 10 * plain
    misled.backward()
    pose, mask, _ = batch(60)
    damped, _ = trainer.damped_pair(pose, mask)
    size = [(x[mask] - x[mask].mean(0)).square().sum() for x in (pose, damped)]
    assert size[1] > 0.5 * size[0]  # some are exaggerated


def test_learns_labels_and_to_rank_true_above_frozen(trainer):
    """A tiny model, trained for two seconds, tested on other motions."""
    torch.manual_seed(1)
    trainer.train()
    optimizer = torch.optim.AdamW(trainer.parameters(), 3e-3)
    for _ in range(80):
        losses = trainer(*batch(9), mode='loss')
        optimizer.zero_grad()
        sum(losses.values()).backward()
        optimizer.step()
    trainer.eval()
    pose, mask, label = batch(60)
    pose = trainer.set_roots(pose, label)
    body = d.body_part('body')
    with torch.no_grad():
        scores = trainer(pose, mask, label)
        true = right_scores(scores, label)
        chain = [true]
        for factor in (0.5, 0.0):
            damped = d.damp(pose, mask, torch.full((60,), factor), body)
            damped = trainer(damped, mask, label)
            chain.append(right_scores(damped, label))
    assert (scores.argmax(1) == label).float().mean() > 0.9
    assert (chain[0] > chain[2]).float().mean() > 0.9
    assert (chain[1] > chain[2]).float().mean() > 0.8


@pytest.mark.parametrize('field', ['weights', 'margins', 'adversary'])
def test_unknown_options_are_named(dictionary, field):
    register_all_modules()
    cfg = dict(
        type='MotionTextTrainer',
        motion_text=SMALL,
        dictionary=str(dictionary),
        **{field: {'bones': 1.0}},
    )
    with pytest.raises(ValueError, match="unknown \\['bones'\\]"):
        MODELS.build(cfg)


def test_an_ordinary_runner_trains_resumes_and_is_read(tmp_path, dictionary):
    """Two steps with the real config, then one more epoch."""
    register_all_modules()
    rng = np.random.default_rng(0)
    turn = torch.from_numpy(0.2 * rng.normal(size=(80, 24, 3)))
    pose = roma.rotvec_to_rotmat(turn).numpy()
    clips = [
        MotionClip(label, label, 'cmu', 30.0, pose)
        for label in ('jumping', 'walk')
    ]
    write_motion_set(tmp_path / 'train.npz', clips)
    cfg = Config.fromfile(CONFIG)
    cfg.work_dir = str(tmp_path / 'work_dir')
    cfg.model.motion_text = dict(SMALL, frames=60)
    cfg.model.dictionary = str(dictionary)
    cfg.train_dataloader.batch_size = 5
    cfg.train_dataloader.dataset.update(
        path=str(tmp_path / 'train.npz'),
        dictionary=str(dictionary),
        windows=10,
    )
    for epochs in (1, 2):
        cfg.train_cfg.max_epochs = epochs
        cfg.resume = epochs == 2
        cfg.experiment_name = f'{tmp_path.name}-{epochs}'
        runner = Runner.from_cfg(cfg)
        runner.train()
    assert runner.iter == 4
    path = tmp_path / 'work_dir' / 'epoch_2.pth'
    options = {k: v for k, v in SMALL.items() if k != 'type'}
    model = MotionCLIP(**options | {'frames': 60}, weights=path)
    assert model.encoder.muQuery.abs().sum() > 0


def test_fewer_samples_are_ranked(trainer):
    """All samples have a label; only the first have degraded versions."""
    trainer.ranked = 4
    seen = []
    trainer.scores = lambda pose, mask: (
        seen.append(len(pose)) or MotionTextTrainer.scores(trainer, pose, mask)
    )
    pose, mask, label = batch()
    losses = trainer.loss(pose, mask, label)
    assert seen == [12 + 3 * 4]
    assert all(loss.isfinite() for loss in losses.values())
