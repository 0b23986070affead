import cv2
import numpy as np
import pytest

from semtta_mm.structures import PersonTrack

SIZE = (96, 64)  # width, height
LEVEL = 20


@pytest.fixture
def video(tmp_path):
    """Ten frames of 25 fps; frame i is grey 20 i."""
    path = tmp_path / 'clip.mp4'
    code = cv2.VideoWriter.fourcc(*'mp4v')
    writer = cv2.VideoWriter(str(path), code, 25.0, SIZE)
    for i in range(10):
        writer.write(np.full((SIZE[1], SIZE[0], 3), LEVEL * i, np.uint8))
    writer.release()
    return path


@pytest.fixture
def make_track(video):
    """Track of the video with a point at (30, 20); fields may be changed."""

    def build(frame_ids=(2, 3, 5), **changes):
        t = len(frame_ids)
        values = {
            'name': 'someone',
            'frame_ids': np.array(frame_ids),
            'fps': 25.0,
            'boxes': np.tile([20.0, 10.0, 40.0, 50.0], (t, 1)),
            'keypoints': np.tile([30.0, 20.0], (t, 17, 1)),
            'scores': np.full((t, 17), 0.9),
            'convention': 'coco_17',
            'video': video,
        }
        return PersonTrack(**(values | changes))

    return build
