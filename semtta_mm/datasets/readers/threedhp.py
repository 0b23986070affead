"""MPI-INF-3DHP's test set: ``mpi_inf_3dhp_test_set/TS1`` to ``TS6``.

Layout, joint order and the choice of frames as in SPIN's and mmhuman3d's
converters (``datasets/preprocess/mpi_inf_3dhp.py`` of nkolot/SPIN,
``data_converters/mpi_inf_3dhp.py``).
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...registry import TASK_UTILS
from ...structures import BodyReference, PersonTrack
from ...utils import InputError
from ..boxes import is_box, keypoint_box
from ..folder_layout import require_tree
from ..video import numbered_images, video_info
from .dataset import DatasetReader, Published
from .threedhp_camera import calibration_file, read_cameras, reprojection
from .threedhp_files import (
    CONVENTION,
    FIX,
    TREE,
    as_h36m,
    read_annotations,
    sequence_root,
)

SEQUENCES = ('TS1', 'TS2', 'TS3', 'TS4', 'TS5', 'TS6')
ANNOTATIONS = ('univ_annot3', 'annot3')
WORST_REPROJECTION = 50.0
"""Largest error, px; a camera with a larger one is not that of the images."""


@TASK_UTILS.register_module()
class ThreeDHPReader(DatasetReader):
    """One track for each of TS1-TS6 (Mehta et al., 3DV 2017).

    Frames are those with ``valid_frame`` 1 and all 17 joints inside the
    image, numbered like the images (from 1); other frames are gaps. Boxes
    are the extent of the 17 true 2D joints, as in other evaluations. The
    reference is 17 joints as ``h36m_17``, m, camera axes: ``annot3`` (true
    size) or ``univ_annot3`` (scaled to a universal skeleton). The two give
    very different errors, so report the annotation with each result.

    Args:
        keypoints: ``mpi_inf_3dhp_test_set`` or the folder that holds it.
        fps: Frames per second of the test videos; required, because no
            public source states it.
        annotation: ``'univ_annot3'`` (SPIN's) or ``'annot3'`` (BOA's).
        evidence: ``'openpose'``, or ``'annot2'``: the true 2D joints.
        openpose: Folder with folders ``TS1`` ... of OpenPose JSON.
        intrinsics: Set the camera of ``test_util`` in the tracks; False
            leaves it out.
        sequences: Names to read.

    Raises:
        InputError: If the folder or a file differs from the published
            layout, or there is no 2D evidence.
        MissingDependencyError: If h5py is not installed.
    """

    dataset = '3dhp'

    def __init__(
        self,
        keypoints: str | PathLike[str],
        fps: float,
        annotation: str = 'univ_annot3',
        evidence: str = 'openpose',
        openpose: str | PathLike[str] | None = None,
        intrinsics: bool = True,
        sequences: tuple[str, ...] = SEQUENCES,
    ) -> None:
        super().__init__(keypoints, openpose)
        self.folder = sequence_root(self.folder)
        self.fps, self.annotation, self.evidence = fps, annotation, evidence
        self.intrinsics, self.sequences = intrinsics, sequences
        self.residuals: dict[str, float] = {}
        self._check()

    def _check(self) -> None:
        if not self.fps > 0:
            raise InputError(
                self.folder,
                'fps',
                f'{self.fps} is not positive',
                'give a positive rate',
            )
        for field, known in (
            ('annotation', ANNOTATIONS),
            ('evidence', ('openpose', 'annot2')),
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
                "give --openpose FOLDER, or choose evidence 'annot2' (truth)",
            )

    def __call__(self) -> list[PersonTrack]:
        """Read TS1 to TS6."""
        wanted = [
            f'{name}/{part}'
            for name in self.sequences
            for part in ('annot_data.mat', 'imageSequence/*.jpg')
        ]
        require_tree(self.folder, wanted, TREE)
        self.sequences_read, tracks = [], []
        for name in self.sequences:
            tracks += self.with_evidence([self._read(name)], name)
        return tracks

    @property
    def published(self) -> Published:
        """Six sequences of one person."""
        return Published(sequences=6, tracks=6)

    def protocol(self) -> dict[str, Any]:
        """Annotation, evidence and rules."""
        return {
            'split': 'test',
            'annotation': self.annotation,
            'frame': 'camera',
            'frames': 'valid_frame 1 and all 17 joints inside the image',
            'evidence': self.evidence,
            'boxes': 'extent of annot2',
            'fps': f'{self.fps:g}, as given',
            'intrinsics': 'test_util/camera_calibration, without distortion'
            if self.intrinsics
            else 'left out',
            'median_reprojection_px': dict(self.residuals),
        }

    def _read(self, name: str) -> PersonTrack:
        path = self.folder / name / 'annot_data.mat'
        images = self.folder / name / 'imageSequence'
        fields = ('annot2', 'annot3', self.annotation, 'valid_frame')
        data = read_annotations(path, fields)
        info, files = video_info(images), numbered_images(images, 'name')
        points = data['annot2']
        size = (info.width, info.height)
        inside = ((points >= 0) & (points < size)).all(axis=(1, 2))
        all_joints = np.ones(points.shape[1], bool)
        boxes = np.stack([keypoint_box(p, all_joints) for p in points])
        used = (data['valid_frame'] > 0) & inside & is_box(boxes)
        numbers = np.arange(1, len(points) + 1)[used]
        absent = sorted(set(numbers.tolist()) - set(files))
        if absent or not used.any():
            problem = (
                f'lacks {len(absent)} valid frames, first img_{absent[0]:06d}'
                if absent
                else 'has no valid frame'
            )
            raise InputError(images, 'images', problem, FIX)
        scale = 1000  # the file is in mm
        return PersonTrack(
            name=name,
            frame_ids=numbers,
            fps=self.fps,
            boxes=boxes[used],
            keypoints=points[used],
            scores=np.ones(points[used].shape[:2]),
            convention=CONVENTION,
            video=images,
            numbering='name',
            intrinsics=self._camera(name, size, data, used),
            reference=BodyReference(
                joints=as_h36m(data[self.annotation][used] / scale),
                convention='h36m_17',
            ),
        )

    def _camera(
        self,
        name: str,
        size: tuple[int, int],
        data: dict[str, np.ndarray],
        used: np.ndarray,
    ) -> np.ndarray | None:
        """The file's camera that best projects ``annot3`` to ``annot2``."""
        if not self.intrinsics:
            return None
        path = calibration_file(self.folder, name)
        pair = data['annot3'][used], data['annot2'][used]
        cameras = read_cameras(path, size)
        errors = [reprojection(camera, *pair) for camera in cameras]
        best = int(np.argmin(errors))
        if not errors[best] <= WORST_REPROJECTION:
            raise InputError(
                path,
                name,
                f'annot3 projects {errors[best]:.0f} px off annot2',
                'check that images, annotations and cameras are of one '
                'release, or leave the cameras out (--no-intrinsics)',
            )
        self.residuals[name] = round(errors[best], 2)
        return np.tile(cameras[best], (int(used.sum()), 1, 1))


def present_sequences(folder: Path) -> tuple[str, ...]:
    """Test sequences in a folder; all names if the folder has none.

    Args:
        folder: ``mpi_inf_3dhp_test_set`` or the folder that holds it.
    """
    root = sequence_root(folder)
    found = [name for name in SEQUENCES if (root / name).is_dir()]
    return tuple(found) or SEQUENCES
