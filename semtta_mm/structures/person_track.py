"""One person in one video: frames, boxes and 2D evidence."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..conventions import keypoint_names
from .reference import BodyReference


@dataclass
class PersonTrack:
    """A person tracked through a video.

    Note:
        - frames of the track: T
        - keypoints of the convention: K

    Attributes:
        name: Unique name, also the name of the result folder.
        frame_ids: Frame numbers in the video ``[T]``, strictly increasing;
            gaps are allowed and kept.
        fps: Frames per second of the video that ``frame_ids`` refer to.
        boxes: Tight boxes of the person ``[T, 4]`` (x1, y1, x2, y2), px of
            the original image. The dataset pads and squares them.
        keypoints: 2D evidence ``[T, K, 2]``, px of the original image.
        scores: Confidence of the evidence ``[T, K]``; 0 means missing.
        convention: Name in :data:`semtta_mm.conventions.CONVENTIONS`.
        video: Video file or folder of images; None if there is none.
        stride: Frames of the video from one sample to the next where there
            is no gap. A 60 fps video of which every second frame is used
            keeps its numbers and its ``fps``, and has ``stride`` 2.
        numbering: How ``frame_ids`` count the images of a folder:
            ``'position'`` in natural order from 0, or ``'name'``, the last
            number in the file name. Not used for a video file.
        intrinsics: True camera ``[T, 3, 3]``, px; None if unknown.
        reference: 3D reference for evaluation; None if there is none.
        up: Up direction, against gravity, in the camera's frame ``[T, 3]``,
            unit vectors; None if unknown.
    """

    name: str
    frame_ids: NDArray[Any]
    fps: float
    boxes: NDArray[Any]
    keypoints: NDArray[Any]
    scores: NDArray[Any]
    convention: str
    video: Path | None = None
    stride: int = 1
    numbering: str = 'position'
    intrinsics: NDArray[Any] | None = None
    reference: BodyReference | None = field(default=None, repr=False)
    up: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        self.frame_ids = np.asarray(self.frame_ids, np.int64)
        for name in ('boxes', 'keypoints', 'scores', 'intrinsics', 'up'):
            value = getattr(self, name)
            if value is not None:
                setattr(self, name, np.asarray(value, np.float32))
        self._check()

    def _check(self) -> None:
        t, k = len(self.frame_ids), len(keypoint_names(self.convention))
        shapes = {
            'frame_ids': (t,),
            'boxes': (t, 4),
            'keypoints': (t, k, 2),
            'scores': (t, k),
            'intrinsics': (t, 3, 3),
            'up': (t, 3),
        }
        for name, want in shapes.items():
            value = getattr(self, name)
            if value is not None and value.shape != want:
                raise ValueError(
                    f'{name}: expected {want} for {t} frames of '
                    f'{self.convention}, got {value.shape}'
                )
        if t == 0:
            raise ValueError('frame_ids: the track has no frame')
        if (np.diff(self.frame_ids) <= 0).any():
            raise ValueError('frame_ids: must be strictly increasing')
        if self.stride < 1 or (np.diff(self.frame_ids) % self.stride).any():
            raise ValueError(
                f'stride: frame_ids are not multiples of {self.stride} apart'
            )
        if self.numbering not in ('position', 'name'):
            raise ValueError(
                f"numbering: {self.numbering!r} is not 'position' or 'name'"
            )
        if not self.fps > 0:
            raise ValueError(f'fps: must be positive, got {self.fps}')
        observed = self.scores > 0
        if not np.isfinite(self.keypoints[observed]).all():
            raise ValueError('keypoints: a keypoint with score > 0 is NaN')
        if not np.isfinite(self.scores).all():
            raise ValueError('scores: contain NaN; use 0 for missing')
        size = self.boxes[:, 2:] - self.boxes[:, :2]
        if not np.isfinite(self.boxes).all() or (size <= 0).any():
            raise ValueError('boxes: need finite x1 < x2 and y1 < y2')
        if self.up is not None and not _unit(self.up):
            raise ValueError('up: needs unit vectors')
        if self.reference is not None and len(self.reference) != t:
            raise ValueError(
                f'reference: {len(self.reference)} frames for a track of {t}'
            )

    def __len__(self) -> int:
        return len(self.frame_ids)

    @property
    def gaps(self) -> int:
        """Number of places where samples are missing."""
        return int((np.diff(self.frame_ids) > self.stride).sum())

    @property
    def rate(self) -> float:
        """Samples per second, ``fps / stride``."""
        return self.fps / self.stride

    def __getitem__(self, index: slice | NDArray[Any]) -> PersonTrack:
        """Sub-track of some frames (a slice, a mask or an index array)."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        per_frame = (
            'frame_ids',
            'boxes',
            'keypoints',
            'scores',
            'intrinsics',
            'up',
            'reference',
        )
        return replace(
            self,
            **{
                k: values[k][index] for k in per_frame if values[k] is not None
            },
        )


def _unit(vectors: NDArray[Any]) -> bool:
    """Whether all vectors ``[T, 3]`` are of unit length."""
    length = np.linalg.norm(vectors, axis=-1)
    return bool(np.isclose(length, 1, atol=1e-3).all())
