"""Motion errors of unobserved legs, and the vertical of a test set."""

import numpy as np
import pytest
import torch

from semtta_mm.conventions import keypoint_names
from semtta_mm.evaluation.protocol import Protocol
from semtta_mm.evaluation.track_sample import reference_fields
from semtta_mm.experiments.unobserved_motion import (
    largest_shift,
    slide_of_feet,
    unobserved_motion,
)
from semtta_mm.experiments.vertical import true_up
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import BodyReference, PersonTrack
from semtta_mm.utils import InputError

FRAMES = 40
PROTOCOL = Protocol('mid_hip', 'limbs_12', 'camera')


@pytest.fixture(scope='module')
def body():
    return SMPLBody()


def make_track(late=0):
    """Legs that swing with a period of 20 frames; they are unobserved."""
    pose = np.zeros((FRAMES, 24, 3))
    pose[:, 0, 0] = np.pi  # upright before a camera with y down
    wave = 0.5 * np.sin(2 * np.pi * (np.arange(FRAMES) - late) / 20)
    pose[:, 1, 0], pose[:, 2, 0] = wave, -wave
    names = keypoint_names('coco_17')
    scores = np.ones((FRAMES, 17))
    scores[:, [i for i, n in enumerate(names) if 'knee' in n]] = 0
    scores[:, [i for i, n in enumerate(names) if 'ankle' in n]] = 0
    return PersonTrack(
        name='open_dev_00_none',
        frame_ids=np.arange(FRAMES),
        fps=30.0,
        boxes=np.tile([0.0, 0, 9, 9], (FRAMES, 1)),
        keypoints=np.zeros((FRAMES, 17, 2)),
        scores=scores,
        convention='coco_17',
        reference=BodyReference(
            pose=pose,
            betas=np.zeros((FRAMES, 10)),
            transl=np.tile([2.0, 0.5, 3.0], (FRAMES, 1)),
        ),
    )


def joints_of(track, body):
    return reference_fields(track.reference, body, mesh=False)['joints']


def test_a_late_step_is_right_at_its_best_phase(body):
    track = make_track()
    late = joints_of(make_track(late=8), body)
    found = unobserved_motion(track, late, PROTOCOL, body, 3.0)
    assert found['best_phase_mm'] == pytest.approx(0, abs=0.1)
    # Two whole periods: the same positions in another order.
    assert found['wasserstein_mm'] == pytest.approx(0, abs=1e-2)
    assert found['accel_occluded'] > 1
    # With less freedom it is not.
    found = unobserved_motion(track, late, PROTOCOL, body, 30.0)
    assert found['best_phase_mm'] > 50
    still = joints_of(track, body)[:1].expand(FRAMES, -1, -1)
    frozen = unobserved_motion(track, still, PROTOCOL, body, 3.0)
    assert frozen['wasserstein_mm'] > 20


def test_shifts():
    assert largest_shift(30.0, 3.0) == 10  # a stride of 20 frames
    assert largest_shift(30.0, None) == 15


def test_everything_observed(body):
    track = make_track()
    track.scores[:] = 1
    joints = joints_of(track, body)
    found = unobserved_motion(track, joints, PROTOCOL, body, None)
    assert set(found.values()) == {None}


def test_the_standing_foot(body):
    track = make_track()
    up = torch.tensor([0.0, -1, 0]).expand(FRAMES, 3)
    joints = joints_of(track, body)
    found = slide_of_feet(track, joints, up, PROTOCOL, body)
    assert found['foot_slide_mm'] == pytest.approx(0, abs=1e-2)
    still = joints[:1].expand(FRAMES, -1, -1)
    found = slide_of_feet(track, still, up, PROTOCOL, body)
    assert found['foot_slide_mm'] > 10


def test_the_vertical_is_that_of_the_clip(body, tmp_path):
    track = make_track()
    level = torch.tensor([0.0, -1, 0]).expand(FRAMES, 3)
    assert torch.equal(true_up(track, tmp_path, body), level)
    folder = tmp_path / 'clips' / 'open_dev_00'
    folder.mkdir(parents=True)
    # The camera looks along the world's -x: its y is the world's -y, here
    # pitched by 30 degrees.
    pitch = np.deg2rad(30)
    up = np.array([0, -np.cos(pitch), -np.sin(pitch)])
    x = np.array([0, np.sin(pitch), -np.cos(pitch)])
    turn = np.stack((x, up, np.cross(x, up)), axis=1)
    np.savez(
        folder / 'truth.npz', camera_rotation=np.tile(turn, (FRAMES, 1, 1))
    )
    found = true_up(track, tmp_path, body)
    np.testing.assert_allclose(found, np.tile(up, (FRAMES, 1)), atol=1e-6)
    # A handheld set has a truth for each variant.
    own = folder / track.name.removeprefix('open_dev_00_')
    own.mkdir()
    (folder / 'truth.npz').rename(own / 'truth.npz')
    np.testing.assert_allclose(true_up(track, tmp_path, body), found)
    (own / 'truth.npz').rename(folder / 'truth.npz')
    # In the axes of the pelvis' ray it is turned as the bodies are.
    ray = true_up(track, tmp_path, body, 'pelvis_ray')
    assert torch.linalg.vector_norm(ray, dim=-1).allclose(torch.ones(FRAMES))
    assert (ray - found).abs().max() > 0.1
    np.savez(folder / 'truth.npz', camera_rotation=np.eye(3)[None])
    with pytest.raises(InputError, match='camera_rotation'):
        true_up(track, tmp_path, body)
