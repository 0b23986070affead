"""Renders one clip of a handheld set, and detects its keypoints."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from ....datasets.track_io import save_track
from ....detection import Detector2D
from ....models.bodies import SMPLBody
from ....visualization import VideoWriter
from ....visualization.renderer import vertex_normals
from ...poses import sample_betas
from ...scene import Wardrobe
from ..body_track import (
    WorldBody,
    camera_reference,
    true_keypoints,
    world_body,
)
from ..clip_job import CONVENTION, LABELS, ClipJob, label_entries
from ..detector import Detector
from ..plan import FPS
from ..room import sample_room
from ..shifted_look import LIGHTS, Faults, Lighting, ShiftedLook
from .cover import CONTRAST, Shot, blocks, border_tilt, legs_hidden
from .detected import (
    PersonNotFoundError,
    default_detector,
    detected_track,
)
from .film import exposed, plates
from .furniture import FURNITURE
from .phone import inside, sample_phone

VIDEO, TRUTH, DETECTIONS = 'video.mp4', 'truth.npz', 'detections.npz'
SCENE = 'scene.json'

BORDER_EVERY = 3
"""Every third clip has its legs below the image's border, if they can be."""

FAULTS = Faults(
    defocus=(0.6, 1.1),
    gamma=(0.6, 0.9),
    grain=(0.01, 0.03),
    quality=(50, 85),
)
"""A phone's; with those of ``steep`` BlazePose finds few people who are
further than 4 m away."""

LIGHTING = Lighting(
    tints=tuple(((1 + r) / 2, (1 + g) / 2, (1 + b) / 2) for r, g, b in LIGHTS),
    ambient=(0.2, 0.35),
    contrast=CONTRAST,
)
"""After a phone's white balance: half of the tint of ``steep``."""

MARGIN = 0.3
"""Border of the background for the camera's turns, share of the width."""


@dataclass(frozen=True)
class Filmed:
    """Truth of a variant that is known once it is rendered.

    Attributes:
        self_occluded: Keypoints behind the person's own body ``[T, K]``.
        occluded: Keypoints behind a thing ``[T, K]``.
    """

    self_occluded: np.ndarray
    occluded: np.ndarray


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
    filmed = _film(job, body, person, shots, draft)
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


def _film(
    job: ClipJob,
    body: SMPLBody,
    person: WorldBody,
    shots: dict[str, Shot],
    folder: Path,
) -> dict[str, Filmed]:
    """Write all videos; variants of one camera share its frames."""
    out: dict[str, Filmed] = {}
    left = dict(shots)
    while left:
        first = next(iter(left.values()))
        group = {
            variant: shot
            for variant, shot in left.items()
            if shot.phone is first.phone
        }
        look = _look(job, body, first)
        out |= _film_group(job, body, person, group, look, folder)
        left = {k: v for k, v in left.items() if k not in group}
    return out


def _film_group(
    job: ClipJob,
    body: SMPLBody,
    person: WorldBody,
    group: dict[str, Shot],
    look: ShiftedLook,
    folder: Path,
) -> dict[str, Filmed]:
    faces = body.faces.numpy().astype(np.int32)
    rngs = {v: _film_rng(job, v) for v in group}
    own: list[np.ndarray] = []
    behind: dict[str, list[np.ndarray]] = {v: [] for v in group}
    with ExitStack() as stack:
        writers = {
            v: stack.enter_context(VideoWriter(folder / v / VIDEO, FPS))
            for v in group
        }
        for t, plate in enumerate(plates(person, faces, look, CONVENTION)):
            own.append(plate.hidden)
            for v, shot in group.items():
                image, hidden = exposed(
                    plate, shot.things, look, person.keypoints[t], t, rngs[v]
                )
                writers[v].write(np.ascontiguousarray(image[..., ::-1]))
                behind[v].append(hidden)
    return {v: Filmed(np.stack(own), np.stack(b)) for v, b in behind.items()}


def _film_rng(job: ClipJob, variant: str) -> np.random.Generator:
    """Generator of a variant's noise."""
    seed = int(job.rng('film').integers(2**32))
    return np.random.default_rng([seed, *variant.encode()])


def _look(job: ClipJob, body: SMPLBody, shot: Shot) -> ShiftedLook:
    """The same appearance for each camera of a clip."""
    faces, rest = body.faces.numpy().astype(np.int32), body.v_template.numpy()
    wardrobe = Wardrobe.of_body(
        rest, vertex_normals(rest, faces), body.weights.numpy(), faces
    )
    rng = job.rng('look')
    room = sample_room(shot.phone.rig, rng)
    return ShiftedLook.sample(
        wardrobe,
        faces,
        shot.phone.rig,
        shot.phone.size,
        rng,
        1.0,
        room,
        MARGIN,
        oversampling=1,
        faults=FAULTS,
        # Camouflaged, the network's root is wrong by about 50 degrees where
        # legs are hidden.
        camouflaged=False,
        lighting=LIGHTING,
    )


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
