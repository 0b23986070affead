"""Decodes each video once for all of its tracks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from ..structures import PersonTrack
from ..utils import InputError
from .boxes import square_boxes
from .crops import crop_image
from .video import read_frames


@dataclass(frozen=True)
class CropRequest:
    """Crops that one track needs.

    Attributes:
        video: Video file or folder of images.
        numbering: How a folder's images are counted.
        frame_ids: Frame numbers ``[T]``.
        boxes: Square boxes ``[T, 4]``, px.
        size: Side of the crops, px.
        antialias: See :func:`.crop_image`.
    """

    video: Path
    numbering: str
    frame_ids: np.ndarray
    boxes: np.ndarray
    size: int
    antialias: bool = False

    @classmethod
    def from_track(
        cls,
        track: PersonTrack,
        size: int,
        box_scale: float,
        box_aspect: float = 1.0,
        antialias: bool = False,
    ) -> 'CropRequest':
        """Pad the track's tight boxes and square them.

        Raises:
            InputError: If the track has no video, or its file is missing.
        """
        fix = 'give the reader the video (video=...)'
        if track.video is None:
            raise InputError(track.name, 'video', 'is not given', fix)
        if not track.video.exists():
            raise InputError(
                track.name, 'video', f'{track.video} does not exist', fix
            )
        boxes = square_boxes(track.boxes, box_scale, box_aspect)
        video, numbering = track.video, track.numbering
        return cls(video, numbering, track.frame_ids, boxes, size, antialias)

    @property
    def source(self) -> tuple[Path, str]:
        """Requests with the same source are decoded in one pass."""
        return self.video.resolve(), self.numbering


Progress = Callable[[int, int], None]
"""Called with the frames read and the frames to read."""


def decode_crops(
    requests: Sequence[CropRequest], progress: Progress | None = None
) -> list[Tensor]:
    """Crops of several tracks in one pass over their common video.

    Args:
        requests: Requests with the same ``source``.
        progress: Called after each frame.

    Returns:
        For each request RGB crops ``[T, 3, S, S]``, uint8.

    Raises:
        InputError: If the video is missing or lacks a frame.
    """
    crops = [
        np.empty((len(r.frame_ids), 3, r.size, r.size), np.uint8)
        for r in requests
    ]
    wanted = np.unique(np.concatenate([r.frame_ids for r in requests]))
    video, numbering = requests[0].video, requests[0].numbering
    frames = read_frames(video, wanted, numbering)
    for done, (number, image) in enumerate(frames, 1):
        for request, out in zip(requests, crops, strict=True):
            t = int(np.searchsorted(request.frame_ids, number))
            if t < len(out) and request.frame_ids[t] == number:
                crop = crop_image(
                    image, request.boxes[t], request.size, request.antialias
                )
                rgb = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB)
                out[t] = rgb.transpose(2, 0, 1)
        if progress is not None:
            progress(done, len(wanted))
    return [torch.from_numpy(crop) for crop in crops]


class CropStore:
    """Crops of all tracks; the first request decodes all tracks of a video.

    The crops of the other tracks of the video are kept until they are taken
    or dropped. A track that is requested again after that is decoded again,
    alone.

    Args:
        requests: One request a track.
    """

    def __init__(self, requests: Sequence[CropRequest]) -> None:
        self._requests = list(requests)
        self._decoded: dict[int, Tensor] = {}
        self._served: set[int] = set()

    def take(self, index: int, progress: Progress | None = None) -> Tensor:
        """Crops of one track ``[T, 3, S, S]``, RGB, uint8.

        Args:
            index: Number of the track.
            progress: Called after each frame that is decoded.

        Raises:
            InputError: If the video is missing or lacks a frame.
        """
        if index not in self._decoded:
            self._decode(index, progress)
        self._served.add(index)
        return self._decoded.pop(index)

    def drop(self, index: int) -> None:
        """Free the decoded crops of a track and mark it as served."""
        self._decoded.pop(index, None)
        self._served.add(index)

    def _decode(self, index: int, progress: Progress | None) -> None:
        source = self._requests[index].source
        together = [
            i
            for i, request in enumerate(self._requests)
            if i == index
            or (
                request.source == source
                and i not in self._served
                and i not in self._decoded
            )
        ]
        crops = decode_crops([self._requests[i] for i in together], progress)
        self._decoded.update(zip(together, crops, strict=True))
