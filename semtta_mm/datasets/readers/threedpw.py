"""3DPW as it is published: ``sequenceFiles/SPLIT/*.pkl``, ``imageFiles/``.

Layout and fields as in the readme of the data set; the rotation into the
camera is that of SPIN's and mmhuman3d's converters.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from ...checkpoints.plain_data import read_plain_pickle
from ...conventions import NUM_BETAS, NUM_JOINTS
from ...registry import TASK_UTILS
from ...structures import BodyReference, PersonTrack
from ...utils import InputError
from ...utils.required_files import RequiredFile
from ..boxes import interpolate_boxes, is_box, keypoint_box
from ..folder_layout import require_all, require_tree
from .dataset import DatasetReader, Published

FPS = 30.0
"""Frame rate of the images, from the data set's readme."""
GENDERS = {'m': 'male', 'f': 'female'}
PUBLISHED = {'test': Published(sequences=24, tracks=37, frames=35515)}
"""The number of frames is that after SPIN's filter (TCMR's issue 32)."""

_TREE = (
    'sequenceFiles/SPLIT/SEQUENCE.pkl and imageFiles/SEQUENCE/image_00000.jpg,'
    ' as unpacked from the two archives of 3DPW'
)
_FIX = f'give the folder that holds {_TREE}'


@TASK_UTILS.register_module()
class ThreeDPWReader(DatasetReader):
    """One track per person of 3DPW (von Marcard et al., ECCV 2018).

    The 2D evidence is the dataset's own ``poses2d``: OpenPose's 18
    keypoints with confidences. The reference is its SMPL pose and shape, with
    the global rotation in the camera frame; joints are those of the
    **gendered** body, so the evaluation needs one of each gender. Frames with
    an invalid camera (``campose_valid`` 0) are left out. The translation is
    left out, too: it cannot be rotated into the camera frame without the
    gendered template, and the usual metrics are relative to the root.

    Args:
        keypoints: The dataset's folder.
        split: ``'train'``, ``'validation'`` or ``'test'`` (24 sequences,
            37 tracks).
        sequences: Names to read; None reads all.
        drop_wild_betas: Set a reference shape with an absolute entry above 3
            to 0, as in CycleAdapt's evaluation.
        openpose: Folder with one folder of OpenPose JSON for each sequence,
            instead of ``poses2d``; boxes stay those of ``poses2d``.

    Raises:
        InputError: If the folder or a file differs from the published
            layout.
    """

    required_files = (
        RequiredFile(
            'keypoints',
            '3DPW',
            'the two archives of its web site, sequenceFiles and imageFiles, '
            'unpacked into one folder',
        ),
        RequiredFile(
            'openpose',
            'OpenPose JSON',
            'run OpenPose with --write_json on the images, one folder a '
            'sequence',
        ),
    )

    dataset = '3dpw'

    def __init__(
        self,
        keypoints: str | PathLike[str],
        split: str = 'test',
        sequences: list[str] | None = None,
        drop_wild_betas: bool = True,
        openpose: str | PathLike[str] | None = None,
    ) -> None:
        super().__init__(keypoints, openpose)
        self.split = split
        self.sequences = sequences
        self.drop_wild_betas = drop_wild_betas

    def __call__(self) -> list[PersonTrack]:
        """Read all tracks, in the order of their names."""
        require_tree(
            self.folder,
            (f'sequenceFiles/{self.split}/*.pkl', 'imageFiles'),
            _TREE,
        )
        folder = self.folder / 'sequenceFiles' / self.split
        files = sorted(folder.glob('*.pkl'))
        if self.sequences is not None:
            files = [path for path in files if path.stem in self.sequences]
            if not files:
                problem = f'none of {self.sequences} exists'
                raise InputError(folder, 'sequences', problem, _FIX)
        images = [self.folder / 'imageFiles' / path.stem for path in files]
        require_all(self.folder, images, _TREE)
        self.sequences_read = []
        tracks = []
        for path, video in zip(files, images, strict=True):
            tracks += self.with_evidence(self._read(path, video), path.stem)
        return tracks

    @property
    def published(self) -> Published:
        """24 sequences, 37 tracks, 35,515 person-frames in the test split."""
        whole = self.sequences is None
        return PUBLISHED.get(self.split, Published()) if whole else Published()

    def protocol(self) -> dict[str, Any]:
        """Split, annotation, evidence and rules."""
        return {
            'split': self.split,
            'annotation': 'SMPL of the sequence files, gendered',
            'frame': 'camera (root rotated by cam_poses), without translation',
            'frames': 'campose_valid, with a box',
            'evidence': 'poses2d' if self.openpose is None else 'openpose',
            'boxes': 'extent of poses2d, gaps interpolated',
            'wild_betas': 'set to 0' if self.drop_wild_betas else 'kept',
        }

    def _read(self, path: Path, video: Path) -> list[PersonTrack]:
        content = read_plain_pickle(path, _FIX)
        people = range(len(_field(path, content, 'poses')))
        tracks = [self._person(path, content, i, video) for i in people]
        return [track for track in tracks if track is not None]

    def _person(
        self, path: Path, content: Mapping[str, Any], person: int, video: Path
    ) -> PersonTrack | None:
        """A person's track; None if the person has no valid frame."""

        def of(name: str) -> np.ndarray:
            return np.asarray(_field(path, content, name)[person], float)

        pose = of('poses').reshape(-1, NUM_JOINTS, 3)
        camera = np.asarray(_field(path, content, 'cam_poses'), float)
        evidence = of('poses2d').transpose(0, 2, 1)  # [T, 18, (x, y, c)]
        if not len(pose) == len(camera) == len(evidence):
            problem = (
                f'differ: poses {len(pose)}, cam_poses {len(camera)}, '
                f'poses2d {len(evidence)}'
            )
            raise InputError(path, f'person {person}: lengths', problem, _FIX)
        frames, boxes = np.arange(len(pose)), evidence_boxes(evidence)
        used = (of('campose_valid') > 0) & is_box(boxes)
        if not used.any():
            return None
        gender = GENDERS[str(_field(path, content, 'genders')[person])]
        intrinsics = np.asarray(_field(path, content, 'cam_intrinsics'), float)
        count = int(used.sum())
        return PersonTrack(
            name=f'{path.stem}_{person}',
            frame_ids=frames[used],
            fps=FPS,
            boxes=boxes[used],
            keypoints=evidence[used, :, :2],
            scores=evidence[used, :, 2].clip(0, 1),
            convention='openpose_18',
            video=video,
            intrinsics=np.tile(intrinsics, (count, 1, 1)),
            reference=BodyReference(
                convention='h36m_17',
                pose=in_camera(pose[used], camera[used, :3, :3]),
                betas=np.tile(self._betas(of('betas')), (count, 1)),
                gender=gender,
            ),
        )

    def _betas(self, betas: np.ndarray) -> np.ndarray:
        betas = betas.ravel()[:NUM_BETAS]
        wild = self.drop_wild_betas and bool((np.abs(betas) > 3).any())
        return np.zeros(NUM_BETAS) if wild else betas


def in_camera(pose: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Transform the global rotation from the world to the camera frame.

    Args:
        pose: Axis-angle ``[T, 24, 3]``, world.
        rotation: Rotations from the world to the camera ``[T, 3, 3]``.

    Returns:
        ``[T, 24, 3]``.
    """
    out = pose.copy()
    root = Rotation.from_matrix(rotation) * Rotation.from_rotvec(pose[:, 0])
    out[:, 0] = root.as_rotvec()
    return out


def evidence_boxes(evidence: np.ndarray, least: float = 0.3) -> np.ndarray:
    """Boxes around the visible keypoints, gaps interpolated.

    A frame with too few keypoints above the confidence uses all detected
    keypoints, so that all frames of SPIN's converter are kept.

    Args:
        evidence: ``[T, K, 3]``: x, y (px) and confidence.
        least: Confidence above which a keypoint is visible.

    Returns:
        ``[T, 4]``, px; NaN before the first and after the last known one.
    """
    visible = [keypoint_box(p[:, :2], p[:, 2] > least) for p in evidence]
    detected = [keypoint_box(p[:, :2], p[:, 2] > 0) for p in evidence]
    boxes, fallback = np.stack(visible), np.stack(detected)
    boxes = np.where(is_box(boxes)[:, None], boxes, fallback)
    return interpolate_boxes(np.arange(len(boxes)), boxes)


def _field(path: Path, content: Mapping[str, Any], name: str) -> Any:
    if name not in content:
        problem = f'is absent; there are {sorted(content)}'
        raise InputError(path, name, problem, _FIX)
    return content[name]
