"""A detector's monocular 3D for the frames of a track, by config."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..conventions import keypoint_index, keypoint_names
from ..datasets.pose2sim_tracks import load_blazepose_3d
from ..registry import TASK_UTILS
from ..structures import PersonTrack
from ..utils import InputError
from .cache import detect_cached

LIMBS = 'limbs_12'


@TASK_UTILS.register_module()
class ShippedMonocular:
    """BlazePose's 3D of the ``pose2sim`` tracks in this package.

    Args:
        source: The network, ``'heavy'`` or ``'full'``.
    """

    row = 'BlazePose 3D'
    """Name of its row of comparison."""

    def __init__(self, source: str = 'heavy') -> None:
        self.source = source

    def __call__(self, track: PersonTrack) -> tuple[PersonTrack, np.ndarray]:
        """See :meth:`DetectorMonocular.__call__`."""
        return track, load_blazepose_3d(track, self.source)


@TASK_UTILS.register_module()
class DetectorMonocular:
    """Runs a detector with monocular 3D on the track's video.

    Args:
        detector: Config of the detector, e.g.
            ``dict(type='BlazePoseDetector')``.
        folder: Folder of the cache of detections.
    """

    def __init__(self, detector: dict, folder: str | Path) -> None:
        self.detector = TASK_UTILS.build(detector)
        self.folder = Path(folder)
        name = type(self.detector).__name__.removesuffix('Detector')
        self.row = f'{name} 3D'

    def __call__(
        self, track: PersonTrack
    ) -> tuple[PersonTrack, np.ndarray] | None:
        """Detect.

        Args:
            track: A track with a video.

        Returns:
            The frames of the track with a detection, and their ``limbs_12``
            ``[T, 12, 3]``, m, camera axes, relative to the middle of the
            hips; None if there is no detection.

        Raises:
            InputError: If there is no video, or the detector has no 3D.
        """
        if track.video is None:
            fix = 'give a track with a video'
            raise InputError(track.name, 'video', 'is not given', fix)
        found = detect_cached(self.detector, track.video, self.folder)
        if found.world is None:
            name = type(self.detector).__name__
            fix = 'use a detector with 3D, such as BlazePoseDetector'
            raise InputError(name, 'detector', 'has no 3D', fix)
        detected = np.isin(track.frame_ids, found.frame_ids)
        if not detected.any():
            return None
        rows = np.searchsorted(found.frame_ids, track.frame_ids[detected])
        limbs = keypoint_index(found.convention, keypoint_names(LIMBS))
        return track[detected], found.world[rows][:, limbs]
