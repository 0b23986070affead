"""Result of a 2D detector, and its conversion to a track."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..conventions import keypoint_names
from ..structures import PersonTrack
from ..utils import NoPersonError


@dataclass(frozen=True)
class DetectionResult:
    """Detections of one person in a video.

    ``frame_ids`` has only the frames in which the person was detected, so a
    missing frame is absent instead of zero; ``searched`` has all processed
    frames.

    Note:
        - frames with the person: T
        - processed frames: N
        - keypoints of the convention: K

    Attributes:
        source: Name of the video file, without its folder.
        fps: Frames per second of the video that the frame numbers count.
        image_size: Width and height, px.
        convention: Name in :data:`semtta_mm.conventions.CONVENTIONS`.
        searched: Numbers of the processed frames ``[N]``, strictly
            increasing.
        frame_ids: Numbers of the frames with the person ``[T]``, a subset of
            ``searched``.
        keypoints: ``[T, K, 2]``, px of the original image; may lie outside.
        scores: ``[T, K]`` in [0, 1]; 0 means missing.
        boxes: Tight boxes ``[T, 4]`` (x1, y1, x2, y2), px of the image.
        world: The detector's monocular 3D ``[T, K, 3]``, m, camera axes
            (x right, y down, z away), origin between the hips; None if the
            detector has no 3D.
    """

    source: str
    fps: float
    image_size: tuple[int, int]
    convention: str
    searched: NDArray[Any]
    frame_ids: NDArray[Any]
    keypoints: NDArray[Any]
    scores: NDArray[Any]
    boxes: NDArray[Any]
    world: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        put = object.__setattr__  # the dataclass is frozen
        for item in fields(self):
            value = getattr(self, item.name)
            if not isinstance(value, np.ndarray):
                continue
            counts = item.name in ('searched', 'frame_ids')
            put(self, item.name, value.astype(np.int64 if counts else 'f4'))
        self._check_shapes()
        self._check_values()

    def _check_shapes(self) -> None:
        t, k = len(self.frame_ids), len(keypoint_names(self.convention))
        shapes = {
            'searched': (len(self.searched),),
            'frame_ids': (t,),
            'keypoints': (t, k, 2),
            'scores': (t, k),
            'boxes': (t, 4),
            'world': (t, k, 3),
        }
        for name, want in shapes.items():
            value = getattr(self, name)
            if value is not None and value.shape != want:
                raise ValueError(
                    f'{name}: expected {want} for {t} frames of '
                    f'{self.convention}, got {value.shape}'
                )

    def _check_values(self) -> None:
        for name in ('keypoints', 'scores', 'boxes', 'world'):
            value = getattr(self, name)
            if value is not None and not np.isfinite(value).all():
                raise ValueError(f'{name}: contains NaN or infinity')
        for name in ('searched', 'frame_ids'):
            if (np.diff(getattr(self, name)) <= 0).any():
                raise ValueError(f'{name}: must be strictly increasing')
        if not np.isin(self.frame_ids, self.searched).all():
            raise ValueError('frame_ids: not all are among searched')
        if not self.fps > 0:
            raise ValueError(f'fps: must be positive, got {self.fps}')
        if min(self.image_size) < 1:
            raise ValueError(f'image_size: {self.image_size} has no area')

    def __len__(self) -> int:
        return len(self.frame_ids)

    @property
    def stride(self) -> int:
        """Frames of the video from one processed frame to the next."""
        return max(int(np.gcd.reduce(np.diff(self.searched))), 1)

    def to_track(
        self, name: str | None = None, video: Path | None = None
    ) -> PersonTrack:
        """The evidence as a track.

        Args:
            name: Name of the track; None takes ``{stem of the video}_p0``.
            video: The video; required to read its frames.

        Returns:
            A track of the frames with the person.

        Raises:
            NoPersonError: If no person was found.
        """
        if not len(self):
            raise NoPersonError(
                self.source,
                'people',
                f'no person was found in {len(self.searched)} frames',
                'lower the thresholds of the detector or use another one',
            )
        return PersonTrack(
            name=name or f'{Path(self.source).stem}_p0',
            frame_ids=self.frame_ids,
            fps=self.fps,
            boxes=self.boxes,
            keypoints=self.keypoints,
            scores=self.scores,
            convention=self.convention,
            video=video,
            stride=self.stride,
        )
