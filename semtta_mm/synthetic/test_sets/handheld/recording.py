"""Renders the videos of one handheld clip."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ....models.bodies import SMPLBody
from ....visualization import VideoWriter
from ....visualization.renderer import vertex_normals
from ...scene import Wardrobe
from ..body_track import WorldBody
from ..clip_job import CONVENTION, ClipJob
from ..plan import CODEC, FPS
from ..room import sample_room
from ..shifted_look import LIGHTS, Faults, Lighting, ShiftedLook
from .cover import CONTRAST, Shot
from .film import exposed, plates

VIDEO = 'video.mp4'

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


def film_shots(
    job: ClipJob,
    body: SMPLBody,
    person: WorldBody,
    shots: dict[str, Shot],
    folder: Path,
) -> dict[str, Filmed]:
    """Write all videos; variants of one camera share its frames.

    Args:
        job: The clip.
        body: The body.
        person: Its motion in the world.
        shots: Camera and things of each variant.
        folder: Of the clip; each variant has a folder in it.
    """
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
            v: stack.enter_context(
                VideoWriter(folder / v / VIDEO, FPS, codec=CODEC)
            )
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
