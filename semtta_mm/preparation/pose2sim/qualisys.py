"""Calibration files of Qualisys Track Manager (``*.qca.txt``, XML)."""

from os import PathLike
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from ...geometry.triangulation import Camera
from ...utils import InputError

_FIX = 'export the calibration from Qualisys Track Manager again'
_SUBPIXELS = 64.0
"""Units of Qualisys per pixel."""
_TO_OPENCV = np.diag([1.0, -1.0, -1.0])
"""Qualisys: view along -z, y up; OpenCV: view along z, y down."""


def read_qualisys(path: str | PathLike[str]) -> list[Camera]:
    """Read the cameras of a calibration.

    With ``F = diag(1, -1, -1)``, the file's rotation ``R`` and position
    ``T`` (mm), a camera's projection is ``[F R | -F R T]``. Intrinsics are
    the file's over 64, less the offset of the field of view.

    Args:
        path: The ``.qca.txt`` file.

    Returns:
        Active cameras in the file's order, named by their serial.

    Raises:
        InputError: If the file is missing or not such XML, has fewer than two
            cameras or two with the same name, or a value is absent or not a
            number.
    """
    path = Path(path)
    nodes = [n for n in _camera_nodes(path) if n.get('active', '1') == '1']
    if len(nodes) < 2:
        problem = f'{len(nodes)} active, at least 2 are needed'
        raise InputError(path, 'cameras', problem, _FIX)
    cameras = [_camera(path, node) for node in nodes]
    names = [camera.name for camera in cameras]
    if len(set(names)) < len(names):
        raise InputError(path, 'serial', f'not unique: {names}', _FIX)
    return cameras


def _camera_nodes(path: Path) -> list[ElementTree.Element]:
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', 'check the path')
    try:
        found = ElementTree.parse(path).getroot().find('cameras')
    except (ElementTree.ParseError, UnicodeDecodeError, LookupError) as error:
        raise InputError(
            path, 'file', f'is not XML ({error})', _FIX
        ) from error
    if found is None:
        raise InputError(path, 'cameras', 'is absent', _FIX)
    return found.findall('camera')


def _camera(path: Path, node: ElementTree.Element) -> Camera:
    name = node.get('serial')
    if not name:
        raise InputError(path, 'serial', 'a camera has none', _FIX)
    cells = [f'r{row}{column}' for row in (1, 2, 3) for column in (1, 2, 3)]
    place = (path, name, node, 'transform')
    rotation = _TO_OPENCV @ _numbers(*place, cells).reshape(3, 3)
    position = _numbers(*place, ['x', 'y', 'z']) / 1000
    lens = [
        *('radialDistortion1', 'radialDistortion2'),
        *('tangentalDistortion1', 'tangentalDistortion2'),
    ]
    try:
        return Camera(
            name=name,
            intrinsics=_intrinsics(path, name, node),
            distortion=_numbers(path, name, node, 'intrinsic', lens),
            rotation=rotation,
            translation=-rotation @ position,
        )
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(path, f'camera {name}', str(error), _FIX) from error


def _intrinsics(
    path: Path, name: str, node: ElementTree.Element
) -> np.ndarray:
    values = ['focalLengthU', 'focalLengthV', 'centerPointU', 'centerPointV']
    fx, fy, cx, cy = (
        _numbers(path, name, node, 'intrinsic', values) / _SUBPIXELS
    )
    left, top = _numbers(path, name, node, 'fov_video', ['left', 'top'])
    return np.array([[fx, 0, cx - left], [0, fy, cy - top], [0, 0, 1]])


def _numbers(
    path: Path, name: str, node: ElementTree.Element, tag: str, keys: list[str]
) -> np.ndarray:
    """Attributes ``keys`` of the child ``tag`` as finite numbers."""
    child = node.find(tag)
    found = {} if child is None else child.attrib
    values = []
    for key in keys:
        text = found.get(key)
        field = f'camera {name} {tag}.{key}'
        if text is None:
            raise InputError(path, field, 'is absent', _FIX)
        try:
            values.append(float(text))
        except ValueError:
            values.append(np.nan)
        if not np.isfinite(values[-1]):
            raise InputError(path, field, f'{text!r} is not a number', _FIX)
    return np.array(values)
