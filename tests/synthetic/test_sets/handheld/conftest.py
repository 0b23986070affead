import numpy as np
import pytest
import torch

from semtta_mm.conventions import convert_keypoints, keypoint_names
from semtta_mm.datasets.video import video_info
from semtta_mm.detection import DetectionResult, Detector2D
from semtta_mm.synthetic.test_sets.handheld.clip import make_handheld_files


class MiddleDetector(Detector2D):
    """Gives the same body in all frames but the second."""

    def settings(self):
        return {}

    def detect(self, video, frames=None, progress=None, fps=None):
        info = video_info(video)
        count, kinds = info.frame_count, len(keypoint_names('blazepose_33'))
        rows = np.array([t for t in range(count) if t != 1])
        size = np.array([info.width, info.height])
        rng = np.random.default_rng(0)
        body = rng.uniform(0.3, 0.7, (kinds, 2)) * size
        scores = np.full((len(rows), kinds), 0.9)
        scores[:, :10] = 0.1
        return DetectionResult(
            source=video.name,
            fps=fps,
            image_size=(info.width, info.height),
            convention='blazepose_33',
            searched=np.arange(count),
            frame_ids=rows,
            keypoints=np.tile(body, (len(rows), 1, 1)),
            scores=scores,
            boxes=np.tile([*(0.3 * size), *(0.7 * size)], (len(rows), 1)),
        )


@pytest.fixture(scope='session')
def stand_in():
    return MiddleDetector()


@pytest.fixture(scope='session')
def film(stand_in):
    """Renders a job with the stand-in detector."""

    def run(job):
        threads = torch.get_num_threads()
        make_handheld_files(job, stand_in)
        torch.set_num_threads(threads)
        return job

    return run


@pytest.fixture(scope='session')
def handheld(film, job_in, tmp_path_factory):
    """A rendered clip."""
    folder = tmp_path_factory.mktemp('handheld')
    return film(job_in(folder, shift='handheld', size=128))


@pytest.fixture(scope='session')
def to_coco():
    def convert(points, scores):
        return convert_keypoints(points, scores, 'blazepose_33', 'coco_23')

    return convert
