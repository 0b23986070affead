"""BlazePose: one person, 33 keypoints and 3D, on a CPU."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...datasets import video_info
from ...registry import TASK_UTILS
from ...structures import PersonBoxes
from ...utils import InputError
from ...utils.package_data import fetch_known, known_files
from ...utils.required_files import RequiredFile
from ..base import Detector2D, Progress
from ..cache import file_hash
from ..frames import checked_slice, frame_rate, iterate_frames
from ..result import DetectionResult
from .boxed import BoxedPoseTracker, poses_in_boxes
from .collect import main_person, to_result
from .tflite import TFLiteNetwork
from .tracker import (
    PERSON_OUTPUTS,
    POSE_OUTPUTS,
    PoseTracker,
    Thresholds,
    TrackedPose,
)

VARIANTS = ('lite', 'full', 'heavy')


@TASK_UTILS.register_module()
class BlazePoseDetector(Detector2D):
    """Tracks one person (Bazarevsky et al., BlazePose, 2020).

    The networks are Google's tflite files (Apache-2.0). The code around them
    implements mediapipe's pose graph without mediapipe; the results agree
    within a fraction of a pixel. There are two differences. After tracking
    fails, the person detector runs in the same frame, not in the next. A
    person detected at another position then has another identity, while
    mediapipe continues the same track. The result is the person who is
    detected in most frames.

    The score of a keypoint is the network's *visibility* (inside the image
    and not hidden), as published by mediapipe. The minimum of it and
    *presence* (inside the image) was tested: on two real videos 1 % and 0 %
    of the keypoints crossed the usual threshold of 0.3.

    A box is the extent of the keypoints with score 0.3 or more, or of all
    keypoints if these are fewer than three.

    Args:
        variant: ``'lite'``, ``'full'`` or ``'heavy'``: network for landmarks.
        detector_file: tflite file of the person detector; None fetches it.
        landmark_file: tflite file for landmarks; None fetches the variant's.
        min_detection: Lowest score of a detected person.
        min_tracking: Presence above which tracking continues.
        smooth: Smooth keypoints, scores and 3D over time, as mediapipe does
            by default. False gives raw evidence without lag, for adaptation.
        threads: CPU threads.

    Raises:
        InputError: If the variant is unknown or a threshold outside [0, 1].
            Files are opened on first use.
    """

    required_files = (
        RequiredFile(
            'detector_file',
            "BlazePose's person detector",
            'leave it out: it is fetched once',
        ),
        RequiredFile(
            'landmark_file',
            "BlazePose's landmark network",
            'leave it out: it is fetched once',
        ),
    )

    def __init__(
        self,
        variant: str = 'heavy',
        detector_file: str | PathLike[str] | None = None,
        landmark_file: str | PathLike[str] | None = None,
        min_detection: float = 0.5,
        min_tracking: float = 0.5,
        smooth: bool = False,
        threads: int = 2,
    ) -> None:
        if variant not in VARIANTS:
            raise _bad('variant', variant, f'choose from {VARIANTS}')
        for name, value in (
            ('min_detection', min_detection),
            ('min_tracking', min_tracking),
        ):
            if not 0 <= value <= 1:
                raise _bad(name, value, 'use a value in [0, 1]')
        self._files = {
            'blazepose/pose_detection.tflite': detector_file,
            f'blazepose/pose_landmark_{variant}.tflite': landmark_file,
        }
        self._thresholds = Thresholds(min_detection, min_tracking)
        self._smooth, self._threads = smooth, threads

    def settings(self) -> dict[str, Any]:
        """See :meth:`Detector2D.settings`; files are given by their hash."""
        return {
            'type': type(self).__name__,
            'files': [
                known_files()[name].sha256
                if path is None
                else file_hash(Path(path))
                for name, path in self._files.items()
            ],
            'min_detection': self._thresholds.detection,
            'min_tracking': self._thresholds.tracking,
            'smooth': self._smooth,
        }

    def detect(
        self,
        video: Path,
        frames: slice | None = None,
        progress: Progress | None = None,
        fps: float | None = None,
    ) -> DetectionResult:
        """See :meth:`Detector2D.detect`."""
        wanted, info = checked_slice(frames), video_info(video)
        rate = frame_rate(video, info, fps)
        end = min(wanted.stop, info.frame_count)
        total = len(range(wanted.start, end, wanted.step))
        tracker = PoseTracker(*self._networks, self._thresholds, self._smooth)
        tracked: dict[int, TrackedPose | None] = {}
        for number, image in iterate_frames(video, wanted, info):
            tracked[number] = tracker(image)
            done = len(tracked)
            if progress is not None:
                progress(done, max(total, done))
        if not tracked:
            raise InputError(
                video,
                'frames',
                f'start at {wanted.start}, the video has {info.frame_count}',
                'choose frames within the video',
            )
        size = (info.width, info.height)
        poses = main_person(tracked)
        return to_result(video.name, rate, size, list(tracked), poses)

    def detect_in_boxes(
        self,
        video: Path,
        people: Sequence[PersonBoxes],
        progress: Progress | None = None,
        fps: float | None = None,
    ) -> list[DetectionResult]:
        """See :meth:`Detector2D.detect_in_boxes`.

        The person network is not used. Each person has an own region and
        smoothing; the video is decoded once.
        """
        info = video_info(video)
        rate = frame_rate(video, info, fps)
        size = (info.width, info.height)
        known = [p.frame_ids for p in people if len(p)]
        if not known:
            empty: list[int] = []
            return [to_result(video.name, rate, size, empty, {})] * len(people)
        ids = np.unique(np.concatenate(known))
        span = range(int(ids[0]), int(ids[-1]) + 1)
        net = self._networks[1]
        poses = poses_in_boxes(
            iterate_frames(video, span, info),
            people,
            lambda: BoxedPoseTracker(
                net, self._thresholds.tracking, self._smooth
            ),
            on_frame=progress and (lambda done: progress(done, len(span))),
        )
        return [
            to_result(video.name, rate, size, person.frame_ids.tolist(), found)
            for person, found in zip(people, poses, strict=True)
        ]

    @cached_property
    def _networks(self) -> tuple[TFLiteNetwork, TFLiteNetwork]:
        person, pose = (
            fetch_known(name) if path is None else Path(path)
            for name, path in self._files.items()
        )
        return (
            TFLiteNetwork(person, PERSON_OUTPUTS, self._threads),
            TFLiteNetwork(pose, POSE_OUTPUTS, self._threads),
        )


def _bad(field: str, value: object, fix: str) -> InputError:
    return InputError('BlazePoseDetector', field, f'is {value!r}', fix)
