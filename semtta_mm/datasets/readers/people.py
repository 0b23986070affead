"""Who of the people that a detector found is the person of a track."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from ...conventions import keypoint_names
from ...structures import Detection, PersonTrack
from ...utils import InputError
from ..boxes import keypoint_box
from ..video import numbered_images
from .openpose import OpenPoseReader

SEEN = 0.3
"""Confidence from which a keypoint counts towards a person's box."""


def with_openpose(
    tracks: Sequence[PersonTrack], folder: Path, least_iou: float = 0.3
) -> list[PersonTrack]:
    """Replace the 2D evidence by what OpenPose JSON says.

    In each frame people are given to tracks so that their boxes overlap the
    most (the tracks keep their own boxes, and with them their crops). A frame
    in which nobody overlaps stays in the track, with all keypoints missing.

    Args:
        tracks: All people of one sequence, with its folder of images.
        folder: The sequence's JSON files, named like its images or by their
            numbers.
        least_iou: Least overlap (intersection over union) of the box about
            the person's keypoints with the track's.

    Returns:
        The tracks in the same order, in the convention of the files.

    Raises:
        InputError: If the folder is bad, its numbers are not those of the
            images, or a track has nobody at all.
    """
    first = tracks[0]
    reader = OpenPoseReader(
        folder, first.video, fps=first.fps, numbering=first.numbering
    )
    recording = reader.read()
    reader.check_people(recording)
    _check_numbers(folder, first, recording.frames)
    convention = reader.pick_convention(recording)
    people: dict[int, list[Detection]] = defaultdict(list)
    for item in recording.people:
        people[item.frame].append(item)
    found = _assign(tracks, people, least_iou)
    return [
        _replaced(folder, track, mine, convention)
        for track, mine in zip(tracks, found, strict=True)
    ]


def _check_numbers(
    folder: Path, track: PersonTrack, frames: Sequence[int]
) -> None:
    if track.video is None:
        return
    images = numbered_images(track.video, track.numbering)
    extra = sorted(set(frames) - set(images))
    if extra:
        raise InputError(
            folder,
            f'frame {extra[0]}',
            f'has no image: those of {track.video} are numbered '
            f'{min(images)} to {max(images)}',
            'name each file like its image (IMAGE_keypoints.json)',
        )


def _assign(
    tracks: Sequence[PersonTrack],
    people: dict[int, list[Detection]],
    least: float,
) -> list[dict[int, Detection]]:
    """Frame number to detection, for each track."""
    rows = [
        {int(frame): i for i, frame in enumerate(track.frame_ids)}
        for track in tracks
    ]
    out: list[dict[int, Detection]] = [{} for _ in tracks]
    for frame, found in people.items():
        here = [k for k, row in enumerate(rows) if frame in row]
        if not here:
            continue
        mine = np.stack([tracks[k].boxes[rows[k][frame]] for k in here])
        theirs = np.stack([_box(item) for item in found])
        overlap = box_iou(mine, theirs)
        for i, j in zip(*linear_sum_assignment(-overlap), strict=True):
            if overlap[i, j] >= least:
                out[here[i]][frame] = found[j]
    return out


def _box(item: Detection) -> np.ndarray:
    return keypoint_box(item.keypoints, item.scores >= SEEN)


def box_iou(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Intersection over union of every pair of boxes.

    Args:
        one: ``[M, 4]`` (x1, y1, x2, y2).
        other: ``[N, 4]``; NaN for none.

    Returns:
        ``[M, N]``; 0 where a box is NaN.
    """
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=-1)
    areas = [(box[:, 2:] - box[:, :2]).prod(axis=-1) for box in (one, other)]
    whole = areas[0][:, None] + areas[1][None] - shared
    return np.nan_to_num(shared / whole)


def _replaced(
    folder: Path,
    track: PersonTrack,
    found: dict[int, Detection],
    convention: str,
) -> PersonTrack:
    if not found:
        raise InputError(
            folder,
            'people',
            f'nobody overlaps the boxes of {track.name}',
            'give the JSON of these very images, in their resolution',
        )
    shape = (len(track), len(keypoint_names(convention)))
    keypoints, scores = np.zeros((*shape, 2)), np.zeros(shape)
    for i, frame in enumerate(track.frame_ids.tolist()):
        if frame in found:
            item = found[frame]
            seen = np.isfinite(item.keypoints).all(axis=-1) & np.isfinite(
                item.scores
            )
            keypoints[i] = np.where(seen[:, None], item.keypoints, 0)
            scores[i] = np.where(seen, item.scores, 0).clip(0, 1)
    return replace(
        track, keypoints=keypoints, scores=scores, convention=convention
    )
