import cv2
import numpy as np
import pytest

from semtta_mm.detection import DetectionResult


@pytest.fixture
def result():
    """Four of six frames, every second one processed; no 3D in COCO."""
    rng = np.random.default_rng(0)
    scores = rng.uniform(0.4, 1, (4, 33))
    scores[0, 11] = 0  # the left shoulder, so no neck either
    return DetectionResult(
        source='walk.mp4',
        fps=25.0,
        image_size=(640, 480),
        convention='blazepose_33',
        searched=np.arange(10, 22, 2),
        frame_ids=np.array([10, 12, 16, 20]),
        keypoints=rng.uniform(0, 400, (4, 33, 2)),
        scores=scores,
        boxes=np.tile([0, 0, 400, 400.0], (4, 1)),
        world=rng.normal(size=(4, 33, 3)),
    )


@pytest.fixture
def video(tmp_path):
    """Ten frames of 64 x 48 px, the grey value is ten times the number."""
    path = tmp_path / 'ramp.avi'
    codec = cv2.VideoWriter_fourcc(*'MJPG')
    writer = cv2.VideoWriter(str(path), codec, 20.0, (64, 48))
    for i in range(10):
        writer.write(np.full((48, 64, 3), 10 * i, np.uint8))
    writer.release()
    return path
