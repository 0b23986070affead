"""COCO-style JSON: annotations with keypoints."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...registry import TASK_UTILS
from ...structures import Detection
from ...utils import InputError
from ..detections import Recording
from ..video import last_number
from .base import NO_BOX, TrackReader
from .json_file import identity, read_json, take, take_list, to_array

_FIX = 'give a COCO keypoint file: images and annotations, or a result list'


@TASK_UTILS.register_module()
class CocoJsonReader(TrackReader):
    """Reads COCO annotation files and COCO result lists of one video.

    The third value of a keypoint is COCO's flag (0 absent, 1 hidden, 2
    visible) where the whole file holds 0, 1 and 2 only: labelled points then
    score 1. Otherwise it is the detector's score. ``bbox`` is (x, y, width,
    height), px; ``track_id`` is trusted, detections without it are linked.

    The frame is ``frame_id`` of the image if it has one, else the image of
    the same name in the video folder, else the last number of its file name;
    without an ``images`` table the number ``image_id``.

    Args:
        keypoints: JSON file.
        **options: See :class:`TrackReader`.
    """

    by_count = {**TrackReader.by_count, 18: 'openpose_18', 25: 'openpose_25'}

    def read(self) -> Recording:
        """All annotations of all images."""
        data = read_json(self.path)
        frames: dict[Any, int] | None = None
        items = data
        if isinstance(data, dict):
            frames = self._frames(take_list(self.path, 'file', data, 'images'))
            items = take_list(self.path, 'file', data, 'annotations')
        if not isinstance(items, list):
            raise InputError(self.path, 'file', 'is no COCO file', _FIX)
        found = [
            self._detection(f'annotations[{i}]', item, frames)
            for i, item in enumerate(items)
        ]
        seen = [item.frame for item in found]
        looked_at = seen if frames is None else [*frames.values()]
        return Recording(_flags_to_scores(found), looked_at)

    def _frames(self, images: list) -> dict[Any, int]:
        stems = self.images_by_stem()
        frames = {}
        for i, image in enumerate(images):
            where = f'images[{i}]'
            key = take(self.path, where, image, 'id')
            frame = image.get('frame_id')
            if frame is None:
                name = str(take(self.path, where, image, 'file_name'))
                stem = name.replace('\\', '/').split('/')[-1].rsplit('.', 1)[0]
                frame = stems.get(stem, last_number(stem))
            if not isinstance(frame, int):
                raise InputError(
                    self.path, f'{where}.file_name', 'has no number', _FIX
                )
            frames[key] = frame
        return frames

    def _detection(
        self, where: str, item: Any, frames: dict[Any, int] | None
    ) -> Detection:
        image = take(self.path, where, item, 'image_id')
        frame = image
        if frames is not None and isinstance(image, int | str):
            frame = frames.get(image)
        if not isinstance(frame, int):
            raise InputError(
                self.path, f'{where}.image_id', f'{image!r} is no image', _FIX
            )
        values = take_list(self.path, where, item, 'keypoints')
        points = to_array(self.path, f'{where}.keypoints', values, (-1, 3))
        return Detection(
            frame,
            points[:, :2],
            points[:, 2],
            self._box(where, item),
            identity(self.path, f'{where}.track_id', item.get('track_id')),
        )

    def _box(self, where: str, item: dict) -> np.ndarray:
        if item.get('bbox') is None:
            return NO_BOX
        box = to_array(self.path, f'{where}.bbox', item['bbox'], (4,))
        return np.concatenate([box[:2], box[:2] + box[2:]])


def _flags_to_scores(found: list[Detection]) -> list[Detection]:
    values = np.concatenate([np.zeros(1), *(d.scores for d in found)])
    if not np.isin(values, (0, 1, 2)).all():
        return found
    return [
        Detection(d.frame, d.keypoints, d.scores.clip(0, 1), d.box, d.person)
        for d in found
    ]
