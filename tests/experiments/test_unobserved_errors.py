"""Causes of the errors of unobserved joints, on bodies of known errors."""

from dataclasses import replace

import numpy as np
import pytest
import roma
import torch

from semtta_mm.conventions import SMPL_JOINTS, keypoint_names
from semtta_mm.evaluation.protocol import Protocol
from semtta_mm.experiments.unobserved_errors import (
    TRUE_HIDDEN,
    TRUE_ROOT,
    errors_by_visibility,
    oracle_errors,
    rotation_errors,
    true_pose,
)
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import BodyReference, PersonTrack, SMPLParams

PROTOCOL = Protocol('mid_hip', 'limbs_12', 'pelvis_ray')
HIP = SMPL_JOINTS.index('left_hip')


@pytest.fixture(scope='module')
def body():
    return SMPLBody()


@pytest.fixture
def track():
    """Far from the image's middle; left knee and ankle are unobserved."""
    rng = np.random.default_rng(0)
    names = keypoint_names('coco_17')
    scores = np.ones((3, 17))
    scores[:, [names.index(f'left_{n}') for n in ('knee', 'ankle')]] = 0
    return PersonTrack(
        name='t',
        frame_ids=np.arange(3),
        fps=30.0,
        boxes=np.tile([0.0, 0, 9, 9], (3, 1)),
        keypoints=np.zeros((3, 17, 2)),
        scores=scores,
        convention='coco_17',
        reference=BodyReference(
            pose=rng.normal(0, 0.2, (3, 24, 3)),
            betas=np.zeros((3, 10)),
            transl=np.tile([2.0, 0.5, 3.0], (3, 1)),
        ),
    )


def turned(pose, joint, degrees):
    turn = roma.rotvec_to_rotmat(torch.tensor([0.0, 0.0, degrees]).deg2rad())
    pose = pose.clone()
    pose[:, joint] = pose[:, joint] @ turn
    return pose


def test_a_tilt_is_a_constant_error_and_a_changing_root_is_not(track):
    truth = true_pose(track, SMPLBody())
    tilt = roma.rotvec_to_rotmat(torch.tensor([12.0, 0, 0]).deg2rad())
    tilted = truth.clone()
    tilted[:, 0] = tilt @ tilted[:, 0]
    off = rotation_errors(track, tilted, truth)
    assert off['root_deg'] == pytest.approx(12, abs=1e-3)
    assert off['root_constant_deg'] == pytest.approx(12, abs=1e-3)
    assert off['tilt_deg'] == pytest.approx(12, abs=1e-2)
    assert off['tilt_constant_deg'] == pytest.approx(12, abs=1e-2)
    assert off['heading_deg'] == pytest.approx(0, abs=1e-2)
    # About a vertical that lies along the axis of the turn it is heading.
    up = torch.eye(3)[:1].expand(3, 3)
    off = rotation_errors(track, tilted, truth, up)
    assert off['heading_constant_deg'] == pytest.approx(12, abs=1e-2)
    assert off['tilt_deg'] == pytest.approx(0, abs=1e-2)
    shaking = truth.clone()
    angles = torch.tensor([10.0, 0, -10]).deg2rad()
    turn = roma.rotvec_to_rotmat(torch.outer(angles, torch.eye(3)[2]))
    shaking[:, 0] = turn @ shaking[:, 0]
    off = rotation_errors(track, shaking, truth)
    assert off['root_deg'] == pytest.approx(20 / 3, abs=1e-3)
    shown = torch.tensor([True, True, False])
    part = rotation_errors(track, shaking, truth, shown=shown)
    assert part['root_shown_deg'] == pytest.approx(5, abs=1e-3)
    assert off['root_shown_deg'] == pytest.approx(0, abs=1e-3)
    nobody = rotation_errors(track, shaking, truth, shown=~(shown | ~shown))
    assert nobody['root_shown_deg'] is None
    assert off['root_constant_deg'] == pytest.approx(0, abs=1e-3)


def test_the_truth_is_exact_in_the_axes_of_the_pelvis(track, body):
    """A body posed by it has no error, though 35 degrees beside the axis."""
    truth = true_pose(track, body, 'pelvis_ray')
    params = SMPLParams.from_pose(truth, torch.zeros(3, 10))
    joints = body(params, False, ('smpl_24',)).keypoints['smpl_24']
    errors = errors_by_visibility(track, joints, PROTOCOL, body)
    assert errors['mpjpe_visible'] == pytest.approx(0, abs=1e-2)
    assert errors['mpjpe_occluded'] == pytest.approx(0, abs=1e-2)
    off = rotation_errors(track, true_pose(track, body), truth)
    expected = np.rad2deg(np.arctan2(np.hypot(2, 0.5), 3))
    assert off['root_deg'] == pytest.approx(expected, abs=2)  # of mid-hip
    assert off['hidden_deg'] == pytest.approx(0, abs=0.1)


def test_each_true_part_removes_its_own_error(track, body):
    truth = true_pose(track, body, 'pelvis_ray')
    pose = turned(turned(truth, 0, 20.0), HIP, 30.0)
    found = rotation_errors(track, pose, truth)
    assert found['root_deg'] == pytest.approx(20, abs=1e-2)
    # The hip's, and those of knee, ankle and foot, which are right.
    assert found['hidden_deg'] == pytest.approx(30 / 4, abs=1e-2)

    def errors(pose):
        params = SMPLParams.from_pose(pose, torch.zeros(3, 10))
        return oracle_errors(track, params, truth, PROTOCOL, body)

    both = errors(pose)
    assert both[TRUE_ROOT] > 100 and both[TRUE_HIDDEN] > 50
    assert errors(turned(truth, 0, 20.0))[TRUE_ROOT] == pytest.approx(
        0, abs=1e-2
    )
    assert errors(turned(truth, HIP, 30.0))[TRUE_HIDDEN] == pytest.approx(
        0, abs=1e-2
    )


def test_everything_observed(track, body):
    whole = replace(track, scores=np.ones((3, 17)))
    truth = true_pose(whole, body)
    params = SMPLParams.from_pose(truth, torch.zeros(3, 10))
    assert rotation_errors(whole, truth, truth)['hidden_deg'] is None
    found = oracle_errors(whole, params, truth, PROTOCOL, body)
    assert found == {TRUE_ROOT: None, TRUE_HIDDEN: None}
    joints = BodyReference(joints=np.ones((3, 17, 3)), convention='coco_17')
    assert true_pose(replace(whole, reference=None), body) is None
    assert true_pose(replace(whole, reference=joints), body) is None
