"""Frame rates and gaps: windows follow frame numbers, not list positions."""

from dataclasses import replace

import numpy as np

from ..structures import PersonTrack
from ..utils import InputError

_TOLERANCE = 0.01


def contiguous_runs(frame_ids: np.ndarray, stride: int = 1) -> list[slice]:
    """Cut a track where samples are missing.

    Args:
        frame_ids: Strictly increasing frame numbers ``[T]``.
        stride: Frames of the video between two samples.

    Returns:
        One slice of list positions for each run without a gap, in order.
    """
    cuts = np.flatnonzero(np.diff(frame_ids) != stride) + 1
    edges = [0, *cuts.tolist(), len(frame_ids)]
    return [
        slice(start, stop)
        for start, stop in zip(edges, edges[1:], strict=False)
        if stop > start
    ]


def resample_track(track: PersonTrack, fps: float) -> PersonTrack:
    """Keep every n-th frame of the video.

    Nothing is interpolated: images cannot be. The frame numbers and ``fps``
    stay those of the video and ``stride`` grows, so the samples keep their
    place in it. Samples are taken at a fixed phase (that of the first one),
    so a gap never shifts the raster; a frame missing on the raster is a gap.

    Args:
        track: The track.
        fps: Samples per second of the result. 59.94 counts as 60 (1 %).

    Returns:
        The thinned track; the same track if it has the rate already.

    Raises:
        InputError: If ``track.rate / fps`` is not a whole number.
    """
    ratio = track.rate / fps if fps > 0 else 0.0
    step = round(ratio)
    if step < 1 or abs(ratio - step) > _TOLERANCE * step:
        raise InputError(
            track.name,
            'fps',
            f'{track.rate:g} samples a second cannot be thinned to {fps:g}',
            f'use {track.rate:g} divided by a whole number',
        )
    if step == 1:
        return track
    stride = track.stride * step
    kept = (track.frame_ids - track.frame_ids[0]) % stride == 0
    return replace(track[kept], stride=stride)
