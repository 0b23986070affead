"""The frames of one track as plain tensors."""

from collections.abc import Callable
from functools import cached_property
from types import TracebackType

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from ..structures import BodyReference, PersonTrack
from .crop_store import Progress
from .video import video_info


class TrackFrames(Dataset):
    """All frames of one track; images are decoded on first use.

    ``frames[t]`` is a dict of tensors; a slice or an index tensor gives the
    batch. Read ``images`` once before workers are forked, so that they share
    the crops instead of decoding them.

    Note:
        - frames of the track: T
        - keypoints of the convention: K
        - side of the crop: S

    Args:
        track: The track, its evidence in its final convention.
        boxes: Square boxes ``[T, 4]``, px.
        load: Called with a function that reports progress, or None; returns
            the crops ``[T, 3, S, S]``, RGB, uint8.
        release: Called when the crops are freed.

    Attributes:
        track: The track.
        boxes: Square boxes ``[T, 4]``, px of the original image.
        keypoints: ``[T, K, 2]``, px of the original image; 0 where missing.
        scores: ``[T, K]``; 0 means missing.
        frame_ids: ``[T]``, int64.
        intrinsics: True camera ``[T, 3, 3]``, px, or None.
    """

    def __init__(
        self,
        track: PersonTrack,
        boxes: np.ndarray,
        load: Callable[[Progress | None], Tensor],
        release: Callable[[], None] | None = None,
    ) -> None:
        self.track = track
        detected = track.scores[..., None] > 0
        self.boxes = _tensor(boxes)
        self.keypoints = _tensor(np.where(detected, track.keypoints, 0))
        self.scores = _tensor(track.scores)
        self.frame_ids = torch.from_numpy(track.frame_ids.copy())
        self.intrinsics = (
            None if track.intrinsics is None else _tensor(track.intrinsics)
        )
        self._load, self._release = load, release
        self._images: Tensor | None = None

    @property
    def images(self) -> Tensor:
        """RGB crops ``[T, 3, S, S]``, uint8.

        Raises:
            InputError: If the video is missing or lacks a frame.
        """
        return self.read()

    def read(self, progress: Progress | None = None) -> Tensor:
        """:attr:`images`, with a report of progress.

        Args:
            progress: Called after each frame that is decoded.

        Raises:
            InputError: If the video is missing or lacks a frame.
        """
        if self._images is None:
            self._images = self._load(progress)
        return self._images

    @property
    def name(self) -> str:
        """Name of the track."""
        return self.track.name

    @cached_property
    def image_size(self) -> tuple[int, int] | None:
        """Width and height of the video, px; None without a video.

        Raises:
            InputError: If the video is missing or cannot be read.
        """
        if self.track.video is None:
            return None
        info = video_info(self.track.video)
        return info.width, info.height

    @property
    def convention(self) -> str:
        """Keypoint convention of the evidence."""
        return self.track.convention

    @property
    def fps(self) -> float:
        """Frames per second that ``frame_ids`` count."""
        return self.track.fps

    @property
    def stride(self) -> int:
        """Frames of the video from one sample to the next."""
        return self.track.stride

    @property
    def reference(self) -> BodyReference | None:
        """Reference 3D for evaluation."""
        return self.track.reference

    def __len__(self) -> int:
        return len(self.frame_ids)

    def __getitem__(self, index: int | slice | Tensor) -> dict[str, Tensor]:
        """Tensors of a frame, or of a batch of frames.

        Args:
            index: Position in the track, a slice or an index tensor.

        Returns:
            ``images``, ``boxes``, ``keypoints``, ``scores``, ``frame_ids``,
            ``index`` (position in the track) and, if known, ``intrinsics``.
        """
        values = {
            'images': self.images[index],
            'boxes': self.boxes[index],
            'keypoints': self.keypoints[index],
            'scores': self.scores[index],
            'frame_ids': self.frame_ids[index],
            'index': torch.arange(len(self))[index],
        }
        if self.intrinsics is not None:
            values['intrinsics'] = self.intrinsics[index]
        return values

    def close(self) -> None:
        """Free the crops; the next use decodes them again."""
        self._images = None
        if self._release is not None:
            self._release()

    def __enter__(self) -> 'TrackFrames':
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))
