"""Gross errors of a detector are left out before the first epoch."""

import logging
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from semtta_mm.engine.hooks import EvidenceCheckHook, evidence_check_hook
from semtta_mm.models.adaptors import FrameLabels, Session
from semtta_mm.models.adaptors.lifting import track_evidence
from semtta_mm.models.adaptors.rays import track_rays
from semtta_mm.models.estimators import predict_track
from semtta_mm.structures.pose_bank import Source

WRIST, FRAME = 9, 4  # of coco_17


@pytest.fixture
def session(dataset, oracle, body):
    frames = dataset[0]
    session = Session.begin(frames, FrameLabels(torch.full((9,), 5)), 2.0)
    session.prediction = predict_track(oracle, body, frames, ('smpl_24',))
    return session


@pytest.fixture
def check(session, monkeypatch, caplog):
    """Runs the hook; the argument moves all of the network's keypoints."""
    logger = logging.getLogger('check')
    caplog.set_level(logging.INFO, 'check')
    adaptor = SimpleNamespace(session=session)
    monkeypatch.setattr(evidence_check_hook, 'require', lambda *_: adaptor)

    def run(hook=None, off=0.0):
        shift = torch.tensor([off, 0.0]) * side(session)[:, None, None]
        joints = session.prediction.joints2d
        session.prediction = replace(
            session.prediction, joints2d=joints + shift
        )
        hook = hook or EvidenceCheckHook()
        hook.before_train(SimpleNamespace(logger=logger))
        return session.rejected

    return run


def side(session):
    boxes = torch.from_numpy(np.asarray(session.frames.track.boxes))
    return (boxes[:, 2:] - boxes[:, :2]).amax(dim=-1)


def move_wrist(session, share):
    points = session.frames.keypoints.clone()
    points[FRAME, WRIST, 1] += share * side(session)[FRAME]
    session.frames.keypoints = points


def test_exact_keypoints_stay(session, check, caplog):
    bank = session.bank
    assert not check().any()
    assert session.bank is bank
    assert torch.equal(session.scores, session.frames.scores)
    assert not caplog.records


def test_a_gross_error_is_missing_for_all_that_adapts(session, check, caplog):
    move_wrist(session, 0.3)
    scores = session.frames.scores.clone()
    rejected = check()
    assert rejected.nonzero().tolist() == [[FRAME, WRIST]]
    assert session.bank.source[FRAME, WRIST] == int(Source.MISSING)
    assert session.bank.weight[FRAME, WRIST] == 0
    assert track_rays(session).scores[FRAME, WRIST] == 0
    evidence = track_evidence(session, use_estimate=False)
    assert evidence.scores[0, FRAME].count_nonzero() == (
        scores[FRAME].count_nonzero() - 1
    )
    # Metrics compare with what was detected.
    assert torch.equal(session.frames.scores, scores)
    assert '1 of' in caplog.text


def test_a_small_error_stays(session, check):
    move_wrist(session, 0.15)
    assert not check().any()
    assert check(EvidenceCheckHook(least=0.1)).sum() == 1


def test_a_network_that_is_off_everywhere_judges_nothing(session, check):
    """Its median distance is 10 % of the box: the limit is 40 %."""
    move_wrist(session, 0.3)
    assert not check(off=0.1).any()
    move_wrist(session, 0.3)  # 0.6 now
    assert check().nonzero().tolist() == [[FRAME, WRIST]]


def test_without_keypoints_nothing_is_checked(session, check):
    session.frames.scores = torch.zeros_like(session.frames.scores)
    assert not check().any()


@pytest.mark.parametrize('name', ['least', 'factor'])
def test_numbers_are_checked(name):
    with pytest.raises(ValueError, match=name):
        EvidenceCheckHook(**{name: 0})
