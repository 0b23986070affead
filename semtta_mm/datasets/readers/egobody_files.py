"""The files of EgoBody's release, each read into plain arrays.

Layout: the readme, ``release_renderer_fpv_gaze.py`` and
``release_renderer_kinect.py`` of sanweiliti/EgoBody.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...checkpoints.plain_data import read_plain_pickle
from ...conventions import NUM_BETAS
from ...utils import InputError

TREE = (
    'data_info_release.csv, data_splits.csv, '
    'egocentric_color/RECORDING/202x-xx-xx-xxxxxx/{PV/*_frame_xxxxx.jpg, '
    '*_pv.txt, keypoints.npz, valid_frame.npz}, '
    'calibrations/RECORDING/cal_trans/holo_to_kinect12.json and '
    'smpl_interactee_SPLIT/RECORDING/body_idx_x/results/frame_xxxxx/000.pkl'
)
FIX = f'give the folder that holds {TREE}'
_SIZES = {'global_orient': 3, 'body_pose': 69, 'betas': NUM_BETAS}


@dataclass(frozen=True)
class Recording:
    """A line of ``data_info_release.csv``.

    Attributes:
        name: ``recording_202xxxxx_Sxx_Sxx_xx``.
        first: First frame.
        last: Last frame, included.
        body: Index of the interactee's body.
        gender: ``'male'`` or ``'female'``.
    """

    name: str
    first: int
    last: int
    body: int
    gender: str


def read_table(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV with a heading.

    Raises:
        InputError: If it cannot be read.
    """
    try:
        with path.open(newline='', encoding='utf-8-sig') as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            path, 'file', f'cannot be read ({error})', FIX
        ) from error


def read_split(path: Path, split: str) -> list[str]:
    """Names of a split's recordings; its columns are of unequal length.

    Raises:
        InputError: If there is no such split.
    """
    rows = read_table(path)
    names = [row[split].strip() for row in rows if row.get(split)]
    if not names:
        known = ', '.join(rows[0]) if rows else 'none'
        raise InputError(path, split, 'is no split of it', f'use one: {known}')
    return [name for name in names if name]


def read_info(path: Path) -> dict[str, Recording]:
    """All recordings by name.

    Raises:
        InputError: If a column is absent or a value is not valid.
    """
    found = {}
    for i, row in enumerate(read_table(path)):
        try:
            index, gender = row['body_idx_fpv'].split()
            item = Recording(
                row['recording_name'].strip(),
                int(row['start_frame']),
                int(row['end_frame']),
                int(index),
                gender,
            )
        except (KeyError, ValueError, AttributeError) as error:
            problem = f'cannot be parsed ({error})'
            raise InputError(path, f'line {i + 2}', problem, FIX) from error
        if gender not in ('male', 'female'):
            raise InputError(
                path, 'body_idx_fpv', f'{gender!r} is no gender', FIX
            )
        found[item.name] = item
    return found


@dataclass(frozen=True)
class HeadCamera:
    """The HoloLens' colour camera.

    Attributes:
        centre: Principal point, px.
        by_time: Time stamp to focal lengths ``[2]`` (px) and the camera's
            pose in the HoloLens' world ``[4, 4]``.
    """

    centre: tuple[float, float]
    by_time: dict[str, tuple[np.ndarray, np.ndarray]]


def read_head_camera(path: Path) -> HeadCamera:
    """Read ``*_pv.txt``: cx, cy, w, h, then one line a frame.

    Frames without a pose of the HoloLens (a matrix without inverse) are left
    out, as in the release's own code.

    Raises:
        InputError: If a line has another number of values.
    """
    lines = path.read_text(encoding='utf-8').splitlines()
    head = _floats(path, 1, lines[0] if lines else '', 4)
    by_time = {}
    for i, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        time, _, rest = line.partition(',')
        values = np.array(_floats(path, i, rest, 18))
        place = values[2:18].reshape(4, 4)
        if abs(np.linalg.det(place[:3, :3])) > 0.5:
            by_time[time.strip()] = (values[:2], place)
    return HeadCamera((head[0], head[1]), by_time)


def _floats(path: Path, line: int, text: str, count: int) -> list[float]:
    try:
        values = [float(word) for word in text.strip('()[] ').split(',')]
    except ValueError:
        values = []
    if len(values) != count:
        problem = f'has not {count} numbers'
        raise InputError(path, f'line {line}', problem, FIX)
    return values


def read_transform(path: Path) -> np.ndarray:
    """``trans [4, 4]`` of a calibration file.

    Raises:
        InputError: If it is absent or no rigid motion.
    """
    try:
        content = json.loads(path.read_text(encoding='utf-8'))
        trans = np.asarray(content['trans'], float).reshape(4, 4)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            path, 'trans', f'cannot be read ({error})', FIX
        ) from error
    turn = trans[:3, :3]
    if not np.allclose(turn @ turn.T, np.eye(3), atol=1e-3):
        raise InputError(path, 'trans', 'is no rigid motion', FIX)
    return trans


def read_fit(path: Path) -> dict[str, np.ndarray]:
    """SMPL parameters of one frame.

    Args:
        path: ``000.pkl``.

    Returns:
        ``global_orient [3]``, ``body_pose [69]`` (axis-angle, radians) and
        ``betas [10]``.

    Raises:
        InputError: If one is absent or of another length (SMPL-X has 63).
    """
    content = read_plain_pickle(path, FIX)
    fit = {}
    for name, size in _SIZES.items():
        value = np.asarray(content.get(name, ()), float).ravel()
        if value.size != size:
            problem = f'has {value.size} numbers, SMPL has {size}'
            raise InputError(path, name, problem, FIX)
        fit[name] = value
    return fit
