"""Human3.6M with the annotations published by Moon et al.

See :mod:`~semtta_mm.datasets.readers.human36m_files` for the sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...conventions import NUM_BETAS, NUM_JOINTS
from ...registry import TASK_UTILS
from ...structures import BodyReference, PersonTrack
from ...utils import InputError
from ..boxes import is_box, keypoint_box
from ..folder_layout import require_all, require_tree
from .dataset import DatasetReader, Published
from .human36m_files import (
    FIX,
    TREE,
    Camera,
    View,
    read_camera,
    read_json,
    read_views,
    resolve_translation,
)
from .threedpw import in_camera

FPS = 50.0
CONVENTION = 'h36m_17'
_FITS = 'SMPL_NeuralAnnot'


@TASK_UTILS.register_module()
class Human36MReader(DatasetReader):
    """One track per take and camera of Human3.6M (Ionescu et al., 2014).

    Frame numbers are those of the images (from 1), 50 a second. The reference
    is the measured 17 joints (m, camera axes), or NeuralAnnot's SMPL fits
    (neutral, root rotated into the camera, without translation); never both,
    because they belong to different bodies. Boxes are the extent of the
    projected joints.

    Args:
        keypoints: The folder with ``annotations/`` and ``images/``.
        subjects: Test: 9 and 11; training: 1, 5, 6, 7, 8.
        cameras: 1 to 4; 4 is the frontal one of protocol 2.
        stride: Keep every n-th frame.
        reference: ``'joints'`` or ``'smpl'``.
        evidence: ``'openpose'``, or ``'truth'``: the projected joints.
        openpose: Folder with a folder of OpenPose JSON for each view
            (``s_09_act_02_subact_01_ca_01``).

    Raises:
        InputError: If the folder or a file differs from the published
            layout, or there is no 2D evidence.
    """

    dataset = 'h36m'

    def __init__(
        self,
        keypoints: str | PathLike[str],
        subjects: Sequence[int] = (9, 11),
        cameras: Sequence[int] = (1, 2, 3, 4),
        stride: int = 1,
        reference: str = 'joints',
        evidence: str = 'openpose',
        openpose: str | PathLike[str] | None = None,
    ) -> None:
        super().__init__(keypoints, openpose)
        self.subjects, self.cameras = tuple(subjects), tuple(cameras)
        self.stride, self.reference = stride, reference
        self.evidence = evidence
        self._check()

    def _check(self) -> None:
        if self.stride < 1:
            problem = f'{self.stride} is not positive'
            raise InputError(self.folder, 'stride', problem, 'use 1 or more')
        for field, known in (
            ('reference', ('joints', 'smpl')),
            ('evidence', ('openpose', 'truth')),
        ):
            value = getattr(self, field)
            if value not in known:
                fix = f'use one of {", ".join(known)}'
                raise InputError(self.folder, field, f'{value!r}', fix)
        if (self.evidence == 'openpose') != (self.openpose is not None):
            raise InputError(
                self.folder,
                'evidence',
                f'is {self.evidence!r}, and OpenPose JSON is '
                f'{"not " if self.openpose is None else ""}given',
                "give --openpose FOLDER, or choose evidence 'truth'",
            )

    def __call__(self) -> list[PersonTrack]:
        """Read all views of all subjects."""
        parts = ['data', 'camera', 'joint_3d']
        if self.reference == 'smpl':
            parts.append(_FITS)
        wanted = [
            f'annotations/Human36M_subject{subject}_{part}.json'
            for subject in self.subjects
            for part in parts
        ]
        require_tree(self.folder, [*wanted, 'images'], TREE)
        self.sequences_read, tracks = [], []
        for subject in self.subjects:
            tracks += self._subject(subject)
        return tracks

    @property
    def published(self) -> Published:
        """Not stated, because releases lack some views."""
        return Published()

    def protocol(self) -> dict[str, Any]:
        """Subjects, annotation, evidence and rules."""
        fits = (
            f'{_FITS}, neutral, root rotated into the camera, no translation'
        )
        return {
            'split': [f'S{subject}' for subject in self.subjects],
            'cameras': list(self.cameras),
            'annotation': '17 measured joints'
            if self.reference == 'joints'
            else fits,
            'frame': 'camera',
            'frames': f'every {self.stride} of 50 fps',
            'evidence': self.evidence,
            'boxes': 'extent of the projected joints',
            'intrinsics': 'as annotated, without distortion',
        }

    def _path(self, subject: int, part: str) -> Path:
        name = f'Human36M_subject{subject}_{part}.json'
        return self.folder / 'annotations' / name

    def _subject(self, subject: int) -> list[PersonTrack]:
        views = read_views(
            self._path(subject, 'data'), self.cameras, self.stride
        )
        images = [self.folder / 'images' / view.folder for view in views]
        require_all(self.folder, images, TREE)
        joints = read_json(self._path(subject, 'joint_3d'))
        fits = None
        if self.reference == 'smpl':
            fits = read_json(self._path(subject, _FITS))
        tracks = []
        for view, folder in zip(views, images, strict=True):
            track = self._track(view, folder, joints, fits)
            tracks += self.with_evidence([track], folder.name)
        return tracks

    def _track(
        self, view: View, folder: Path, joints: Any, fits: Any
    ) -> PersonTrack:
        path = self._path(view.subject, 'joint_3d')
        world = _stack(path, joints, view, lambda frame: frame)
        if world.shape[1:] != (17, 3):
            problem = f'expected [17, 3] a frame, got {list(world.shape[1:])}'
            raise InputError(path, folder.name, problem, FIX)
        where = self._path(view.subject, 'camera')
        camera = resolve_translation(
            where,
            read_camera(where, view.camera),
            world,
            np.asarray(view.boxes, float),
        )
        in_view = camera(world)
        points = camera.project(in_view)
        all_joints = np.ones(points.shape[1], bool)
        boxes = np.stack([keypoint_box(p, all_joints) for p in points])
        used = is_box(boxes)
        if fits is None:
            reference = BodyReference(
                joints=in_view / 1000, convention=CONVENTION
            )
        else:
            reference = self._fit(view, fits, camera)
        return PersonTrack(
            name=folder.name,
            frame_ids=np.array(view.files)[used],
            fps=FPS,
            boxes=boxes[used],
            keypoints=points[used],
            scores=np.ones(points[used].shape[:2]),
            convention=CONVENTION,
            video=folder,
            stride=self.stride,
            numbering='name',
            intrinsics=np.tile(camera.intrinsics, (int(used.sum()), 1, 1)),
            reference=reference[used],
        )

    def _fit(self, view: View, fits: Any, camera: Camera) -> BodyReference:
        path = self._path(view.subject, _FITS)
        pose = _stack(path, fits, view, lambda fit: fit['pose'])
        betas = _stack(path, fits, view, lambda fit: fit['shape'])
        count = len(view.frames)
        if pose.size != count * NUM_JOINTS * 3 or (
            betas.size != count * NUM_BETAS
        ):
            problem = f'pose {list(pose.shape)}, shape {list(betas.shape)}'
            raise InputError(path, view.folder, problem, FIX)
        rotation = np.tile(camera.rotation, (count, 1, 1))
        return BodyReference(
            convention=CONVENTION,
            pose=in_camera(pose.reshape(count, NUM_JOINTS, 3), rotation),
            betas=betas.reshape(count, NUM_BETAS),
        )


def _stack(path: Path, content: Any, view: View, pick: Any) -> np.ndarray:
    """Values of a view's frames from ``[action][take][frame]``."""
    try:
        take = content[str(view.action)][str(view.take)]
        rows = [pick(take[str(frame)]) for frame in view.frames]
        return np.asarray(rows, float)
    except (KeyError, TypeError, ValueError) as error:
        problem = f'is not laid out as expected ({error!r})'
        raise InputError(path, view.folder, problem, FIX) from error
