"""Predictions that mmpose writes as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...registry import TASK_UTILS
from ...structures import Detection
from ...utils import InputError
from ..detections import Recording
from ..video import last_number
from .base import NO_BOX, TrackReader
from .json_file import (
    identity,
    list_json,
    read_json,
    take,
    take_list,
    to_array,
)

_DATASETS = {
    'coco': 'coco_17',
    'coco_wholebody': 'coco_wholebody_133',
    'halpe26': 'halpe_26',
    'h36m': 'h36m_17',
}
_FIX = 'give predictions of MMPoseInferencer (pred_out_dir) or of its demos'


@TASK_UTILS.register_module()
class MMPoseReader(TrackReader):
    """Reads mmpose 1.x predictions, in all three shapes it writes.

    - ``MMPoseInferencer`` on a video: one file, a list of ``frame_id`` (from
      0) and ``instances``.
    - ``MMPoseInferencer`` on images: a folder, one list of instances a file;
      the frame is the image of the same name, else the file's last number.
    - the demo scripts: ``meta_info`` and ``instance_info``, whose frames are
      counted from 1. ``meta_info`` tells the convention.

    With ``det_model='whole_image'`` the boxes are the whole image: read with
    ``boxes='keypoints'``.

    Args:
        keypoints: JSON file, or folder of them.
        **options: See :class:`TrackReader`.
    """

    def read(self) -> Recording:
        """All instances of all frames."""
        if self.path.is_dir():
            return self._read_folder()
        data = read_json(self.path)
        first = 0
        if isinstance(data, dict):
            self.convention = self.convention or _told_by(data)
            data, first = take(self.path, 'file', data, 'instance_info'), 1
        if not isinstance(data, list):
            raise InputError(self.path, 'file', 'is no list of frames', _FIX)
        found, frames = [], []
        for i, item in enumerate(data):
            where = f'[{i}]'
            frames.append(_frame_number(self.path, where, item) - first)
            people = take_list(self.path, where, item, 'instances')
            found += _read_instances(
                self.path, f'{where}.instances', people, frames[-1]
            )
        return Recording(found, frames)

    def _read_folder(self) -> Recording:
        images = self.images_by_stem()
        found, frames = [], []
        for path in list_json(self.path):
            frame = images.get(path.stem, last_number(path.stem))
            if frame is None:
                raise InputError(
                    path, 'file name', 'has no frame number', _FIX
                )
            people = read_json(path)
            if not isinstance(people, list):
                raise InputError(path, 'file', 'is no list', _FIX)
            frames.append(frame)
            found += _read_instances(path, 'file', people, frame)
        return Recording(found, frames)


def _told_by(data: dict) -> str | None:
    meta = data.get('meta_info')
    name = meta.get('dataset_name') if isinstance(meta, dict) else None
    return _DATASETS.get(name) if isinstance(name, str) else None


def _frame_number(path: Path, where: str, item: Any) -> int:
    value = take(path, where, item, 'frame_id')
    if not isinstance(value, int):
        raise InputError(path, f'{where}.frame_id', 'is no whole number', _FIX)
    return value


def _read_instances(
    path: Path, where: str, people: list, frame: int
) -> list[Detection]:
    found = []
    for i, person in enumerate(people):
        at = f'{where}[{i}]'
        points = take_list(path, at, person, 'keypoints')
        scores = take_list(path, at, person, 'keypoint_scores')
        count = len(points)
        box = person.get('bbox')
        found.append(
            Detection(
                frame,
                to_array(path, f'{at}.keypoints', points, (count, 2)),
                to_array(path, f'{at}.keypoint_scores', scores, (count,)),
                # mmpose 1.3.2 wraps the box in one list too many.
                NO_BOX
                if box is None
                else to_array(path, f'{at}.bbox', box, (4,)),
                identity(path, f'{at}.track_id', person.get('track_id')),
            )
        )
    return found
