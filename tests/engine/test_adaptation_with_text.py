"""Alignment, fill-in and labels in the loop, with a small motion encoder."""

import numpy as np
import pytest
import torch

from semtta_mm.datasets.segments import find_segments
from semtta_mm.engine.hooks.pose_bank_hooks import (
    smoothed_points,
    without_fills,
)
from semtta_mm.labeling import LabelSpan, frame_labels, match_spans
from semtta_mm.models.adaptors import SemTTA
from semtta_mm.models.adaptors.denoise import SmoothTargets
from semtta_mm.models.estimators import predict_track
from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.structures.pose_bank import PoseBank, Source
from semtta_mm.utils import InputError

MOTION_TEXT = dict(
    type='MotionCLIP',
    width=16,
    layers=1,
    heads=2,
    feedforward=16,
    text_dim=384,
)


@pytest.fixture
def model(oracle, monkeypatch):
    register_all_modules()
    torch.manual_seed(0)
    build = MODELS.build

    def with_oracle(config, *args, **kwargs):
        if config.get('type') == 'Oracle':
            return oracle
        return build(config, *args, **kwargs)

    monkeypatch.setattr(MODELS, 'build', with_oracle)
    return SemTTA(
        estimator=dict(type='Oracle'),
        body=dict(type='SMPLBody'),
        motion_text=MOTION_TEXT,
        losses=dict(
            keypoints=dict(type='Keypoint2DLoss'),
            align=dict(type='MotionTextAlignLoss'),
            smooth=dict(type='SmoothLoss'),
        ),
    )


@pytest.fixture
def labels(model, dataset):
    spans = match_spans([LabelSpan(0, 99, 'waving')], model.dictionary)
    spans += match_spans([LabelSpan(0, 99, 'wave a hand')], model.dictionary)
    return frame_labels(dataset[0].track, spans, model.dictionary)


def test_labels_by_frame(dataset):
    dictionary = read_dictionary()
    spans = match_spans(
        [LabelSpan(0, 4, 'wave a hand'), LabelSpan(4, 7, 'knit a sock')],
        dictionary,
    )
    found = frame_labels(dataset[0].track, spans, dictionary)
    row = dictionary.index('wave a hand')
    assert found.index.tolist() == [row] * 4 + [-1] * 5
    assert spans[1].dictionary_entry is None


def test_short_tracks_are_aligned_through_the_padding_mask(
    model, dataset, labels
):
    """A track of 9 frames at 25 fps: 50-frame windows, padded."""
    session = model.begin(dataset[0], labels)
    assert session.segments.index.shape == (1, 50)
    losses = model(torch.tensor([0]))
    assert 0 < losses['loss_align'] < 0.4
    assert losses['loss_keypoints'] < 0.01  # the oracle's own evidence
    assert losses['loss_smooth'] == 0  # no target in the first epoch


def test_no_label_no_alignment(model, dataset):
    model.begin(dataset[0], None)
    losses = model(torch.tensor([0]))
    assert losses['loss_align'] == 0
    assert 'similarity' not in losses
    assert model.session_cosines(model.estimator.truth.pose).isnan().all()


def test_similarity_of_the_pass_is_that_of_the_step(model, dataset, labels):
    session = model.begin(dataset[0], labels)
    assert session.similarity is None
    step = model(torch.tensor([0]))['similarity']
    session.cosines = model.session_cosines(model.estimator.truth.pose)
    assert torch.allclose(step, session.similarity.mean(), atol=1e-5)


def test_frozen_parts_stay_outside_the_state(model):
    names = set(model.state_dict())
    assert not [n for n in names if 'motion' in n or 'encoder' in n]
    assert not any(p.requires_grad for p in model.motion_text.parameters())
    model.train()
    assert not model.motion_text.training


def test_one_good_window_of_a_frame_is_enough(model, dataset, labels):
    session = model.begin(dataset[0], labels)
    session.segments = find_segments(np.arange(9), 4)  # starts 0 to 5
    some = torch.tensor([False, True, True, False, False, False])
    assert session.frames_in(some).nonzero()[:, 0].tolist() == [1, 2, 3, 4, 5]
    assert not session.frames_in(some & False).any()


def test_a_session_needs_begin():
    register_all_modules()
    model = SemTTA(
        estimator=dict(type='ConstantEstimator', input_size=64),
        body=dict(type='SMPLBody'),
    )
    with pytest.raises(RuntimeError, match='begin'):
        _ = model.session


def test_smoothed_fills_are_of_the_denoisers_targets(
    model, dataset, labels, body
):
    session = model.begin(dataset[0], labels)
    session.prediction = predict_track(model.estimator, body, session.frames)
    mine = session.prediction.joints2d
    # Without a target the prediction stays.
    assert torch.allclose(smoothed_points(body, session), mine, atol=0.01)
    valid = torch.arange(9) == 3
    still = torch.eye(3).expand(9, 24, 3, 3)
    session.targets = SmoothTargets(still, torch.zeros(9, 10), valid)
    points = smoothed_points(body, session)
    moved = (points - mine).norm(dim=-1).amax(dim=1)
    assert (moved > 5).nonzero()[:, 0].tolist() == [3]


def test_fills_are_removed():
    bank = PoseBank.from_detections(torch.ones(1, 2, 2), torch.eye(2)[:1])
    filled = bank.fill(torch.full((1, 2, 2), 5.0), torch.tensor([True]))
    again = without_fills(filled)
    assert again.count(Source.FILLED) == 0
    assert torch.equal(again.keypoints, bank.keypoints)
    assert torch.equal(again.weight, bank.weight)


@pytest.mark.parametrize(
    ('width', 'message'),
    [(512, r'384-d; motion_text is 512-d'), (384, r"row_25='zeros'")],
)
def test_dictionary_must_fit_the_model(model, width, message):
    """MiniLM's vectors have 384 numbers; the open exemplars no 25th row."""
    with pytest.raises(InputError, match=message):
        SemTTA(
            estimator=dict(type='Oracle'),
            body=dict(type='SMPLBody'),
            motion_text=dict(
                type='MotionCLIP', width=width, layers=1, row_25='exemplar'
            ),
        )
