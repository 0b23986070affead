"""Labels by the motion, in the loop."""

import json

import pytest
import torch
from test_semtta_runner import FreeEstimator, config  # noqa: F401

from semtta_mm.engine import SemTTARunner
from semtta_mm.engine.adaptor import adaptor_of
from semtta_mm.engine.hooks import MotionLabelHook
from semtta_mm.labeling import motion_labeler
from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.models.motion_text.calibration import dictionary_digest
from semtta_mm.models.motion_text.label_readout import (
    LabelReadout,
    encoders_digest,
)
from semtta_mm.models.motion_text.label_readout_file import write_readout
from semtta_mm.registry import MODELS
from semtta_mm.utils import InputError

ENCODER = dict(
    type='MotionCLIP',
    width=16,
    layers=1,
    heads=2,
    feedforward=16,
    text_dim=384,
)
WALK = read_dictionary().index('walk')


@pytest.fixture
def labelled(config, tmp_path, monkeypatch):  # noqa: F811
    """A run without labels, whose readout always says ``walk``."""
    torch.manual_seed(0)
    encoder = MODELS.build(ENCODER)
    weights = tmp_path / 'encoder.pth'
    torch.save({'state_dict': encoder.state_dict()}, weights)
    words = read_dictionary()
    bias = torch.zeros(len(words))
    bias[WALK] = 5.0
    readout = LabelReadout(
        labels=words.labels,
        mean=torch.zeros(384),
        weight=torch.zeros(384, len(words)),
        bias=bias,
        root=torch.eye(3),
        encoder=encoders_digest([encoder]),
        dictionary=dictionary_digest(words),
    )
    path = write_readout(tmp_path / 'readout.npz', readout, 'by a test')
    config.model.motion_text = {**ENCODER, 'weights': str(weights)}
    config.hooks.labels = dict(
        type='MotionLabelHook', source='prediction', readout=str(path)
    )
    config.train_cfg.max_epochs = 1
    config.train_dataloader.min_steps_per_epoch = 1
    monkeypatch.setattr(motion_labeler, '_LEAST', 5)
    return config


def adapted(cfg):
    runner = SemTTARunner.from_cfg(cfg)
    runner.train()
    return runner


def written(tmp_path):
    return json.loads((tmp_path / 'work/someone/labels.json').read_text())


def test_a_track_without_labels_gets_them(labelled, tmp_path):
    runner = adapted(labelled)
    session = adaptor_of(runner).session
    assert (session.labels.index == WALK).all()
    assert session.segments.labelled.all()
    assert session.similarity.isfinite().all()
    sampler = runner.train_dataloader.batch_sampler
    assert sampler.segments is session.segments
    (span,) = written(tmp_path)
    confidence = float(torch.tensor([5.0] + [0.0] * 39).softmax(0)[0])
    assert span == dict(
        start=0,
        end=9,
        text='walk',
        dictionary_entry='walk',
        score=pytest.approx(confidence, abs=1e-3),
        source='motion',
        raw=span['raw'],
    )
    assert span['raw'].startswith('walk 0.79')
    assert runner.train_loop.spans['someone'][0].source == 'motion'


def test_an_uncertain_track_stays_without_text(labelled, tmp_path):
    labelled.hooks.labels.threshold = 0.8
    session = adaptor_of(adapted(labelled)).session
    assert not session.segments.labelled.any()
    (span,) = written(tmp_path)
    assert (span['text'], span['dictionary_entry']) == ('unknown', None)


def test_given_labels_are_kept(labelled, tmp_path):
    labelled.train_cfg.labeler = dict(type='FixedLabeler', text='run')
    adapted(labelled)
    (span,) = written(tmp_path)
    assert (span['text'], span['source']) == ('run', 'fixed')


def test_a_checked_label_that_contradicts_the_motion(labelled, tmp_path):
    """The readout is sure of ``walk``; ``run`` has 0.5 % by the motion."""
    labelled.train_cfg.labeler = dict(type='FixedLabeler', text='run')
    labelled.hooks.labels.checked = ['fixed']
    session = adaptor_of(adapted(labelled)).session
    assert session.segments.labelled.all()
    labelled.hooks.labels.least = 0.01
    session = adaptor_of(adapted(labelled)).session
    assert not session.segments.labelled.any()
    (span,) = written(tmp_path)
    assert (span['text'], span['dictionary_entry']) == ('unknown', None)
    assert span['raw'] == (
        "refused: by its motion 'run' has 0.005, 'walk' 0.79"
    )


def test_wrong_options(labelled):
    readout = labelled.hooks.labels.readout
    with pytest.raises(InputError, match='no lifter'):
        MotionLabelHook(source='lifted', readout=readout)
    with pytest.raises(ValueError, match='source'):
        MotionLabelHook(source='text', readout=readout)
    labelled.model.motion_text = None
    with pytest.raises(InputError, match='needs a motion-text model'):
        adapted(labelled)
