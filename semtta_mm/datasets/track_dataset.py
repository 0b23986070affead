"""Dataset of tracks: one item is one track."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import partial
from typing import Any

from torch import Tensor
from torch.utils.data import Dataset

from ..registry import DATASETS, TASK_UTILS
from ..structures import PersonTrack
from ..utils import InputError
from .boxes import square_boxes
from .crop_store import CropRequest, CropStore, Progress
from .evidence import EvidencePolicy
from .focal_length import with_focal_length
from .track_frames import TrackFrames


@DATASETS.register_module()
class TrackDataset(Dataset):
    """Tracks with their crops; ``dataset[i]`` is a :class:`TrackFrames`.

    A video is decoded once, for any number of tracks: the first access to
    the images of a track decodes all tracks of its video in one pass.
    ``TrackFrames.close()`` frees the crops of a track (1000 frames of 224 px
    are 150 MB).

    Args:
        reader: Config of a track reader, or of several.
        tracks: Existing tracks instead of a reader, or in addition.
        input_size: Side ``S`` of the crops, px.
        box_scale: Side of the square crop over the longer side of the
            person's tight box (SPIN: 1.2).
        box_aspect: See :func:`.square_boxes`.
        antialias: See :func:`.crop_image`.
        focal_length: Of the camera of tracks without intrinsics, px; None
            leaves it unknown.
        needs_video: Refuse tracks without a video now; False refuses them
            when their images are read, which not every estimator does.
        **evidence: See :class:`~semtta_mm.datasets.EvidencePolicy`:
            ``min_score=0.3``, ``convention=None``, ``unused=()``,
            ``fps=None``, ``max_frames=None``, ``frames=None``.

    Raises:
        InputError: If a file is invalid, a video is absent, there is no
            track, or two tracks have the same name.

    Examples:
        >>> dataset = TrackDataset(  # doctest: +SKIP
        ...     reader=dict(
        ...         type='OpenPoseReader', keypoints='json/', video='a.mp4'
        ...     ),
        ...     convention='cycleadapt_29',
        ... )
        >>> with dataset[0] as frames:  # doctest: +SKIP
        ...     batch = frames[:32]
    """

    def __init__(
        self,
        reader: dict | Sequence[dict] | None = None,
        tracks: Sequence[PersonTrack] | None = None,
        input_size: int = 224,
        box_scale: float = 1.2,
        box_aspect: float = 1.0,
        antialias: bool = False,
        focal_length: float | None = None,
        needs_video: bool = True,
        **evidence: Any,
    ) -> None:
        self.input_size = input_size
        policy = EvidencePolicy(**evidence)
        found = [*read_tracks(reader), *(tracks or ())]
        check_names(found)
        if focal_length is not None:
            found = [with_focal_length(t, focal_length) for t in found]
        self.tracks = [policy.apply(track) for track in found]
        given = [t for t in self.tracks if needs_video or t.video is not None]
        square = partial(
            CropRequest.from_track,
            size=input_size,
            box_scale=box_scale,
            box_aspect=box_aspect,
            antialias=antialias,
        )
        requests = {track.name: square(track) for track in given}
        store = CropStore(list(requests.values()))
        numbers = {name: i for i, name in enumerate(requests)}
        self._frames: list[TrackFrames] = []
        for track in self.tracks:
            if track.name in numbers:
                i = numbers[track.name]
                boxes = requests[track.name].boxes
                take, drop = partial(store.take, i), partial(store.drop, i)
                frames = TrackFrames(track, boxes, take, drop)
            else:
                boxes = square_boxes(track.boxes, box_scale, box_aspect)
                absent = partial(_no_images, track.name)
                frames = TrackFrames(track, boxes, absent)
            self._frames.append(frames)

    @property
    def names(self) -> list[str]:
        """Names of the tracks."""
        return [track.name for track in self.tracks]

    def __len__(self) -> int:
        return len(self.tracks)

    def __getitem__(self, index: int) -> TrackFrames:
        return self._frames[index]

    def positions(self, names: Sequence[str] | None) -> list[int]:
        """Positions of some tracks.

        Args:
            names: Names of the tracks; None takes all.

        Raises:
            InputError: If a name is not that of a track.
        """
        known = self.names
        if names is None:
            return list(range(len(known)))
        unknown = sorted(set(names) - set(known))
        if unknown:
            fix = f'choose among {", ".join(known)}'
            raise InputError('--tracks', unknown[0], 'is not a track', fix)
        return [i for i, name in enumerate(known) if name in names]

    def subset(self, numbers: Sequence[int]) -> TrackDataset:
        """Some of the tracks; their crops stay shared with this dataset.

        Args:
            numbers: Positions of the tracks.
        """
        part = copy(self)
        part.tracks = [self.tracks[i] for i in numbers]
        part._frames = [self._frames[i] for i in numbers]
        return part

    def close(self) -> None:
        """Free the crops of all tracks."""
        for frames in self._frames:
            frames.close()


def _no_images(track: str, progress: Progress | None = None) -> Tensor:
    fix = 'give the reader the video (video=...)'
    raise InputError(track, 'video', 'is not given', fix)


def read_tracks(reader: dict | Sequence[dict] | None) -> list[PersonTrack]:
    """Build readers from their configs and read all their tracks.

    Args:
        reader: Config of a reader, of several, or None for no track.

    Returns:
        Tracks in the order of the readers.
    """
    if reader is None:
        return []
    configs = [reader] if isinstance(reader, dict) else reader
    return [
        track for config in configs for track in TASK_UTILS.build(config)()
    ]


def check_names(tracks: Sequence[PersonTrack]) -> None:
    """Check that names are unique; they name the result folders.

    Raises:
        InputError: If two tracks have the same name, or there is no track.
    """
    if not tracks:
        raise InputError(
            'TrackDataset', 'tracks', 'there are none', 'give reader or tracks'
        )
    used: set[str] = set()
    for track in tracks:
        if track.name in used:
            raise InputError(
                track.video or 'tracks',
                'name',
                f'{track.name!r} is the name of two tracks',
                'give each reader its own name',
            )
        used.add(track.name)
