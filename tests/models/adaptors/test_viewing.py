"""The camera that filmed a track: known, else guessed from the image."""

from dataclasses import replace

import pytest
import torch

from semtta_mm.datasets import TrackDataset
from semtta_mm.geometry import guess_intrinsics, project_points
from semtta_mm.models.adaptors import FrameLabels, Session
from semtta_mm.models.adaptors.rays import track_rays
from semtta_mm.models.adaptors.viewing import (
    pelvis_ray_turn,
    viewing_intrinsics,
)
from semtta_mm.models.estimators import predict_track

KNOWN = torch.tensor([[900.0, 0, 130], [0, 880, 95], [0, 0, 1]])


@pytest.fixture
def make_session(dataset, oracle, body):
    """A session after its refresh pass; the argument is the known camera."""

    def make(intrinsics=None, true_camera=False):
        track = dataset.tracks[0]
        if intrinsics is not None:
            intrinsics = intrinsics.expand(len(track), 3, 3).numpy()
        track = replace(track, intrinsics=intrinsics)
        frames = TrackDataset(tracks=[track], input_size=64)[0]
        labels = FrameLabels(torch.full((len(track),), 5))
        session = Session.begin(frames, labels, 2.0, true_camera=true_camera)
        session.prediction = predict_track(oracle, body, frames, ('smpl_24',))
        return session

    return make


def test_a_known_camera_is_used(make_session):
    found = viewing_intrinsics(make_session(KNOWN))
    torch.testing.assert_close(found, KNOWN.expand_as(found))


def test_else_the_focal_length_is_the_diagonal(make_session):
    session = make_session()
    width, height = session.frames.image_size
    found = viewing_intrinsics(session)
    assert found.shape == (len(session.frames), 3, 3)
    assert float(found[0, 0, 0]) == pytest.approx(
        (width**2 + height**2) ** 0.5
    )
    assert found[0, :2, 2].tolist() == [width / 2, height / 2]


def test_without_a_video_there_is_none(make_session):
    session = make_session()
    session.frames.track = replace(session.frames.track, video=None)
    assert viewing_intrinsics(session) is None


def test_guessed_intrinsics_by_hand():
    found = guess_intrinsics(400, 300, 1.5)
    want = [[750.0, 0, 200], [0, 750, 150], [0, 0, 1]]
    assert found.tolist() == want


def test_the_turn_puts_the_box_on_the_axis():
    boxes = torch.tensor([[300.0, 40, 340, 120], [0, 0, 260, 190]])
    cameras = KNOWN.expand(2, 3, 3)
    turn = pelvis_ray_turn(boxes, cameras)
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    ray = torch.linalg.solve(
        cameras, torch.cat((centre, torch.ones(2, 1)), dim=-1)
    )
    ahead = torch.einsum('tij,tj->ti', turn, ray)
    torch.testing.assert_close(
        ahead[:, :2], torch.zeros(2, 2), atol=1e-5, rtol=0
    )
    assert turn[1].allclose(torch.eye(3), atol=1e-6)


@pytest.mark.parametrize('intrinsics', [None, KNOWN])
def test_rays_are_those_of_the_viewing_camera(make_session, intrinsics):
    """Turned back, and projected by that camera, they are the keypoints."""
    session = make_session(intrinsics)
    rays, camera = track_rays(session), viewing_intrinsics(session)
    boxes = torch.from_numpy(session.frames.track.boxes)
    ones = torch.ones_like(rays.points[..., :1])
    points = torch.cat((rays.points, ones), dim=-1)
    points = points @ pelvis_ray_turn(boxes, camera)
    seen = session.frames.scores > 0
    torch.testing.assert_close(
        project_points(points, camera)[seen],
        session.frames.keypoints[seen],
        atol=2e-2,
        rtol=0,
    )


def test_the_true_camera_needs_no_turn(make_session):
    session = make_session(KNOWN, true_camera=True)
    rays = track_rays(session)
    seen = session.frames.scores > 0
    flat = (session.frames.keypoints - KNOWN[:2, 2]) / torch.tensor(
        [900.0, 880.0]
    )
    torch.testing.assert_close(rays.points[seen], flat[seen])
