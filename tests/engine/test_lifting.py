"""Lifting a track: windows, axes, labels, and the targets that it makes."""

import math
from dataclasses import replace
from types import SimpleNamespace

import pytest
import roma
import torch

from semtta_mm.engine.hooks import (
    LiftedResultHook,
    LifterHook,
    RefinedResultHook,
)
from semtta_mm.geometry import project_points, rotation_angle
from semtta_mm.geometry.pelvis_ray import pelvis_ray_rotation
from semtta_mm.models.adaptors import FrameLabels, Session
from semtta_mm.models.adaptors.denoise import SmoothTargets
from semtta_mm.models.adaptors.lifted_residual import network_residual
from semtta_mm.models.adaptors.lifting import (
    lift_track,
    track_evidence,
    window_index,
)
from semtta_mm.models.adaptors.network_errors import network_errors, observed
from semtta_mm.models.adaptors.posed_prediction import posed_prediction
from semtta_mm.models.adaptors.precision import KINDS, combine_rotations
from semtta_mm.models.estimators import predict_track
from semtta_mm.models.lifters import LiftedWindows, TextLifter
from semtta_mm.models.losses import LiftedPoseLoss
from semtta_mm.setup_env import register_all_modules
from semtta_mm.structures.pose_bank import PoseBank
from semtta_mm.utils import InputError

SMALL = dict(frames=12, patch=4, width=16, layers=1, heads=2, feedforward=32)
ERRORS = dict(
    observed=dict.fromkeys(KINDS, 5.0) | {'root': 10.0},
    hidden=dict.fromkeys(KINDS, 20.0) | {'root': 10.0},
    seconds=0.5,
)
LEFT_ANKLE, KNEE, RIGHT_KNEE = 15, 4, 5  # of coco_17; of SMPL


@pytest.fixture
def session(dataset, oracle, body):
    frames = dataset[0]
    session = Session.begin(frames, FrameLabels(torch.full((9,), 5)), 2.0)
    session.prediction = predict_track(oracle, body, frames, ('smpl_24',))
    return session


class Copier(TextLifter):
    """Returns the estimate, with an error of 0.1 and betas of ones."""

    def forward(self, evidence, text, has_text=None):
        self.seen = evidence, text, has_text
        log_error = torch.full(evidence.estimate.shape[:3], 0.1).log()
        betas = torch.ones(len(evidence), 10)
        return LiftedWindows(evidence.estimate, log_error, betas)


def test_windows_cover_a_run():
    index, valid = window_index(25, 12, 10)
    assert index[:, 0].tolist() == [0, 10, 13] and valid.all()
    assert set(index.flatten().tolist()) == set(range(25))
    index, valid = window_index(5, 12)
    assert index.tolist() == [[0, 1, 2, 3, 4] + [4] * 7]
    assert valid.sum() == 5


def test_the_mean_of_equal_windows_is_the_motion(session, truth):
    lifted = lift_track(Copier(8, **SMALL).eval(), None, session)
    # 25 fps, 30 fps and back: a fast motion is smoothed a little.
    assert rotation_angle(lifted.pose, truth.pose).mean() < 0.01
    assert torch.allclose(lifted.error, torch.tensor(0.1))
    assert torch.allclose(lifted.betas, torch.ones(9, 10))


def test_a_true_camera_turns_the_root_into_the_ray_and_back(session, truth):
    net = Copier(8, **SMALL).eval()
    camera = torch.tensor([[50.0, 0, 200], [0, 50, 10], [0, 0, 1]])
    session.frames.intrinsics = camera.expand(9, 3, 3)
    session.true_camera = True
    lifted = lift_track(net, None, session)
    assert rotation_angle(lifted.pose, truth.pose).mean() < 0.01
    box = torch.as_tensor(session.frames.track.boxes[0])
    ray = ((box[:2] + box[2:]) / 2 - torch.tensor([200.0, 10])) / 50
    turn = pelvis_ray_rotation(torch.cat((ray, torch.ones(1)))[None].numpy())
    want = torch.from_numpy(turn[0]).float() @ truth.pose[0, 0]
    found = net.seen[0].estimate[0, 0, 0]
    assert rotation_angle(found, want) < 2e-3
    assert net.seen[0].camera_known.all()


def test_evidence_without_estimate_and_camera(session):
    evidence = track_evidence(session, use_estimate=False)
    assert not evidence.estimate_known.any()
    assert evidence.keypoints.shape == (1, 9, 23, 2)
    toes = evidence.scores[0, :, 17:]
    assert (toes == 0).all()  # coco_17 has none
    assert (evidence.scores[0, :, :17] > 0).any()


def test_a_window_has_its_most_frequent_label(session):
    net = Copier(8, **SMALL).eval()
    texts = torch.randn(40, 8)
    session.labels = FrameLabels(torch.tensor([3] * 3 + [7] * 6))
    lift_track(net, texts, session)
    assert torch.equal(net.seen[1][0], texts[7]) and net.seen[2].all()
    session.labels = FrameLabels(torch.full((9,), -1))
    lift_track(net, texts, session)
    assert not net.seen[2].any()
    session.labels = FrameLabels(torch.full((9,), 3))
    lift_track(net, None, session)
    assert not net.seen[2].any()


def hook_of(session, body, monkeypatch, net=None, **options):
    register_all_modules()
    hook = LifterHook(
        dict(type='TextLifter', text_dim=8, **SMALL),
        before=ERRORS,
        after=ERRORS,
        **options,
    )
    if net is not None:
        hook.lifter = net
    adaptor = SimpleNamespace(
        session=session,
        body=body,
        dictionary=None,
        device=torch.device('cpu'),
    )
    where = 'semtta_mm.engine.hooks.lifter_hook.'
    monkeypatch.setattr(where + 'require', lambda *_: adaptor)
    monkeypatch.setattr(where + 'adaptor_of', lambda _: adaptor)
    return hook


class Turned(Copier):
    """Returns the estimate, every rotation 10 degrees off."""

    def forward(self, evidence, text, has_text=None):
        out = super().forward(evidence, text, has_text)
        angle = torch.tensor([10.0, 0, 0]).deg2rad()
        turn = roma.rotvec_to_rotmat(angle)
        return replace(out, pose=out.pose @ turn)


def test_targets_are_mixed_by_precision(session, body, truth, monkeypatch):
    scores = session.frames.scores.clone()
    scores[:, LEFT_ANKLE] = 0
    session.bank = PoseBank.from_detections(session.frames.keypoints, scores)
    net = Turned(8, **SMALL).eval()
    hook = hook_of(session, body, monkeypatch, net, scale=torch.pi / 18)
    hook.before_train(None)  # predicted error: 0.1 rad * scale = 1 degree
    assert session.lifted.error.rad2deg().max().item() == pytest.approx(1.0)
    angle = rotation_angle(session.targets.pose, truth.pose).rad2deg()
    assert session.targets.valid.all()
    for joint, error in ((0, 10), (KNEE, 20), (RIGHT_KNEE, 5)):
        share = 1 / (1 + error**-2)
        assert session.lifted.share[4, joint].item() == pytest.approx(share)
        assert angle[4, joint].item() == pytest.approx(10 * share, abs=0.05)


class Blind(Turned):
    """Without the estimate, returns a root of its own; errors of 3 degrees."""

    def forward(self, evidence, text, has_text=None):
        out = super().forward(evidence, text, has_text)
        pose = out.pose.clone()
        if not evidence.estimate_known.any():
            pose[..., 0, :, :] = self.root
        log_error = torch.full_like(out.log_error, torch.pi / 60).log()
        return replace(out, pose=pose, log_error=log_error)


@pytest.mark.parametrize(('off', 'used'), [(6.0, True), (40.0, False)])
def test_a_good_network_is_shown_to_the_lifter(
    session, body, truth, monkeypatch, off, used
):
    """The root's distance to that of a blind lift decides."""
    net = Blind(8, **SMALL).eval()
    turn = roma.rotvec_to_rotmat(torch.tensor([off, 0, 0]).deg2rad())
    own = session.prediction.params.pose[:, 0]
    net.root = own[:1] @ turn  # of a slow motion
    hook = hook_of(session, body, monkeypatch, net, max_root_error=25.0)
    hook.before_train(None)
    assert bool(net.seen[0].estimate_known.all()) == used
    angles = rotation_angle(own, net.root).rad2deg()
    found = session.lifted.root_error
    squared = angles.square().mean().item() - 3**2
    assert math.degrees(found) == pytest.approx(squared**0.5, rel=0.02)
    # The usual error is 10 degrees.
    usual = hook.before.of(observed(session), 25.0)
    ratio = network_errors(hook.before, session) / usual
    assert torch.equal(ratio[:, 1:], torch.ones(9, 23))
    assert ratio[0, 0].item() == pytest.approx(
        min(1, math.degrees(found) / 10)
    )


def test_a_network_that_misses_the_keypoints_is_not_shown(
    session, body, monkeypatch
):
    net = Blind(8, **SMALL).eval()
    net.root = session.prediction.params.pose[:1, 0]
    options = dict(max_root_error=25.0, max_residual=0.04)
    hook = hook_of(session, body, monkeypatch, net, **options)
    hook.before_train(None)
    assert network_residual(session) < 0.01
    assert net.seen[0].estimate_known.all()
    boxes = torch.from_numpy(session.frames.track.boxes)
    side = (boxes[:, 2:] - boxes[:, :2]).amax(dim=-1)
    shift = torch.stack((0.05 * side, 0 * side), dim=-1)
    session.prediction = replace(
        session.prediction,
        joints2d=session.prediction.joints2d + shift[:, None],
    )
    assert network_residual(session) == pytest.approx(0.05, abs=0.005)
    hook.before_train(None)
    assert not net.seen[0].estimate_known.any()
    session.frames.scores = torch.zeros_like(session.frames.scores)
    assert network_residual(session) == float('inf')


def test_later_epochs_mix_with_the_denoisers_targets(
    session, body, monkeypatch
):
    hook = hook_of(session, body, monkeypatch, Copier(8, **SMALL).eval())
    hook.before_train(None)
    lifted = session.lifted.pose
    turn = torch.eye(3).roll(1, 0)
    pose = turn.expand(9, 24, 3, 3)
    valid = torch.arange(9) < 6
    session.targets = SmoothTargets(pose, 2 * torch.ones(9, 10), valid)
    hook.after_train_epoch(None)
    own = session.refreshed.params.betas.mean(0)
    assert torch.equal(session.targets.betas[0], 2 * torch.ones(10))
    assert torch.allclose(session.targets.betas[8], own)
    # Without a denoiser's target the network's own motion takes part.
    assert rotation_angle(session.targets.pose[7], lifted[7]).max() < 0.05
    assert rotation_angle(session.targets.pose[2], lifted[2]).min() > 0.1


def test_the_loss_pulls_towards_the_lifted_motion(session, body, monkeypatch):
    hook_of(
        session, body, monkeypatch, Turned(8, **SMALL).eval()
    ).before_train(None)
    pose = session.refreshed.params.pose.clone().requires_grad_()
    step = SimpleNamespace(
        prediction=SimpleNamespace(params=SimpleNamespace(pose=pose)),
        session=session,
        batch=SimpleNamespace(frame=torch.arange(9), spread=lambda x: x),
    )
    loss = LiftedPoseLoss()(step)
    assert loss.item() > 0
    loss.backward()
    moved = (pose - 0.01 * pose.grad.sign()).detach()
    near, far = (
        (x - session.lifted.pose).abs().mean() for x in (moved, pose.detach())
    )
    assert near < far
    session.lifted = None
    assert LiftedPoseLoss()(step).item() == 0


def test_the_loss_leaves_what_the_network_knows_better(
    session, body, monkeypatch
):
    net = Turned(8, **SMALL).eval()
    hook_of(session, body, monkeypatch, net, scale=torch.pi).before_train(None)
    # The lifter expects 18 degrees; the network 5, and 20 where hidden.
    assert (session.lifted.share < 0.5).any()
    pose = session.refreshed.params.pose.clone().requires_grad_()
    step = SimpleNamespace(
        session=session,
        prediction=SimpleNamespace(params=SimpleNamespace(pose=pose)),
        batch=SimpleNamespace(frame=torch.arange(9), spread=lambda x: x),
    )
    LiftedPoseLoss()(step).backward()
    moved = pose.grad.abs().sum(dim=(-1, -2)) > 0
    assert torch.equal(moved, session.lifted.share > 0.5)


def test_the_lifted_motion_as_result(session, body, monkeypatch):
    hook_of(
        session, body, monkeypatch, Turned(8, **SMALL).eval()
    ).before_train(None)
    adaptor = SimpleNamespace(session=session, body=body)
    monkeypatch.setattr(
        'semtta_mm.engine.hooks.lifted_result_hook.adaptor_of',
        lambda _: adaptor,
    )
    before = session.refreshed
    LiftedResultHook().after_train_epoch(None)
    after = session.refreshed
    assert torch.equal(after.params.pose, session.lifted.pose)
    # The translation is fitted: nearer to the keypoints than the old one.
    error = (after.joints2d - session.frames.keypoints).norm(dim=-1)
    kept = after.joints[session.frames.convention]
    moved = after.params.transl - before.params.transl
    old = project_points(kept - moved[:, None], after.intrinsics)
    seen = session.frames.scores > 0
    before_fit = (old - session.frames.keypoints).norm(dim=-1)
    assert error[seen].square().mean() < before_fit[seen].square().mean()


def test_the_same_pose_keeps_its_translation(session, body):
    """Without a video there is no other camera than the network's."""
    session.frames.track = replace(session.frames.track, video=None)
    before = session.refreshed
    after = posed_prediction(
        session, body, before.params.pose, before.params.betas
    )
    exact = session.frames.keypoints - before.joints2d
    assert exact[session.frames.scores > 0].abs().max() < 0.1
    depth = after.params.transl[:, 2] / before.params.transl[:, 2]
    assert (depth - 1).abs().max() < 0.02
    assert (after.joints2d - before.joints2d).abs().max() < 0.2


def test_an_unknown_camera_is_guessed_for_the_result(session, body):
    """The body is as large in the image, with a nearer camera."""
    before = session.refreshed
    after = posed_prediction(
        session, body, before.params.pose, before.params.betas
    )
    focal = torch.tensor(session.frames.image_size).double().norm().float()
    assert after.intrinsics[:, 0, 0].allclose(focal.expand(9))
    depth = after.params.transl[:, 2] / after.intrinsics[:, 0, 0]
    crop = before.params.transl[:, 2] / before.intrinsics[:, 0, 0]
    assert (depth / crop - 1).abs().max() < 0.1


def test_the_refined_result_of_the_last_epoch(
    session, body, truth, monkeypatch
):
    net = Turned(8, **SMALL).eval()
    hook_of(session, body, monkeypatch, net).before_train(None)
    adaptor = SimpleNamespace(session=session, body=body)
    monkeypatch.setattr(
        'semtta_mm.engine.hooks.refined_result_hook.adaptor_of',
        lambda _: adaptor,
    )
    hook = RefinedResultHook(ERRORS, dict(iterations=40))
    before = session.refreshed
    hook.after_train_epoch(SimpleNamespace(epoch=0, max_epochs=2))
    assert session.prediction is before
    hook.after_train_epoch(SimpleNamespace(epoch=1, max_epochs=2))
    found = session.refreshed
    # The network is exact here, the lifted motion is off by 10 degrees.
    mixed = combine_rotations(
        (before.params.pose, session.lifted.pose),
        (hook.errors.of(observed(session), 25.0), session.lifted.error),
    )[0]
    seen = session.frames.scores > 0
    error = (found.joints2d - session.frames.keypoints).norm(dim=-1)[seen]
    posed = posed_prediction(session, body, mixed, before.params.betas)
    unrefined = (posed.joints2d - session.frames.keypoints).norm(dim=-1)[seen]
    assert error.square().mean() < 0.5 * unrefined.square().mean()
    after, was = (
        rotation_angle(pose, truth.pose)[:, :16].mean()
        for pose in (found.params.pose, mixed)
    )
    assert after < was


def test_refining_moves_the_lifted_motion(session, body, monkeypatch):
    net = Turned(8, **SMALL).eval()
    hook_of(session, body, monkeypatch, net).before_train(None)
    plain = session.lifted
    hook = hook_of(session, body, monkeypatch, net, refine=dict(iterations=30))
    hook.before_train(None)
    moved = session.lifted
    assert not torch.equal(moved.pose, plain.pose)
    assert torch.equal(moved.residual, plain.residual)


def test_errors_grow_where_the_motion_does_not_fit(session, body, monkeypatch):
    net = Turned(8, **SMALL).eval()
    hook_of(session, body, monkeypatch, net).before_train(None)
    plain = session.lifted
    hook_of(
        session, body, monkeypatch, net, typical_residual=0.1
    ).before_train(None)
    factor = (plain.residual / 0.1).clamp(min=1)[:, None]
    assert factor.max() > 1
    assert torch.allclose(session.lifted.error, factor * plain.error)


def test_errors_in_gaps_have_a_factor_of_their_own(session, body, monkeypatch):
    scores = session.frames.scores.clone()
    scores[4, :] = 0  # one frame sees nothing
    session.bank = PoseBank.from_detections(session.frames.keypoints, scores)
    net = Turned(8, **SMALL).eval()
    factors = dict(root=3.0, local=2.0)
    hook_of(session, body, monkeypatch, net, gap_scale=factors).before_train(
        None
    )
    error = session.lifted.error
    assert error[4, 0] == pytest.approx(0.3, rel=1e-4)
    assert error[4, KNEE] == pytest.approx(0.2, rel=1e-4)
    assert error[3, KNEE] == pytest.approx(0.1, rel=1e-4)


def test_texts_of_another_space_are_refused(session, body, monkeypatch):
    hook = hook_of(session, body, monkeypatch)
    words = SimpleNamespace(embedding=torch.zeros(2, 384))
    adaptor = SimpleNamespace(
        session=session, dictionary=words, device=torch.device('cpu')
    )
    monkeypatch.setattr(
        'semtta_mm.engine.hooks.lifter_hook.require', lambda *_: adaptor
    )
    with pytest.raises(InputError, match='dimension 8, the dictionary has'):
        hook.before_train(None)
    with pytest.raises(ValueError, match='scale: expected above 0'):
        hook_of(session, body, monkeypatch, scale=0.0)
    with pytest.raises(ValueError, match='root: expected above 0'):
        hook_of(session, body, monkeypatch, gap_scale=dict(root=0.0))
