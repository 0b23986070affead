"""A stated focal length as the camera of a track."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..structures import PersonTrack
from ..utils import InputError
from .video import video_info


def with_focal_length(track: PersonTrack, focal_length: float) -> PersonTrack:
    """The track with intrinsics of a focal length.

    The principal point is the middle of the image. A track that has
    intrinsics keeps them.

    Args:
        track: The track.
        focal_length: px of the original image.

    Raises:
        InputError: If it is not positive, or the track has no video.
    """
    if not focal_length > 0:
        problem = f'is {focal_length:g}'
        raise InputError(
            'focal_length', 'value', problem, 'give pixels of the image'
        )
    if track.intrinsics is not None:
        return track
    if track.video is None:
        fix = 'give a track with a video, or with intrinsics'
        raise InputError(track.name, 'video', 'is not given', fix)
    info = video_info(track.video)
    camera = np.diag([focal_length, focal_length, 1.0])
    camera[:2, 2] = info.width / 2, info.height / 2
    return replace(track, intrinsics=np.tile(camera, (len(track), 1, 1)))
