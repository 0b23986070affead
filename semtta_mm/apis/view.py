"""Shows saved results: an HTML page, a .glb, or a recording for rerun."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..export.glb import body_colours, glb_bytes, write_glb
from ..export.saved_track import SavedTrack
from ..export.skinning import FLIP, rest_body
from ..models.bodies import SMPLBody
from ..utils import InputError
from ..visualization.viewer import ViewerPerson, choose_pictures, write_viewer
from .saved_run import Footage, SavedRun

FORMATS = ('.html', '.glb', '.rrd')
"""Suffixes of the files that :func:`view` writes."""


def view(
    folder: Path,
    out: Path | None = None,
    video: Path | None = None,
    pictures: str = 'auto',
) -> list[Path]:
    """Write a file that shows the results of a run.

    Args:
        folder: A work directory, or the folder of one track.
        out: The file; its suffix, one of :data:`FORMATS`, says what is
            written. None is ``view.html`` in ``folder``.
        video: Video file or folder of images that the tracks are of; None
            takes it from the run's ``config.py``.
        pictures: What an HTML page shows of it, see
            :func:`~semtta_mm.visualization.viewer.choose_pictures`.

    Returns:
        The files written.

    Raises:
        InputError: If a file is missing or broken, the tracks are of several
            videos, or three.js is not in the cache and cannot be downloaded.
        MissingDependencyError: If an optional package is absent.
    """
    out = folder / 'view.html' if out is None else out
    if out.suffix not in FORMATS:
        fix = f'end it with one of {", ".join(FORMATS)}'
        raise InputError(out, '--out', 'has another suffix', fix)
    run = SavedRun.read(folder)
    body = run.body()
    if out.suffix == '.glb':
        return [write_glb(out, run.tracks, body)]
    footage = None
    if pictures != 'none':
        footage = run.footage() if video is None else Footage(video)
    if footage is None and pictures not in ('auto', 'none'):
        fix = 'give --video FILE, or --pictures none'
        raise InputError(folder, 'video', 'is not known', fix)
    if out.suffix == '.rrd':
        return [_write_rerun(out, run.tracks, body, footage)]
    return _write_page(out, run.tracks, body, footage, pictures)


def _write_rerun(
    out: Path,
    tracks: Sequence[SavedTrack],
    body: SMPLBody,
    footage: Footage | None,
) -> Path:
    from ..export.rerun import write_rerun

    video, numbering = None, 'position'
    if footage is not None:
        video, numbering = footage.video, footage.numbering
    return write_rerun(out, tracks, body, video, numbering)


def _write_page(
    out: Path,
    tracks: Sequence[SavedTrack],
    body: SMPLBody,
    footage: Footage | None,
    pictures: str,
) -> list[Path]:
    shown = None
    if footage is not None:
        ids = np.unique(np.concatenate([t.frame_ids for t in tracks]))
        shown = choose_pictures(
            footage.video, ids, pictures, footage.numbering
        )
    joints = [_joints(track, body) for track in tracks]
    people = [
        ViewerPerson(
            name=track.name,
            stage=track.stage,
            colour=colour,
            frame_ids=track.frame_ids,
            intrinsics=track.intrinsics,
            start=places[0, 0],
        )
        for track, colour, places in zip(
            tracks, body_colours(tracks), joints, strict=True
        )
    ]
    floor = min(
        floor_height(track, body, places)
        for track, places in zip(tracks, joints, strict=True)
        if track.stage == 'after'
    )
    content = glb_bytes(tracks, body)
    return write_viewer(out, content, people, tracks[0].fps, floor, shown)


def _joints(track: SavedTrack, body: SMPLBody) -> NDArray[np.float64]:
    """SMPL's joints in the axes of a .glb ``[T, 24, 3]``, m."""
    with torch.no_grad():
        joints = body.joints_only(track.one_shape())
    return np.asarray(joints.double().numpy() @ FLIP)


def floor_height(
    track: SavedTrack, body: SMPLBody, joints: NDArray[Any]
) -> float:
    """Height of a level floor under a person, for drawing.

    The floor is as level as the camera: its tilt is unknown.

    Args:
        track: The person.
        body: The body.
        joints: ``[T, 24, 3]``, m, y up.

    Returns:
        The median over frames of the lowest joint, less the height of the
        feet's joints above their soles; m.
    """
    rest = rest_body(body, track.one_shape().betas[0], 4)
    sole = rest.joints[:, 1].min() - rest.vertices[:, 1].min()
    return float(np.median(joints[..., 1].min(axis=1)) - sole)
