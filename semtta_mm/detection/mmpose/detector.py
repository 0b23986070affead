"""Any top-down model of mmpose as a detector of 2D keypoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...checkpoints.weights import weights_exist
from ...conventions import keypoint_names
from ...datasets import video_info
from ...registry import TASK_UTILS
from ...structures import PersonBoxes
from ...utils import InputError
from ...utils.required_files import RequiredFile
from ..base import Detector2D, Progress
from ..blazepose.collect import pose_box
from ..frames import checked_slice, frame_rate, iterate_frames
from ..result import DetectionResult
from .boxes import BoxPose, SeenPeople, poses_in_boxes
from .model import TopdownModel
from .people import PeopleFinder
from .sources import PoseSource, find_source

PIXEL_CENTRE = 0.5
"""mmpose counts the middle of the first pixel as 0, this package as 0.5."""

END = np.iinfo(np.int64).max
"""A video is read to its actual end, whatever its container says."""

NOBODY = PersonBoxes(0, np.zeros(0, int), np.zeros((0, 4)), np.zeros(0))

DEFAULT_CONFIG = 'movenet_thunder_coco-256x256'


@TASK_UTILS.register_module()
class MMPoseDetector(Detector2D):
    """Runs a top-down model of mmpose in the boxes of people.

    Keypoints equal those of mmpose's ``inference_topdown`` in the same boxes,
    shifted by half a pixel to this package's pixel coordinates. A frame in
    which fewer than ``min_keypoints`` keypoints reach ``min_score`` has no
    person.

    Args:
        config: File, or name or alias of mmpose's, see
            :func:`.find_source`. The default is MoveNet Thunder, whose
            weights ship.
        checkpoint: File, URL or shipped name; None takes that of the config.
        people: Config of a
            :class:`~semtta_mm.detection.mmpose.PeopleFinder`; ``'image'`` is
            the whole image; None is BlazePose's box.
        batch_size: Crops in a batch; they may be of different frames.
        min_score: Lowest score of a keypoint that counts.
        min_keypoints: See above.
        device: Torch device.

    Raises:
        InputError: If a value is out of range. Files are read on first use.
    """

    required_files = (
        RequiredFile(
            'checkpoint',
            "weights of mmpose's model",
            'download them from the model zoo of mmpose',
            lambda value, config: _is_found(value, config),
        ),
    )

    def __init__(
        self,
        config: str | PathLike[str] = DEFAULT_CONFIG,
        checkpoint: str | PathLike[str] | None = None,
        people: dict | str | None = None,
        batch_size: int = 16,
        min_score: float = 0.3,
        min_keypoints: int = 3,
        device: str = 'cpu',
    ) -> None:
        where = type(self).__name__
        if not 0 <= min_score <= 1:
            fix = 'use a value in [0, 1]'
            raise InputError(where, 'min_score', f'is {min_score}', fix)
        if min(batch_size, min_keypoints) < 1:
            problem = f'are {batch_size} and {min_keypoints}'
            field = 'batch_size, min_keypoints'
            raise InputError(where, field, problem, 'use 1 or more')
        if people == 'image':
            people = dict(type='WholeImage')
        self.people: PeopleFinder = TASK_UTILS.build(
            people or dict(type='DetectorBoxes')
        )
        self._config, self._checkpoint = config, checkpoint
        self._batch_size, self._device = batch_size, device
        self._min_score, self._min_keypoints = min_score, min_keypoints

    def settings(self) -> dict[str, Any]:
        """See :meth:`Detector2D.settings`; files are given by their hash."""
        return {
            'type': type(self).__name__,
            'config': self._source.digest(),
            'checkpoint': self._source.sha256,
            'people': dict(self.people.settings()),
            'min_score': self._min_score,
            'min_keypoints': self._min_keypoints,
        }

    def detect(
        self,
        video: Path,
        frames: slice | None = None,
        progress: Progress | None = None,
        fps: float | None = None,
    ) -> DetectionResult:
        """See :meth:`Detector2D.detect`.

        The person with boxes in most frames is detected. Progress is that of
        the keypoints; searching for people comes before.
        """
        wanted, info = checked_slice(frames), video_info(video)
        rate = frame_rate(video, info, fps)
        if wanted.start >= info.frame_count:
            raise InputError(
                video,
                'frames',
                f'start at {wanted.start}, the video has {info.frame_count}',
                'choose frames within the video',
            )
        people = self.people.find(video, frames, None, fps)
        person = max(people, key=len, default=NOBODY)
        if wanted.stop > info.frame_count:
            wanted = range(wanted.start, END, wanted.step)
        seen = self._run(video, [person], wanted, progress)
        size = (info.width, info.height)
        return self._result(video, rate, size, seen.frames, seen.poses[0])

    def detect_in_boxes(
        self,
        video: Path,
        people: Sequence[PersonBoxes],
        progress: Progress | None = None,
        fps: float | None = None,
    ) -> list[DetectionResult]:
        """Detect several people, whose boxes are known.

        Args:
            video: Video file or folder of images (in natural order, from 0).
            people: Boxes of each person. Frames outside of a person's boxes
                are not searched for it.
            progress: Called after each frame.
            fps: Frames per second; None takes the video's.

        Returns:
            The detections of each person, in the order of ``people``.

        Raises:
            InputError: If the video is missing or unreadable, or its rate is
                unknown.
        """
        info = video_info(video)
        rate, size = frame_rate(video, info, fps), (info.width, info.height)
        ids = np.unique(
            np.concatenate([np.zeros(0, int), *(p.frame_ids for p in people)])
        )
        step = max(int(np.gcd.reduce(np.diff(ids))), 1)
        span = range(int(ids[0]), int(ids[-1]) + 1, step) if len(ids) else None
        seen = (
            SeenPeople([], [{} for _ in people])
            if span is None
            else self._run(video, people, span, progress)
        )
        return [
            self._result(
                video,
                rate,
                size,
                [n for n in seen.frames if n in set(person.frame_ids)],
                poses,
            )
            for person, poses in zip(people, seen.poses, strict=True)
        ]

    def _run(
        self,
        video: Path,
        people: Sequence[PersonBoxes],
        span: range,
        progress: Progress | None,
    ) -> SeenPeople:
        info = video_info(video)
        end = min(span.stop, info.frame_count)
        total = len(range(span.start, end, span.step))
        return poses_in_boxes(
            self._model,
            iterate_frames(video, span, info),
            people,
            self._batch_size,
            progress and (lambda done: progress(done, max(total, done))),
        )

    def _result(
        self,
        video: Path,
        rate: float,
        size: tuple[int, int],
        searched: Sequence[int],
        poses: Mapping[int, BoxPose],
    ) -> DetectionResult:
        """Stack the poses of one person; frames without it are left out."""
        kept = {
            number: pose
            for number, pose in sorted(poses.items())
            if (pose.scores >= self._min_score).sum() >= self._min_keypoints
        }
        k = len(keypoint_names(self._model.convention))
        points = np.array([p.keypoints for p in kept.values()])
        points = points.reshape(-1, k, 2) + PIXEL_CENTRE
        scores = np.array([p.scores for p in kept.values()]).reshape(-1, k)
        boxes = [pose_box(p, s) for p, s in zip(points, scores, strict=True)]
        return DetectionResult(
            source=video.name,
            fps=rate,
            image_size=size,
            convention=self._model.convention,
            searched=np.array(searched, np.int64),
            frame_ids=np.array(list(kept), np.int64),
            keypoints=points,
            scores=scores,
            boxes=np.array(boxes).reshape(-1, 4),
        )

    @cached_property
    def _source(self) -> PoseSource:
        return find_source(self._config, self._checkpoint)

    @cached_property
    def _model(self) -> TopdownModel:
        return TopdownModel(self._source, self._device)


def _is_found(checkpoint: str, config: Mapping[str, Any]) -> bool:
    """Whether a checkpoint exists, or is downloaded on first use."""
    return '://' in checkpoint or weights_exist(checkpoint, config)
