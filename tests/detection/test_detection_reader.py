"""A video becomes a track on the first call."""

import cv2
import numpy as np
import pytest

from semtta_mm.datasets import TrackDataset
from semtta_mm.detection import DetectionResult, Detector2D
from semtta_mm.registry import TASK_UTILS
from semtta_mm.setup_env import register_all_modules


@pytest.fixture
def folder(tmp_path):
    for i in range(3):
        image = np.full((60, 80, 3), 50 * i, np.uint8)
        cv2.imwrite(str(tmp_path / f'{i}.png'), image)
    return tmp_path


def test_detected_once(folder, tmp_path_factory):
    register_all_modules()
    calls = []

    class Everywhere(Detector2D):
        """Detects the same keypoints in every frame."""

        def settings(self):
            return {}

        def detect(self, video, frames=None, progress=None, fps=None):
            calls.append(video)
            return DetectionResult(
                source=video.name,
                fps=fps,
                image_size=(80, 60),
                convention='coco_17',
                searched=np.arange(3),
                frame_ids=np.arange(3),
                keypoints=np.full((3, 17, 2), 30.0),
                scores=np.full((3, 17), 0.9),
                boxes=np.tile([10.0, 5, 50, 55], (3, 1)),
            )

    TASK_UTILS.register_module(
        name='Everywhere', module=Everywhere, force=True
    )
    kept = tmp_path_factory.mktemp('kept')
    reader = dict(
        type='DetectionReader',
        video=str(folder),
        detector=dict(type='Everywhere'),
        folder=str(kept),
        fps=25,
    )
    for _ in range(2):
        dataset = TrackDataset(reader=reader, input_size=32)
        track = dataset.tracks[0]
        assert (track.fps, track.convention) == (25.0, 'coco_17')
        assert dataset[0].images.shape == (3, 3, 32, 32)
    assert len(calls) == 1
