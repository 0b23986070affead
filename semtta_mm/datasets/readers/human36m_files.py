"""The JSON annotations of Human3.6M that Moon et al.'s projects use.

``annotations/Human36M_subject{S}_{data,camera,joint_3d}.json`` and, from
NeuralAnnot, ``..._SMPL_NeuralAnnot.json``; layout as read by
mks0601/Hand4Whole_RELEASE (``data/Human36M/Human36M.py``) and
mks0601/NeuralAnnot_RELEASE (``Human3.6M/demo_smpl.py``). All frames at 50 fps,
actions 2 to 16, sub-actions 1 and 2, cameras 1 to 4.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...utils import InputError

TREE = (
    'annotations/Human36M_subject9_{data,camera,joint_3d}.json (and 11) and '
    'images/s_09_act_02_subact_01_ca_01/s_09_act_02_subact_01_ca_01_000001.jpg'
)
FIX = f'give the folder that holds {TREE}'
_Key = tuple[int, int, int, int]


@dataclass(frozen=True)
class View:
    """One camera's images of one take.

    Attributes:
        subject: 1, 5, 6, 7, 8, 9 or 11.
        action: 2 to 16.
        take: Sub-action, 1 or 2.
        camera: 1 to 4.
        folder: Of the images, relative to ``images/``.
        frames: Frame numbers from 0, ascending.
        files: Number in the name of each frame's image.
        boxes: ``[T, 4]`` (x1, y1, x2, y2) as stored, px.
    """

    subject: int
    action: int
    take: int
    camera: int
    folder: str
    frames: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    boxes: list[list[float]] = field(default_factory=list)


def read_json(path: Path) -> Any:
    """A JSON file.

    Raises:
        InputError: If it cannot be read.
    """
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(
            path, 'file', f'cannot be read ({error})', FIX
        ) from error


def read_views(path: Path, cameras: Sequence[int], stride: int) -> list[View]:
    """Views of a subject, in the order of action, take and camera.

    Args:
        path: ``Human36M_subject{S}_data.json``.
        cameras: Which cameras.
        stride: Keep frames that are multiples of it.

    Raises:
        InputError: If the file is not as described.
    """
    data = read_json(path)
    try:
        boxes = {a['image_id']: a['bbox'] for a in data['annotations']}
        rows: dict[_Key, list[tuple]] = defaultdict(list)
        for image in data['images']:
            wanted = image['cam_idx'] in cameras
            if wanted and image['frame_idx'] % stride == 0:
                key = (
                    image['subject'],
                    image['action_idx'],
                    image['subaction_idx'],
                    image['cam_idx'],
                )
                x, y, width, height = boxes[image['id']]
                name = image['file_name'].replace('\\', '/')
                box = [x, y, x + width, y + height]
                rows[key].append((image['frame_idx'], name, box))
    except (KeyError, TypeError, ValueError) as error:
        problem = f'is not laid out as expected ({error!r})'
        raise InputError(path, 'images', problem, FIX) from error
    return [_view(path, key, sorted(rows[key])) for key in sorted(rows)]


def _view(path: Path, key: _Key, rows: list[tuple]) -> View:
    folders = {str(Path(name).parent) for _, name, _ in rows}
    if len(folders) != 1:
        problem = f'images of one view are in {len(folders)} folders'
        raise InputError(path, 'file_name', problem, FIX)
    view = View(*key, folders.pop())
    for frame, name, box in rows:
        number = Path(name).stem.rpartition('_')[2]
        if not number.isdigit() or int(number) != frame + 1:
            problem = f'{name} is not number {frame + 1}'
            raise InputError(path, 'file_name', problem, FIX)
        view.frames.append(frame)
        view.files.append(int(number))
        view.boxes.append(box)
    return view


@dataclass(frozen=True)
class Camera:
    """A camera of one subject.

    Attributes:
        turn: ``[3, 3]``, world to camera.
        shift: ``[3]``, mm.
        intrinsics: ``[3, 3]``, px; the lens' distortion is not in the files.
        shift_is_centre: ``turn @ (x - shift)`` instead of
            ``turn @ x + shift``.
    """

    turn: np.ndarray
    shift: np.ndarray
    intrinsics: np.ndarray
    shift_is_centre: bool = False

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """World ``[..., 3]`` to camera ``[..., 3]``, mm."""
        if self.shift_is_centre:
            return (points - self.shift) @ self.turn.T
        return points @ self.turn.T + self.shift

    def project(self, points: np.ndarray) -> np.ndarray:
        """Camera ``[..., 3]`` to px ``[..., 2]``."""
        image = points @ self.intrinsics.T
        return image[..., :2] / image[..., 2:]


def read_camera(path: Path, camera: int) -> Camera:
    """One camera of ``Human36M_subject{S}_camera.json``.

    Raises:
        InputError: If it is absent or not as described.
    """
    content = read_json(path)
    try:
        values = content[str(camera)]
        turn = np.asarray(values['R'], float).reshape(3, 3)
        shift = np.asarray(values['t'], float).reshape(3)
        focal = np.asarray(values['f'], float).reshape(2)
        centre = np.asarray(values['c'], float).reshape(2)
    except (KeyError, TypeError, ValueError) as error:
        problem = f'is not laid out as expected ({error!r})'
        raise InputError(path, f'camera {camera}', problem, FIX) from error
    matrix = np.array(
        [[focal[0], 0, centre[0]], [0, focal[1], centre[1]], [0, 0, 1]]
    )
    return Camera(turn, shift, matrix)


def settle_shift(
    path: Path, camera: Camera, world: np.ndarray, boxes: np.ndarray
) -> Camera:
    """Determine which of two meanings ``t`` has in these files.

    Moon's readers use ``R x + t``; a script in circulation that writes files
    of the same name stores the camera's centre, ``R (x - t)``. The stored
    boxes are drawn around the projected joints, which decides between them.

    Args:
        path: The camera file, for the message.
        camera: As read.
        world: ``[T, 17, 3]``, mm.
        boxes: ``[T, 4]``, px.

    Returns:
        The camera under which at least nine tenths of the joints are in
        their boxes.

    Raises:
        InputError: If that holds for neither meaning, or for both.
    """
    both = [
        Camera(camera.turn, camera.shift, camera.intrinsics, centre)
        for centre in (False, True)
    ]
    margin = 0.1 * (boxes[:, 2:] - boxes[:, :2])
    low, high = boxes[:, :2] - margin, boxes[:, 2:] + margin
    shares = []
    for candidate in both:
        joints = candidate(world)
        points = candidate.project(joints)
        inside = (points >= low[:, None]) & (points <= high[:, None])
        ahead = joints[..., 2] > 0
        shares.append(float((inside.all(axis=-1) & ahead).mean()))
    fitting = [c for c, s in zip(both, shares, strict=True) if s >= 0.9]
    if len(fitting) != 1:
        problem = (
            f'{100 * shares[0]:.0f} % of the joints fall into their boxes '
            f'as R x + t and {100 * shares[1]:.0f} % as R (x - t)'
        )
        raise InputError(path, 't', problem, FIX)
    return fitting[0]
