import cv2
import numpy as np
import pytest

from semtta_mm.detection.people import MoveNetPersonDetector
from semtta_mm.utils.package_data import known_files


def cached(name):
    path = known_files()[name].path()
    if not path.is_file():
        pytest.skip(f'{name} is not in the cache; semtta detect fetches it')
    return path


@pytest.fixture(scope='session')
def finder():
    """The real network with its smallest input."""
    topology = cached('movenet/multipose.json')
    weights = cached('movenet/multipose.bin')
    return MoveNetPersonDetector(topology, weights, side=256)


@pytest.fixture(scope='session')
def photo():
    """A man, and a second person at the border, 720 x 1280 px."""
    capture = cv2.VideoCapture(str(cached('pose2sim/cam01.mp4')))
    found, image = capture.read()
    capture.release()
    assert found
    return cv2.resize(image, (720, 1280), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope='session')
def blazepose():
    pytest.importorskip('ai_edge_litert')
    return {
        'variant': 'lite',
        'detector_file': cached('blazepose/pose_detection.tflite'),
        'landmark_file': cached('blazepose/pose_landmark_lite.tflite'),
    }


@pytest.fixture(scope='session')
def film():
    """Writes frames ``[T, H, W, 3]`` to a video of 10 frames a second."""

    def write(path, frames, fps=10.0):
        codec = cv2.VideoWriter_fourcc(*'MJPG')
        size = frames[0].shape[1::-1]
        writer = cv2.VideoWriter(str(path), codec, fps, size)
        for frame in frames:
            writer.write(np.ascontiguousarray(frame, np.uint8))
        writer.release()
        return path

    return write
