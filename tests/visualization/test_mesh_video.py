import cv2
import numpy as np
import pytest
import torch

from semtta_mm.geometry import project_points
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import PersonTrack, SMPLParams, TrackPrediction
from semtta_mm.utils import InputError
from semtta_mm.visualization import VideoWriter
from semtta_mm.visualization.mesh_video import write_mesh_video

WIDTH, HEIGHT, FRAMES = 160, 240, 3


@pytest.fixture
def track(tmp_path):
    path = tmp_path / 'clip.mp4'
    with VideoWriter(path, 30.0) as writer:
        for _ in range(FRAMES):
            writer.write(np.full((HEIGHT, WIDTH, 3), 128, np.uint8))
    return PersonTrack(
        name='x',
        frame_ids=np.arange(FRAMES),
        fps=30.0,
        boxes=np.tile([40.0, 20, 120, 220], (FRAMES, 1)),
        keypoints=np.tile([80.0, 100.0], (FRAMES, 17, 1)),
        scores=np.zeros((FRAMES, 17)),
        convention='coco_17',
        video=path,
    )


@pytest.fixture
def body():
    return SMPLBody()


@pytest.fixture
def prediction(body):
    """A body 3 m before the camera; it walks to the right."""
    pose = torch.eye(3).repeat(FRAMES, 24, 1, 1)
    pose[:, 0] = torch.diag(torch.tensor([1.0, -1, -1]))
    transl = torch.tensor([[-0.4, 0, 4.0], [0.0, 0, 4.0], [0.4, 0, 4.0]])
    params = SMPLParams.from_pose(pose, torch.zeros(FRAMES, 10), transl)
    out = body(params, keypoints=('coco_17',))
    intrinsics = torch.tensor(
        [[200.0, 0, WIDTH / 2], [0, 200, HEIGHT / 2], [0, 0, 1]]
    ).expand(FRAMES, 3, 3)
    return TrackPrediction(
        params=params,
        camera=torch.ones(FRAMES, 3),
        intrinsics=intrinsics,
        joints={},
        joints2d=project_points(out.keypoints['coco_17'], intrinsics),
        vertices=out.vertices,
    )


def frames_of(path):
    capture = cv2.VideoCapture(str(path))
    images = []
    while (found := capture.read())[0]:
        images.append(found[1])
    return images


def test_the_mesh_is_where_its_keypoints_are(
    track, prediction, body, tmp_path
):
    faces = body.faces.numpy()
    path = write_mesh_video(
        track, {'net': prediction}, faces, tmp_path / 'out.mp4', height=120
    )
    images = frames_of(path)
    assert len(images) == FRAMES
    assert images[0].shape == (HEIGHT // 2, WIDTH, 3)  # two panels, halved
    for image, points in zip(images, prediction.joints2d, strict=True):
        panel = image[30:, WIDTH // 2 :].astype(int)  # below the title
        painted = np.abs(panel - 128).max(axis=2) > 40
        column = np.flatnonzero(painted.any(axis=0)).mean()
        assert column == pytest.approx(points[:, 0].mean() / 2, abs=3)


def test_missing_inputs_are_named(track, prediction, body, tmp_path):
    track.video = None
    with pytest.raises(InputError, match='video'):
        write_mesh_video(
            track, {'net': prediction}, body.faces.numpy(), tmp_path / 'o.mp4'
        )
