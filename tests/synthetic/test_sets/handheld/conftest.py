import numpy as np
import pytest
import torch

from semtta_mm.conventions import convert_keypoints, keypoint_names
from semtta_mm.datasets.video import video_info
from semtta_mm.detection import DetectionResult, Detector2D
from semtta_mm.synthetic.test_sets.handheld.clip import make_handheld_files


class InsideDetector(Detector2D):
    """Gives points in the true box of the person in all frames but one."""

    def settings(self):
        return {}

    def detect(self, video, frames=None, progress=None, fps=None):
        info = video_info(video)
        count, kinds = info.frame_count, len(keypoint_names('blazepose_33'))
        rows = np.array([t for t in range(count) if t != 1])
        with np.load(video.with_name('truth.npz')) as truth:
            true = truth['keypoints'][rows]
        low, high = true.min(axis=1), true.max(axis=1)
        share = np.random.default_rng(0).uniform(size=(kinds, 2))
        points = low[:, None] + share * (high - low)[:, None]
        scores = np.full((len(rows), kinds), 0.9)
        scores[:, :10] = 0.1
        return DetectionResult(
            source=video.name,
            fps=fps,
            image_size=(info.width, info.height),
            convention='blazepose_33',
            searched=np.arange(count),
            frame_ids=rows,
            keypoints=points,
            scores=scores,
            boxes=np.concatenate([low, high], axis=1),
        )


@pytest.fixture(scope='session')
def stand_in():
    return InsideDetector()


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
