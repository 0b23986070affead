"""Renders one clip of a test set: two videos, its truth, and four tracks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ...datasets.track_io import save_track
from ...models.bodies import SMPLBody
from ...structures import BodyReference, PersonTrack
from ...visualization import VideoWriter
from ...visualization.renderer import vertex_normals
from ..poses import sample_betas
from ..scene import Wardrobe
from .body_track import (
    WorldBody,
    camera_reference,
    shifted_betas,
    true_keypoints,
    world_body,
)
from .cover import Cover, cover_legs
from .detector import Detector, limb_lengths
from .film import Frame, render_clip
from .looks import Look, TrainingLook
from .motions import Take
from .plan import CODEC, FPS, TestSetPlan
from .rig import Rig, sample_rig
from .shifted_look import ShiftedLook
from .variants import VARIANTS, occluded, variants_of

CONVENTION = 'coco_23'
"""Keypoint convention of the 2D evidence."""

VIDEO, COVERED, LABELS, TRUTH = (
    'video.mp4',
    'covered.mp4',
    'labels.json',
    'truth.npz',
)


@dataclass(frozen=True)
class ClipJob:
    """One clip to render.

    Attributes:
        folder: Of the test set.
        plan: Of the test set.
        index: Number of the clip; with the plan it determines the clip.
        take: Its motion.
    """

    folder: Path
    plan: TestSetPlan
    index: int
    take: Take

    @property
    def name(self) -> str:
        """Name of the clip."""
        return self.plan.name(self.index)

    @property
    def path(self) -> Path:
        """Folder of the clip; it exists once all its files are written."""
        return self.folder / 'clips' / self.name

    def track_path(self, variant: str) -> Path:
        """File of one of the clip's tracks."""
        name = f'{self.name}_{variant}.npz'
        return self.folder / 'tracks' / variant / name

    @property
    def arrays(self) -> dict[str, Path]:
        """Files with arrays, by the name of their hash."""
        variants = list(variants_of(self.plan.shift))
        tracks = {name: self.track_path(name) for name in variants}
        if self.plan.shift != 'handheld':
            return {'truth': self.path / TRUTH} | tracks
        truths = {f'truth_{v}': self.path / v / TRUTH for v in variants}
        return truths | tracks

    def rng(self, stage: str) -> np.random.Generator:
        """Generator of one stage of this clip."""
        return self.plan.rng(stage, self.index)


def make_clip_files(job: ClipJob) -> Path:
    """Render one clip; an interrupted clip is rendered again completely.

    Args:
        job: The clip.

    Returns:
        Folder of the clip.
    """
    torch.set_num_threads(1)
    body = SMPLBody()
    person = world_body(body, job.take.pose, _betas(job), CONVENTION)
    rng = job.rng('camera')
    rig = sample_rig(person.keypoints, job.plan.size, job.plan.shift, rng)
    look = _look(job, body, rig)
    draft = job.path.with_suffix('.part')
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    reference = camera_reference(body, person, rig)
    points = true_keypoints(body, reference, rig, CONVENTION)
    cover = cover_legs(points, CONVENTION, job.plan.size, job.rng('cover'))
    hidden = _film(job, body, person, rig, look, cover, draft)
    track = _detected(job, person, rig, reference, points, hidden, look)
    rng = job.rng('variants')
    covered = cover.hides(points)
    for variant in VARIANTS:
        found = occluded(track, variant, rng, covered, job.path / COVERED)
        save_track(job.track_path(variant), found)
    np.savez_compressed(
        draft / TRUTH,
        keypoints=points,
        self_occluded=hidden,
        camera_rotation=(rig.sway @ rig.rotation).astype(np.float32),
        camera_centre=rig.centre.astype(np.float32),
    )
    labels = json.dumps(label_entries(job.take), indent=1)
    (draft / LABELS).write_text(labels + '\n', encoding='utf-8')
    shutil.rmtree(job.path, ignore_errors=True)
    draft.rename(job.path)
    return job.path


def label_entries(take: Take) -> list[dict[str, object]]:
    """Content of ``labels.json``: the whole clip has one label."""
    return [
        {
            'start': 0,
            'end': len(take.pose),
            'text': take.label,
            'dictionary_entry': take.label,
            'score': 1.0,
            'source': 'truth',
            'raw': take.label,
        }
    ]


def _betas(job: ClipJob) -> np.ndarray:
    rng = job.rng('body')
    if job.plan.shift == 'none':
        return sample_betas(1, rng)[0]
    return shifted_betas(rng)


def _look(job: ClipJob, body: SMPLBody, rig: Rig) -> Look:
    faces, rest = body.faces.numpy().astype(np.int32), body.v_template.numpy()
    wardrobe = Wardrobe.of_body(
        rest, vertex_normals(rest, faces), body.weights.numpy(), faces
    )
    rng, size = job.rng('look'), job.plan.size
    if job.plan.shift == 'none':
        return TrainingLook.sample(wardrobe, faces, size, rng)
    sides, blur = (size, size), size / 256
    return ShiftedLook.sample(wardrobe, faces, rig, sides, rng, blur)


def _film(
    job: ClipJob,
    body: SMPLBody,
    person: WorldBody,
    rig: Rig,
    look: Look,
    cover: Cover,
    folder: Path,
) -> np.ndarray:
    """Write both videos; returns self-occluded keypoints ``[T, K]``."""
    faces = body.faces.numpy().astype(np.int32)
    size, rng = job.plan.size, job.rng('film')
    frames: Iterator[Frame] = render_clip(
        person, faces, rig, look, size, CONVENTION, rng
    )
    hidden = []
    with (
        VideoWriter(folder / VIDEO, FPS, codec=CODEC) as whole,
        VideoWriter(folder / COVERED, FPS, codec=CODEC) as covered,
    ):
        for t, frame in enumerate(frames):
            for writer, image in (
                (whole, frame.image),
                (covered, cover(frame.image, t)),
            ):
                writer.write(np.ascontiguousarray(image[..., ::-1]))
            hidden.append(frame.hidden)
    return np.stack(hidden)


def _detected(
    job: ClipJob,
    person: WorldBody,
    rig: Rig,
    reference: BodyReference,
    points: np.ndarray,
    hidden: np.ndarray,
    look: Look,
) -> PersonTrack:
    """The track with all detected keypoints."""
    count, rng, detector = len(points), job.rng('detector'), Detector()
    joints = rig.to_camera(person.keypoints)
    lengths = limb_lengths(joints, rig.intrinsics[0, 0], CONVENTION)
    found, scores = detector.detect(
        points, lengths, hidden, look.defocus, CONVENTION, rng
    )
    return PersonTrack(
        name=job.name,
        frame_ids=np.arange(count),
        fps=FPS,
        boxes=detector.boxes(points, rng),
        keypoints=found,
        scores=scores,
        convention=CONVENTION,
        video=job.path / VIDEO,
        intrinsics=np.tile(rig.intrinsics, (count, 1, 1)),
        reference=reference,
    )
