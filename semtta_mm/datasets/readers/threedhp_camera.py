"""The cameras of MPI-INF-3DHP's test set, from its calibration files.

``test_util/camera_calibration/{ts1-4,ts5-6}cameras.calib`` are text files in
mm (fields ``sensorSize``, ``focalLength``, ``pixelAspect``,
``centerOffset``; meaning as in public readers of these files, e.g. TS5-6:
8.770747185 mm on 10 x 5.625 mm, 1920 x 1080 px, aspect 0.993236 give P-STMO's
camera ``TS56``, f = (1683.98, 1672.59), c = (939.86, 560.14)). The
evaluation's perspective script has another focal length for TS1-4 (7.320339
mm instead of 7.325059) and the image's centre, so no number is built in here;
all are read from the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...utils import InputError

FOLDER = 'test_util/camera_calibration'
_FILES = {
    **dict.fromkeys(('TS1', 'TS2', 'TS3', 'TS4'), 'ts1-4cameras.calib'),
    **dict.fromkeys(('TS5', 'TS6'), 'ts5-6cameras.calib'),
}
_NEEDED = ('sensorSize', 'focalLength', 'pixelAspect', 'centerOffset')
_FIX = (
    f'give {FOLDER}/ of the test set, or leave the cameras out '
    '(--no-intrinsics)'
)


def calibration_file(folder: Path, sequence: str) -> Path:
    """The file with a test sequence's camera."""
    return folder / FOLDER / _FILES[sequence]


def read_cameras(path: Path, size: tuple[int, int]) -> list[np.ndarray]:
    """Intrinsics of all cameras of a file.

    Args:
        path: The ``.calib`` file.
        size: Width and height of the images, px.

    Returns:
        ``[3, 3]`` each, px; lens distortion is left out.

    Raises:
        InputError: If the file is missing or a camera is incomplete.
    """
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', _FIX)
    cameras: list[dict[str, list[float]]] = []
    for line in path.read_text(encoding='utf-8').splitlines():
        words = line.split('#')[0].split()
        if words and words[0] == 'camera':
            cameras.append({})
        elif words and words[0] in _NEEDED:
            if not cameras:
                cameras.append({})
            cameras[-1][words[0]] = _numbers(path, words)
    if not cameras:
        raise InputError(path, 'file', 'has no camera', _FIX)
    return [_matrix(path, camera, size) for camera in cameras]


def _numbers(path: Path, words: Sequence[str]) -> list[float]:
    try:
        return [float(word) for word in words[1:]]
    except ValueError as error:
        problem = f'{" ".join(words[1:])!r} are no numbers'
        raise InputError(path, words[0], problem, _FIX) from error


def _matrix(
    path: Path, camera: dict[str, list[float]], size: tuple[int, int]
) -> np.ndarray:
    for name, count in zip(_NEEDED, (2, 1, 1, 2), strict=True):
        if len(camera.get(name, ())) < count:
            raise InputError(path, name, 'is absent or too short', _FIX)
    sensor, offset = camera['sensorSize'], camera['centerOffset']
    focal = camera['focalLength'][0] / sensor[0] * size[0]
    centre = [size[i] / 2 + offset[i] / sensor[i] * size[i] for i in range(2)]
    aspect = camera['pixelAspect'][0]
    return np.array(
        [[focal, 0, centre[0]], [0, focal * aspect, centre[1]], [0, 0, 1]]
    )


def reprojection(
    intrinsics: np.ndarray, joints: np.ndarray, points: np.ndarray
) -> float:
    """Median distance of projected joints from their points.

    Args:
        intrinsics: ``[3, 3]``, px.
        joints: ``[T, J, 3]``, camera frame, any unit.
        points: ``[T, J, 2]``, px.

    Returns:
        px.
    """
    image = joints @ intrinsics.T
    found = image[..., :2] / image[..., 2:]
    return float(np.median(np.linalg.norm(found - points, axis=-1)))
