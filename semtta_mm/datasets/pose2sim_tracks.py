"""The four real tracks in the package (``docs/pose2sim.md``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..registry import DATASETS, TASK_UTILS
from ..structures import PersonTrack
from ..utils import InputError, read_npz
from ..utils.package_data import fetch_known
from .rates import resample_track
from .track_io import load_track

CAMERAS = ('cam01', 'cam02', 'cam03', 'cam04')
SOURCES = ('heavy', 'full')
"""BlazePose networks of the 2D; ``full`` is harder: it swaps left and right
on cam02."""
ASSETS = Path(__file__).parents[1] / 'assets' / 'pose2sim'
MONOCULAR = 'blazepose_3d_{source}.npz'
"""File name of BlazePose's own 3D."""

_FIX = 'make it again with tools/prepare_pose2sim.py, see docs/pose2sim.md'


def load_pose2sim(
    camera: str,
    fps: float = 30,
    source: str = 'heavy',
    video: bool = True,
    folder: Path = ASSETS,
) -> PersonTrack:
    """One of the four tracks, with its reference.

    Args:
        camera: One of :data:`CAMERAS`; it is the name of the track.
        fps: 60, as filmed, or 60 divided by a whole number.
        source: Network that detected the 2D, of :data:`SOURCES`; the
            reference is the same.
        video: Whether to fetch the video (package ``pose2sim``, 200 MB
            once) and name it in the track.
        folder: Where ``{source}/{camera}.npz`` is.

    Returns:
        The track. Reference: ``limbs_12`` triangulated from the other three
        cameras, in the axes of this camera, m; pose and betas of the open
        body fitted to it (``pose_source='smpl_fit'``).

    Raises:
        InputError: On an unknown name, a rate that does not divide 60, or if
            the video cannot be fetched.
    """
    _check('camera', camera, CAMERAS)
    _check('source', source, SOURCES)
    track = load_track(folder / source / f'{camera}.npz')
    if video:
        track.video = fetch_known(f'pose2sim/{camera}.mp4')
    return resample_track(track, fps)


def load_blazepose_3d(
    track: PersonTrack, source: str = 'heavy', folder: Path = ASSETS
) -> np.ndarray:
    """BlazePose's own monocular 3D for the frames of a track.

    Args:
        track: From :func:`load_pose2sim`, of the same source.
        source: The network, of :data:`SOURCES`.
        folder: Where the file is.

    Returns:
        ``limbs_12`` ``[T, 12, 3]``, m, camera axes, about the hips' middle.

    Raises:
        InputError: On an unknown name, or a frame that the file lacks.
    """
    _check('source', source, SOURCES)
    path = folder / MONOCULAR.format(source=source)
    keys = [f'{track.name}_frame_ids', f'{track.name}_joints']
    ids, joints = (read_npz(path, _FIX, keys)[key] for key in keys)
    if not np.isin(track.frame_ids, ids).all():
        raise InputError(path, keys[0], f'lack frames of {track.name}', _FIX)
    return joints[np.searchsorted(ids, track.frame_ids)]


@TASK_UTILS.register_module()
@DATASETS.register_module()
class Pose2SimTracks(Sequence[PersonTrack]):
    """The tracks in the package, as a sequence and as a reader of tracks.

    Args:
        fps: See :func:`load_pose2sim`.
        source: See :func:`load_pose2sim`.
        cameras: Which tracks, of :data:`CAMERAS`.
        video: See :func:`load_pose2sim`.
        folder: See :func:`load_pose2sim`.

    Raises:
        InputError: See :func:`load_pose2sim`.

    Example config::

        tracks = dict(type='Pose2SimTracks', fps=30, source='heavy')
        dataset = dict(type='TrackDataset', reader=tracks)
    """

    def __init__(
        self,
        fps: float = 30,
        source: str = 'heavy',
        cameras: Sequence[str] = CAMERAS,
        video: bool = True,
        folder: str | Path = ASSETS,
    ) -> None:
        self.metainfo = {'frame': 'camera', 'fps': fps, 'source': source}
        self.tracks = [
            load_pose2sim(camera, fps, source, video, Path(folder))
            for camera in cameras
        ]

    def __len__(self) -> int:
        return len(self.tracks)

    def __getitem__(self, index: Any) -> Any:
        return self.tracks[index]

    def __iter__(self) -> Iterator[PersonTrack]:
        return iter(self.tracks)

    def __call__(self) -> list[PersonTrack]:
        """All tracks, as readers give them."""
        return list(self.tracks)


def _check(field: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise InputError(
            'pose2sim',
            field,
            f'{value!r} is unknown',
            f'use one of {", ".join(known)}',
        )
