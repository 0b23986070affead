"""What ``result.npz`` says about itself, beside the bodies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...conventions import keypoint_names
from ...export import SCHEMA_VERSION
from ...models.adaptors import Session
from ...models.bodies import SMPLBody
from ...utils import InputError


def result_facts(
    session: Session, body: SMPLBody | None = None
) -> dict[str, NDArray[Any]]:
    """Names and numbers that explain the arrays of a track.

    Args:
        session: Of the track.
        body: That the track was posed with; None leaves it out.

    Returns:
        ``schema_version``, ``track``, ``stride``, ``keypoint_convention``,
        ``keypoint_names [K]``, ``person_xyxy [T, 4]`` (tight boxes, px); if
        known also ``body``, ``gender``, ``image_size [2]`` (width, height,
        px), ``video`` (its name) and ``up [T, 3]``.
    """
    frames, track = session.frames, session.frames.track
    facts: dict[str, NDArray[Any]] = {
        'schema_version': np.asarray(SCHEMA_VERSION),
        'track': np.array(track.name),
        'stride': np.asarray(track.stride),
        'keypoint_convention': np.array(track.convention),
        'keypoint_names': np.array(keypoint_names(track.convention)),
        'person_xyxy': track.boxes,
    }
    if body is not None:
        facts['body'] = np.array('open' if body.is_open else 'smpl')
        facts['gender'] = np.array(body.gender)
    if track.video is not None:
        facts['video'] = np.array(track.video.name)
    if track.up is not None:
        facts['up'] = track.up
    try:
        size = frames.image_size
    except InputError:  # the video is gone since; its results are not
        size = None
    if size is not None:
        facts['image_size'] = np.array(size)
    return facts
