"""A track whose every image says which frame it is, and networks that know."""

from typing import NamedTuple

import cv2
import numpy as np
import pytest
import torch

from semtta_mm.datasets import TrackDataset
from semtta_mm.geometry import project_points
from semtta_mm.geometry.views import UPRIGHT
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.models.estimators import ConstantEstimator, MeshEstimator
from semtta_mm.structures import (
    BodyReference,
    MeshPrediction,
    PersonTrack,
    SMPLParams,
)
from semtta_mm.synthetic.motions.procedural import make_clip

FRAMES, SIDE, LEVEL = 9, 64, 25
CAMERA = torch.tensor([0.9, 0.05, -0.1])


class Film(NamedTuple):
    """How the images tell their number, and the camera they were made with."""

    level: int
    side: int
    camera: torch.Tensor


@pytest.fixture(scope='session')
def film():
    return Film(LEVEL, SIDE, CAMERA)


@pytest.fixture(scope='session')
def body():
    return SMPLBody()


@pytest.fixture(scope='session')
def truth():
    """Parameters of a wave, facing the camera."""
    clip = make_clip('wave a hand', np.random.default_rng(0), FRAMES / 10, 10)
    pose = torch.from_numpy(clip.pose).float()
    pose[:, 0] = torch.from_numpy(UPRIGHT).float() @ pose[:, 0]
    return SMPLParams.from_pose(pose, 0.5 * torch.ones(FRAMES, 10))


class Oracle(MeshEstimator):
    """Reads the frame's number from its brightness and gives the truth."""

    def __init__(self, truth):
        super().__init__(input_size=SIDE, mean=(0, 0, 0), std=(1, 1, 1))
        self.truth = truth
        self.modes = []

    def predict(self, images):
        self.modes.append(self.training)
        level = images.mean(dim=(1, 2, 3)) * 255
        frame = (level / LEVEL).round().long()
        return MeshPrediction(self.truth[frame], CAMERA.expand(len(frame), 3))


@pytest.fixture
def oracle(truth):
    return Oracle(truth)


@pytest.fixture
def standing():
    return ConstantEstimator(input_size=SIDE)


@pytest.fixture
def dataset(tmp_path, truth, body, oracle):
    """One track of 25 fps with exact evidence and reference."""
    folder = tmp_path / 'images'
    folder.mkdir()
    for i in range(FRAMES):
        image = np.full((200, 240, 3), LEVEL * i, np.uint8)
        cv2.imwrite(str(folder / f'{i:03d}.png'), image)
    boxes = np.tile([60.0, 20, 160, 180], (FRAMES, 1))
    square = torch.tensor([[14.0, 4, 206, 196]]).expand(FRAMES, 4)
    camera = CAMERA.expand(FRAMES, 3)
    transl, intrinsics = oracle.locate(camera, square)
    with torch.no_grad():
        points = body(truth, False, ('coco_17',)).keypoints['coco_17']
    pixels = project_points(points + transl[:, None], intrinsics)
    track = PersonTrack(
        name='someone',
        frame_ids=np.arange(FRAMES),
        fps=25.0,
        boxes=boxes,
        keypoints=pixels.numpy(),
        scores=np.full((FRAMES, 17), 0.9),
        convention='coco_17',
        video=folder,
        reference=BodyReference(
            pose=truth.axis_angle().numpy(),
            betas=truth.betas.numpy(),
            transl=transl.numpy(),
        ),
    )
    return TrackDataset(tracks=[track], input_size=SIDE)
