"""Renders one clip of a handheld set, and detects its keypoints."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from ....datasets.track_io import save_track
from ....detection import Detector2D
from ....models.bodies import SMPLBody
from ...poses import sample_betas
from ..body_track import (
    WorldBody,
    camera_reference,
    true_keypoints,
    world_body,
)
from ..clip_job import CONVENTION, LABELS, ClipJob, label_entries
from ..detector import Detector
from ..plan import FPS
from .cover import Shot, blocks, border_tilt, legs_hidden
from .detected import (
    PersonNotFoundError,
    default_detector,
    detected_track,
)
from .furniture import FURNITURE
from .phone import inside, sample_phone
from .recording import VIDEO, Filmed, film_shots

TRUTH, DETECTIONS = 'truth.npz', 'detections.npz'
SCENE = 'scene.json'

BORDER_EVERY = 3
"""Every third clip has its legs below the image's border, if they can be."""


def make_handheld_files(
    job: ClipJob, detector: Detector2D | None = None
) -> Path:
    """Render one clip; an interrupted clip is rendered again completely.

    If the detector does not find the person, the clip is rendered again with
    other furniture.

    Args:
        job: The clip.
        detector: None is :func:`.default_detector`.

    Returns:
        Folder of the clip.

    Raises:
        PersonNotFoundError: If the detector finds nobody with any furniture.
    """
    torch.set_num_threads(1)
    body = SMPLBody()
    betas = sample_betas(1, job.rng('body'))[0]
    person = world_body(body, job.take.pose, betas, CONVENTION)
    detector = detector or default_detector()
    furniture = sorted(FURNITURE)
    while True:
        shots = sample_shots(job, person, furniture)
        try:
            return _make_files(job, body, person, shots, detector)
        except PersonNotFoundError:
            used = str(shots['legs_hidden'].notes['by'])
            if used not in furniture or len(furniture) == 1:
                raise
            furniture.remove(used)


def _make_files(
    job: ClipJob,
    body: SMPLBody,
    person: WorldBody,
    shots: dict[str, Shot],
    detector: Detector2D,
) -> Path:
    draft = job.path.with_suffix('.part')
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    filmed = film_shots(job, body, person, shots, draft)
    for variant, shot in shots.items():
        _write_variant(
            job, body, person, shot, filmed[variant], draft, variant, detector
        )
    _write_json(draft / LABELS, label_entries(job.take))
    _write_json(draft / SCENE, scene_notes(shots))
    shutil.rmtree(job.path, ignore_errors=True)
    draft.rename(job.path)
    return job.path


def sample_shots(
    job: ClipJob, person: WorldBody, furniture: Sequence[str]
) -> dict[str, Shot]:
    """Camera and things of each variant.

    Args:
        job: The clip.
        person: Its body in the world.
        furniture: What may stand in front of the legs.
    """
    points, size = person.keypoints, job.plan.size
    border = job.index % BORDER_EVERY == BORDER_EVERY - 1
    phone = sample_phone(
        points,
        size,
        job.rng('camera'),
        (lambda p: border_tilt(p, points, CONVENTION) is not None)
        if border
        else None,
    )
    return {
        'clear': Shot(phone),
        'legs_hidden': legs_hidden(
            phone, points, CONVENTION, border, job.rng('cover'), furniture
        ),
        'blocks': blocks(
            phone, points, CONVENTION, job.index, job.rng('variants')
        ),
    }


def scene_notes(shots: dict[str, Shot]) -> dict[str, object]:
    """What was drawn, as plain values."""
    notes: dict[str, object] = {}
    for variant, shot in shots.items():
        phone = shot.phone
        notes[variant] = {
            'size': list(phone.size),
            'pitch_deg': round(phone.pitch, 2),
            'roll_deg': round(phone.roll, 2),
            'height_m': round(phone.height, 3),
            'distance_m': round(phone.distance, 3),
            **shot.notes,
        }
    return notes


def _write_variant(
    job: ClipJob,
    body: SMPLBody,
    person: WorldBody,
    shot: Shot,
    filmed: Filmed,
    draft: Path,
    variant: str,
    detector: Detector2D,
) -> None:
    rig, folder = shot.phone.rig, draft / variant
    reference = camera_reference(body, person, rig)
    points = true_keypoints(body, reference, rig, CONVENTION)
    outside = ~inside(points, shot.phone.size)
    np.savez_compressed(
        folder / TRUTH,
        keypoints=points,
        self_occluded=filmed.self_occluded,
        occluded=filmed.occluded & ~outside,
        outside=outside,
        camera_rotation=(rig.sway @ rig.rotation).astype(np.float32),
        camera_centre=rig.centre.astype(np.float32),
    )
    track = detected_track(
        folder / VIDEO,
        detector,
        CONVENTION,
        f'{job.name}_{variant}',
        FPS,
        folder / DETECTIONS,
        Detector().boxes(points, job.rng('detector')),
    )
    track = replace(
        track,
        video=job.path / variant / VIDEO,
        intrinsics=np.tile(rig.intrinsics, (len(track), 1, 1)),
        reference=reference,
    )
    save_track(job.track_path(variant), track)


def _write_json(path: Path, values: dict[str, object] | Sequence) -> None:
    text = json.dumps(values, indent=1)
    path.write_text(text + '\n', encoding='utf-8')
