"""Targets of unseen joints, from a network at its start: the rest pose."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from semtta_mm.engine.hooks import InpaintHook
from semtta_mm.geometry import rotation_angle
from semtta_mm.models.adaptors import FrameLabels, Session
from semtta_mm.models.adaptors.denoise import SmoothTargets
from semtta_mm.models.adaptors.inpaint import inpaint_targets
from semtta_mm.models.denoisers import TextInpainter
from semtta_mm.models.estimators import predict_track
from semtta_mm.setup_env import register_all_modules
from semtta_mm.structures.pose_bank import PoseBank
from semtta_mm.utils import InputError

SMALL = dict(width=16, layers=1, heads=2, feedforward=32)
LEFT_KNEE, LEFT_ANKLE = 13, 15  # of coco_17
HIP, KNEE, TOES = 1, 4, (4, 7, 10)


@pytest.fixture
def session(dataset, oracle, body):
    frames = dataset[0]
    labels = FrameLabels(torch.full((9,), 5))
    session = Session.begin(frames, labels, 2.0)
    session.prediction = predict_track(oracle, body, frames, ('smpl_24',))
    return session


def hide(session, *keypoints):
    scores = session.frames.scores.clone()
    scores[:, list(keypoints)] = 0
    session.bank = PoseBank.from_detections(session.frames.keypoints, scores)


def inpainted(session, trust=1.0):
    torch.manual_seed(0)
    net = TextInpainter(8, 12, **SMALL).eval()
    inpaint_targets(net, torch.randn(40, 8), session, trust)
    return session.targets


def test_nothing_hidden_nothing_changes(session):
    before = session.targets
    assert inpainted(session) is before


def test_only_unobserved_rotations_have_another_target(session, truth):
    hide(session, LEFT_ANKLE)
    targets = inpainted(session)
    assert targets.valid.all()
    hidden = torch.zeros(24, dtype=torch.bool)
    hidden[list(TOES)] = True
    eye = torch.eye(3).expand(9, 3, 3, 3)
    assert torch.allclose(targets.pose[:, hidden], eye, atol=1e-4)
    own = truth.pose[:, ~hidden]
    assert torch.allclose(targets.pose[:, ~hidden], own, atol=1e-4)


def test_the_denoisers_targets_stay_where_it_was_seen(session):
    hide(session, LEFT_KNEE)
    turn = torch.eye(3).roll(1, 0)  # a rotation about the diagonal
    pose = turn.expand(9, 24, 3, 3)
    valid = torch.ones(9, dtype=torch.bool)
    session.targets = SmoothTargets(pose, torch.ones(9, 10), valid)
    targets = inpainted(session)
    seen = torch.arange(24) != HIP
    assert torch.equal(targets.pose[:, seen], pose[:, seen])
    assert torch.allclose(
        targets.pose[:, HIP], torch.eye(3).expand(9, 3, 3), atol=1e-4
    )
    assert torch.equal(targets.betas, torch.ones(9, 10))


def test_half_trust_goes_half_the_way(session, truth):
    """A fresh network predicts the rest pose: half the angle is left."""
    hide(session, LEFT_ANKLE)
    half = inpainted(session, trust=0.5).pose[:, KNEE]
    own, eye = truth.pose[:, KNEE], torch.eye(3).expand(9, 3, 3)
    assert rotation_angle(own, eye).min() > 0.01
    torch.testing.assert_close(
        rotation_angle(half, eye),
        rotation_angle(own, half),
        atol=1e-3,
        rtol=0,
    )


@pytest.mark.parametrize('trust', [-0.1, 1.5])
def test_trust_is_a_share(trust):
    with pytest.raises(ValueError, match='trust: expected 0 to 1'):
        InpaintHook(dict(type='TextInpainter', **SMALL), trust=trust)


def test_the_text_matters_and_unknown_is_none(session):
    hide(session, LEFT_KNEE)

    def run(index, texts):
        session.targets = SmoothTargets.none(9)
        session.labels = FrameLabels(torch.full((9,), index))
        torch.manual_seed(0)
        net = TextInpainter(8, 12, **SMALL).eval()
        torch.nn.init.normal_(net.pose_out.weight, std=0.3)
        inpaint_targets(net, texts, session, 1.0)
        return session.targets.pose[:, HIP]

    texts = torch.randn(40, 8)
    assert (run(3, texts) - run(4, texts)).abs().max() > 1e-3
    assert torch.equal(run(-1, texts), run(3, None))


def test_a_stretch_too_short_keeps_its_targets(session):
    hide(session, LEFT_KNEE)
    net = TextInpainter(8, 60, **SMALL).eval()  # 9 frames: under half of 60
    inpaint_targets(net, None, session)
    assert not session.targets.valid.any()
    assert np.shape(session.targets.pose) == (9, 24, 3, 3)


def test_texts_of_another_space_are_refused(monkeypatch):
    register_all_modules()
    hook = InpaintHook(dict(type='TextInpainter', text_dim=8, **SMALL))
    words = SimpleNamespace(embedding=torch.zeros(2, 384))
    monkeypatch.setattr(
        'semtta_mm.engine.hooks.inpaint_hook.require',
        lambda runner, hook, part: SimpleNamespace(dictionary=words),
    )
    with pytest.raises(InputError, match='dimension 8, the dictionary has'):
        hook.before_train(SimpleNamespace())
