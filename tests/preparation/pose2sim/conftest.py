"""A rig with a known truth: four cameras around a cloud of joints."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.conventions import keypoint_index, keypoint_names
from semtta_mm.detection import DetectionResult
from semtta_mm.geometry.triangulation import Camera, project

FRAMES = 12
NAMES = ('cam01', 'cam02', 'cam03', 'cam04')


@pytest.fixture
def cameras():
    found = []
    for i, name in enumerate(NAMES):
        turn = Rotation.from_euler('yx', (90 * i + 20, 8), degrees=True)
        found.append(
            Camera(
                name=name,
                intrinsics=[[1680, 0, 533], [0, 1681, 948], [0, 0, 1]],
                distortion=(-0.046, 0.14, 0.0006, 0.0007),
                rotation=turn.as_matrix(),
                translation=(0.3, 0.1, 4),
            )
        )
    return found


@pytest.fixture
def joints():
    """World ``[T, 12, 3]``, m."""
    return np.random.default_rng(0).uniform(-0.8, 0.8, (FRAMES, 12, 3))


@pytest.fixture
def detections(cameras, joints):
    """Exact detections of BlazePose's keypoints; only limbs have a score."""
    index = keypoint_index('blazepose_33', keypoint_names('limbs_12'))
    found = {}
    for camera in cameras:
        keypoints, scores = np.zeros((FRAMES, 33, 2)), np.zeros((FRAMES, 33))
        keypoints[:, index] = project(joints, camera)
        scores[:, index] = 0.9
        frames = np.arange(FRAMES)
        found[camera.name] = DetectionResult(
            source=f'{camera.name}.mp4',
            fps=60,
            image_size=(1080, 1920),
            convention='blazepose_33',
            searched=frames,
            frame_ids=frames,
            keypoints=keypoints,
            scores=scores,
            boxes=np.tile([100, 100, 900, 1800], (FRAMES, 1)),
        )
    return found
