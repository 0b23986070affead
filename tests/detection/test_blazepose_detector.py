"""The whole detector; on its real networks where the cache has them."""

import subprocess
import sys

import numpy as np
import pytest

from semtta_mm.commands.detect import main
from semtta_mm.conventions import keypoint_index
from semtta_mm.datasets import load_track
from semtta_mm.detection import BlazePoseDetector, load_result
from semtta_mm.detection.blazepose.tflite import TFLiteNetwork
from semtta_mm.detection.blazepose.tracker import POSE_OUTPUTS
from semtta_mm.registry import TASK_UTILS
from semtta_mm.utils import InputError
from semtta_mm.utils.package_data import known_files

LIMBS = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]

# Output of mediapipe 0.10.21 for frame 9 (complexity 0, no smoothing, frames
# 0 to 9 tracked): limbs in px and in m.
MEDIAPIPE_PX = [
    [559.2, 535.4], [421.4, 484.5], [561.7, 647.4], [313.4, 569.7],
    [577.3, 752.4], [287.2, 684.1], [473.2, 759.3], [389.6, 742.2],
    [448.7, 939.5], [358.4, 910.0], [415.3, 1090.3], [329.8, 1007.2],
]  # fmt: skip
MEDIAPIPE_M = [
    [0.246, -0.415, -0.117], [-0.031, -0.492, -0.231],
    [0.254, -0.208, -0.035], [-0.238, -0.332, -0.221],
    [0.262, 0.01, -0.071], [-0.277, -0.119, -0.258],
    [0.093, 0.016, 0.026], [-0.093, -0.017, -0.025],
    [0.064, 0.388, 0.023], [-0.137, 0.358, 0.02],
    [-0.015, 0.727, 0.189], [-0.199, 0.597, 0.304],
]  # fmt: skip


def cached(name):
    path = known_files()[name].path()
    if not path.is_file():
        pytest.skip(f'{name} is not in the cache; tools/detect.py fetches it')
    return path


@pytest.fixture(scope='module')
def networks():
    pytest.importorskip('ai_edge_litert')
    return {
        'detector_file': cached('blazepose/pose_detection.tflite'),
        'landmark_file': cached('blazepose/pose_landmark_lite.tflite'),
    }


@pytest.fixture(scope='module')
def pose2sim():
    return cached('pose2sim/cam01.mp4')


@pytest.fixture(scope='module')
def found(networks, pose2sim):
    steps = []
    detector = BlazePoseDetector('lite', **networks)
    result = detector.detect(
        pose2sim, slice(0, 10), lambda done, total: steps.append((done, total))
    )
    return result, steps


def test_it_agrees_with_mediapipe(found):
    result, _ = found
    assert result.frame_ids.tolist() == list(range(10))
    assert result.image_size == (1080, 1920)
    assert result.fps == 60.0
    np.testing.assert_allclose(
        result.keypoints[9, LIMBS], MEDIAPIPE_PX, atol=2.0
    )
    np.testing.assert_allclose(result.world[9, LIMBS], MEDIAPIPE_M, atol=0.015)


def test_box_holds_the_body(found):
    result, _ = found
    limbs = result.keypoints[:, LIMBS]
    assert (limbs >= result.boxes[:, None, :2]).all()
    assert (limbs <= result.boxes[:, None, 2:]).all()


def test_progress_counts_to_the_end(found):
    assert found[1] == [(i, 10) for i in range(1, 11)]


def test_smoothing_reduces_jitter(networks, pose2sim, found):
    smooth = BlazePoseDetector('lite', **networks, smooth=True)
    result = smooth.detect(pose2sim, slice(0, 10))
    raw = np.abs(np.diff(found[0].keypoints, n=2, axis=0)).mean()
    assert np.abs(np.diff(result.keypoints, n=2, axis=0)).mean() < raw
    np.testing.assert_allclose(
        result.keypoints[0], found[0].keypoints[0], atol=1e-3
    )


def test_command_writes_a_track(networks, pose2sim, tmp_path):
    files = [
        text
        for key, path in networks.items()
        for text in (f'--{key.replace("_", "-")}', str(path))
    ]
    arguments = [str(pose2sim), '--variant', 'lite', '--frames', '0:6:3']
    assert main([*arguments, *files, '--out', str(tmp_path)]) == 0
    track = load_track(tmp_path / 'cam01_p0.npz')
    assert track.frame_ids.tolist() == [0, 3]
    assert track.rate == 20.0
    kept = sorted((tmp_path / 'detections').glob('cam01_*.npz'))
    (boxes,) = [path for path in kept if 'people' in path.name]
    for path in set(kept) - {boxes}:
        assert load_result(path).world.shape == (2, 33, 3)
    (nose,) = keypoint_index(track.convention, ['nose'])
    assert 0 < track.keypoints[0, nose, 0] < 1080


def test_no_person_in_an_empty_video(networks, video):
    result = BlazePoseDetector('lite', **networks).detect(video)
    assert len(result) == 0
    assert result.searched.tolist() == list(range(10))
    assert result.world.shape == (0, 33, 3)


def test_frames_beyond_the_end(networks, video):
    detector = BlazePoseDetector('lite', **networks)
    with pytest.raises(InputError, match='start at 10, the video has 10'):
        detector.detect(video, slice(10, None))


def test_a_network_writes_nothing_to_stderr(networks):
    """In a process of its own: TensorFlow Lite writes its line once."""
    code = (
        'import sys\n'
        'from pathlib import Path\n'
        'from semtta_mm.detection.blazepose.tflite import TFLiteNetwork\n'
        'from semtta_mm.detection.blazepose.tracker import POSE_OUTPUTS\n'
        'import numpy as np\n'
        'net = TFLiteNetwork(Path(sys.argv[1]), POSE_OUTPUTS, 1)\n'
        'net(np.zeros((1, 256, 256, 3), np.float32))\n'
    )
    done = subprocess.run(
        [sys.executable, '-c', code, str(networks['landmark_file'])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, '')


def test_wrong_network_is_named(networks):
    path = networks['detector_file']
    with pytest.raises(InputError, match='outputs: have shapes'):
        TFLiteNetwork(path, POSE_OUTPUTS, 1)


def test_broken_network_is_named(tmp_path):
    pytest.importorskip('ai_edge_litert')
    path = tmp_path / 'a.tflite'
    path.write_bytes(b'not a network')
    with pytest.raises(InputError, match='file: is not a tflite model'):
        TFLiteNetwork(path, POSE_OUTPUTS, 1)


def test_it_is_built_from_config():
    detector = TASK_UTILS.build(dict(type='BlazePoseDetector', variant='lite'))
    assert detector.settings()['files'] == [
        known_files()[f'blazepose/{name}.tflite'].sha256
        for name in ('pose_detection', 'pose_landmark_lite')
    ]


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        ({'variant': 'huge'}, "variant: is 'huge'. Fix: choose from"),
        ({'min_detection': 1.5}, 'min_detection: is 1.5'),
        ({'min_tracking': float('nan')}, 'min_tracking: is nan'),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(InputError, match=message):
        BlazePoseDetector(**arguments)
