"""A 2D detector: the same seventeen points in every frame."""

import numpy as np

from semtta_mm.datasets import video_info
from semtta_mm.detection import DetectionResult, Detector2D

from .registry import TASK_UTILS


@TASK_UTILS.register_module()
class PosterDetector(Detector2D):
    """Finds a person as large as a part of the image."""

    def __init__(self, size: float = 0.5) -> None:
        self.size = size

    def settings(self):
        return {'type': 'PosterDetector', 'size': self.size}

    def detect(self, video, frames=None, progress=None, fps=None):
        info = video_info(video)
        count = info.frame_count
        grid = np.random.default_rng(0).uniform(-0.5, 0.5, (17, 2))
        size = np.array([info.width, info.height])
        points = size / 2 + self.size * size * grid
        box = np.concatenate([points.min(0), points.max(0)])
        return DetectionResult(
            source=video.name,
            fps=fps or info.fps,
            image_size=(info.width, info.height),
            convention='coco_17',
            searched=np.arange(count),
            frame_ids=np.arange(count),
            keypoints=np.tile(points, (count, 1, 1)),
            scores=np.full((count, 17), 0.8),
            boxes=np.tile(box, (count, 1)),
        )
