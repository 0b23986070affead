"""Base class of all readers of detections."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...conventions import keypoint_names
from ...structures import PersonTrack
from ...utils import InputError
from ...utils.required_files import RequiredFile
from ..detections import (
    Recording,
    TrackingOptions,
    chain_to_track,
    clean_detections,
    group_detections,
)
from ..video import numbered_images, video_info


class TrackReader(ABC):
    """Reads detections of one video and makes tracks of them.

    Sub-classes implement :meth:`read`.

    Args:
        keypoints: File or folder with the detections.
        video: Video file or folder of images; None for none.
        convention: Keypoint convention of the file; None derives it from
            the number of keypoints.
        fps: Frames per second; None takes the video's. A folder of images
            has no rate of its own.
        name: Name of the tracks, ``{name}_p{i}``; None takes that of the
            video, or of ``keypoints``.
        numbering: How a folder's images are counted, see
            :class:`~semtta_mm.structures.PersonTrack`.
        **tracking: See :class:`~semtta_mm.datasets.TrackingOptions`:
            ``min_score=0.3``, ``boxes='file'``, ``fill_boxes=True``,
            ``max_gap=30``, ``max_distance=0.5``, ``min_length=10``.
    """

    required_files = (
        RequiredFile(
            'keypoints',
            '2D keypoints',
            'detections of the video, see docs/tracks.md',
        ),
        RequiredFile(
            'video',
            'video',
            'the video file or folder of images of the keypoints',
        ),
    )

    by_count: dict[int, str] = {
        17: 'coco_17',
        23: 'coco_23',
        26: 'halpe_26',
        133: 'coco_wholebody_133',
    }
    """Number of keypoints to convention."""

    def __init__(
        self,
        keypoints: str | PathLike[str],
        video: str | PathLike[str] | None = None,
        convention: str | None = None,
        fps: float | None = None,
        name: str | None = None,
        numbering: str = 'position',
        **tracking: Any,
    ) -> None:
        if convention is not None:
            keypoint_names(convention)
        if fps is not None and not fps > 0:
            raise InputError(
                keypoints, 'fps', f'{fps} is not positive', 'give the rate'
            )
        self.path = Path(keypoints)
        self.video = None if video is None else Path(video)
        self.convention = convention
        self.fps = fps
        self.name = name or (self.video or self.path).stem
        self.numbering = numbering
        self.tracking = TrackingOptions(**tracking)

    @abstractmethod
    def read(self) -> Recording:
        """All detections of the file, unchanged.

        Raises:
            InputError: If the file is bad.
        """

    def __call__(self) -> list[PersonTrack]:
        """Read the tracks.

        Raises:
            InputError: If a file is bad or absent, the rate is unknown, or
                no person is detected long enough.
        """
        fps = self.frame_rate()
        tracks = self.link(self.read(), self.name, fps)
        self.check_found(tracks)
        for track in tracks:
            track.video, track.numbering = self.video, self.numbering
        return tracks

    def link(
        self, recording: Recording, name: str, fps: float
    ) -> list[PersonTrack]:
        """Make tracks of the detections of one video.

        Args:
            recording: As read.
            name: Name of the video, for the names of the tracks.
            fps: Frames per second.

        Raises:
            InputError: If the keypoints fit no convention, or a person is in
                a frame twice.
        """
        self.check_people(recording)
        convention = self.pick_convention(recording)
        recording = Recording(
            clean_detections(recording.people, self.tracking),
            recording.frames,
        )
        chains = group_detections(recording, self.tracking)
        tracks = [
            chain_to_track(
                chain, f'{name}_p{i}', convention, fps, recording.stride
            )
            for i, chain in enumerate(chains)
        ]
        for track, chain in zip(tracks, chains, strict=True):
            self.complete(track, np.array([item.row for item in chain]))
        return tracks

    def complete(self, track: PersonTrack, rows: np.ndarray) -> None:
        """Add values that detections do not contain; nothing here.

        Args:
            track: The track, changed in place.
            rows: Position of its detections in the file ``[T]``.
        """
        del track, rows

    def check_found(self, tracks: Sequence[PersonTrack]) -> None:
        """Check that there is at least one track.

        Raises:
            InputError: If there is none.
        """
        if not tracks:
            raise InputError(
                self.path,
                'keypoints',
                f'no person is detected long enough at score '
                f'{self.tracking.min_score:g} or better',
                'lower min_length or min_score',
            )

    def frame_rate(self) -> float:
        """Frames per second that the frame numbers count.

        Raises:
            InputError: If it is unknown, or the video is bad.
        """
        found = None if self.video is None else video_info(self.video).fps
        rate = found if self.fps is None else self.fps
        if rate is None:
            raise InputError(
                self.video or self.path,
                'fps',
                'is not known without a video file',
                'give fps=...',
            )
        return rate

    def pick_convention(self, recording: Recording) -> str:
        """Convention of the keypoints, given or derived from their number.

        Raises:
            InputError: If the number fits none.
        """
        count = len(recording.people[0].scores)
        convention = self.convention or self.by_count.get(count)
        if convention is None:
            known = ', '.join(str(number) for number in self.by_count)
            raise InputError(
                self.path,
                'keypoints',
                f'{count} a person fit no format (known: {known})',
                'name their convention (convention=...)',
            )
        wanted = len(keypoint_names(convention))
        if wanted != count:
            raise InputError(
                self.path,
                'keypoints',
                f'{count} a person, but {convention} has {wanted}',
                'name the right convention (convention=...)',
            )
        return convention

    def check_people(self, recording: Recording) -> None:
        """Check that people exist, keypoint counts and ids per frame.

        Raises:
            InputError: If there is no person, numbers of keypoints differ,
                or a person is twice in a frame.
        """
        if not recording.people:
            raise InputError(
                self.path, 'keypoints', 'has no person', 'detect again'
            )
        count = len(recording.people[0].scores)
        found = set()
        for item in recording.people:
            where = f'frame {item.frame}'
            if len(item.scores) != count:
                problem = f'{len(item.scores)} keypoints, elsewhere {count}'
                raise InputError(
                    self.path, where, problem, 'use files of one model'
                )
            key = (item.frame, item.person)
            if item.person is not None and key in found:
                problem = f'person {item.person} is in it twice'
                raise InputError(
                    self.path, where, problem, 'give each person one id'
                )
            found.add(key)

    def images_by_stem(self) -> dict[str, int]:
        """File name without suffix to frame number, of a video folder."""
        if self.video is None or not self.video.is_dir():
            return {}
        images = numbered_images(self.video, self.numbering)
        return {path.stem: number for number, path in images.items()}


NO_BOX = np.full(4, np.nan, np.float32)
"""Box of a detection that has none."""
