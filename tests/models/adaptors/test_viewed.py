"""A result in one camera, with one shape, in metres."""

from dataclasses import replace

import pytest
import torch

from semtta_mm.datasets import TrackDataset
from semtta_mm.geometry import project_points
from semtta_mm.models.adaptors import Session
from semtta_mm.models.adaptors.viewed import (
    TrackPlacement,
    viewed_prediction,
)
from semtta_mm.models.adaptors.viewing import pelvis_ray_turn
from semtta_mm.models.estimators import predict_track
from semtta_mm.structures import SMPLParams

CAMERA = torch.tensor([[300.0, 0, 120], [0, 300.0, 100], [0, 0, 1]])


@pytest.fixture
def scene(dataset, oracle, body, truth):
    """A body that walks past the camera; its pose is known in each ray."""
    count = len(truth)
    steps = torch.arange(count) / (count - 1)
    path = torch.stack((steps - 0.8, 0 * steps, 4 - steps), dim=-1)
    camera = CAMERA.expand(count, 3, 3)
    with torch.no_grad():
        posed = body(truth, False, ('coco_17', 'smpl_24')).keypoints
        points = posed['coco_17'] + path[:, None]
    pixels = project_points(points, camera)
    boxes = torch.cat((pixels.amin(dim=1), pixels.amax(dim=1)), dim=-1)
    track = replace(
        dataset.tracks[0],
        keypoints=pixels.numpy(),
        boxes=boxes.numpy(),
        intrinsics=camera.numpy(),
    )
    frames = TrackDataset(tracks=[track], input_size=64)[0]
    session = Session.begin(frames, None, 2.0)
    pose = truth.pose.clone()
    pose[:, 0] = pelvis_ray_turn(boxes, camera) @ pose[:, 0]
    oracle.truth = SMPLParams.from_pose(pose, truth.betas)
    session.prediction = predict_track(oracle, body, frames, ('smpl_24',))
    return session, path


def test_the_path_in_metres_is_found(scene, body, truth):
    session, path = scene
    found = viewed_prediction(
        session, body, session.prediction, TrackPlacement()
    )
    torch.testing.assert_close(found.params.transl, path, atol=0.01, rtol=0)
    torch.testing.assert_close(
        found.params.pose, truth.pose, atol=1e-4, rtol=0
    )
    torch.testing.assert_close(
        found.joints2d, session.frames.keypoints, atol=0.5, rtol=0
    )


def test_the_result_projects_to_its_keypoints(scene, body):
    session, _ = scene
    for placement in (None, TrackPlacement()):
        found = viewed_prediction(session, body, session.prediction, placement)
        with torch.no_grad():
            points = body(found.params, False, ('coco_17',)).keypoints
        torch.testing.assert_close(
            project_points(points['coco_17'], found.intrinsics),
            found.joints2d,
            atol=0.1,
            rtol=0,
        )
        assert (found.intrinsics == found.intrinsics[0]).all()


def test_without_placement_the_pelvis_stays_in_the_image(scene, body):
    session, _ = scene
    old = session.prediction
    found = viewed_prediction(session, body, old)

    def pelvis(prediction):
        joints = prediction.joints['smpl_24'][:, :1]
        return project_points(joints, prediction.intrinsics)

    torch.testing.assert_close(pelvis(found), pelvis(old), atol=0.5, rtol=0)


def test_all_frames_have_the_mean_shape(scene, body):
    session, _ = scene
    params = session.prediction.params
    betas = torch.arange(len(params))[:, None] * torch.ones(10)
    old = replace(session.prediction, params=replace(params, betas=betas))
    found = viewed_prediction(session, body, old)
    assert (found.params.betas == betas.mean(0)).all()


def test_without_a_camera_nothing_changes(scene, body):
    session, _ = scene
    track = replace(session.frames.track, video=None, intrinsics=None)
    session.frames.track, session.frames.intrinsics = track, None
    old = session.prediction
    assert viewed_prediction(session, body, old) is old
