"""EgoBody as released: the interactee in the view of the head-set.

See :mod:`~semtta_mm.datasets.readers.egobody_files` for the sources.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...registry import TASK_UTILS
from ...structures import BodyReference, PersonTrack
from ...utils import InputError, read_npz
from ..boxes import is_box, keypoint_box
from ..folder_layout import require_all, require_tree, shown
from ..video import last_number, list_images
from .dataset import DatasetReader, Published
from .egobody_files import (
    FIX,
    TREE,
    Recording,
    read_fit,
    read_head_camera,
    read_info,
    read_split,
    read_transform,
)
from .people import MIN_CONFIDENCE
from .threedpw import in_camera

FPS = 30.0
"""Rate of fits and frame numbers (sanweiliti/EgoBody, issue 6)."""
FLIP = np.diag([1.0, -1.0, -1.0])
"""From the head-set's axes (y up, z back) to the image's (y down, z ahead)."""


@TASK_UTILS.register_module()
class EgoBodyReader(DatasetReader):
    """One track per recording of EgoBody's EgoSet (Zhang et al., ECCV 2022).

    Frames are those between ``start_frame`` and ``end_frame`` that have an
    image, a head pose, a fit, and ``valid`` 1 (six keypoints of the
    interactee or more); other frames are gaps. The 2D evidence is the
    release's OpenPose BODY_25; boxes are its extent. The reference is the
    gendered SMPL fit, its root rotated from the master Kinect into the
    frame's image axes, without translation (see ``ThreeDPWReader``).

    The Kinects' views are not read: the release has neither 2D nor boxes for
    them. SMPL-X fits are not read either.

    Args:
        keypoints: The release's folder.
        split: ``'train'``, ``'val'`` or ``'test'`` of ``data_splits.csv``.
        allow_partial: Read the recordings that are available; otherwise all
            of the split are required.
        openpose: Folder with one folder of OpenPose JSON for each recording,
            instead of the release's.

    Raises:
        InputError: If the folder or a file differs from the published
            layout.
    """

    dataset = 'egobody'

    def __init__(
        self,
        keypoints: str | PathLike[str],
        split: str = 'test',
        allow_partial: bool = False,
        openpose: str | PathLike[str] | None = None,
    ) -> None:
        super().__init__(keypoints, openpose)
        self.split, self.allow_partial = split, allow_partial
        self._names: list[str] = []

    def __call__(self) -> list[PersonTrack]:
        """Read all recordings of the split, in the order of their names."""
        wanted = (
            'data_info_release.csv',
            'data_splits.csv',
            'egocentric_color',
            'calibrations',
            'smpl_interactee*',
        )
        require_tree(self.folder, wanted, TREE)
        names = read_split(self.folder / 'data_splits.csv', self.split)
        info = read_info(self.folder / 'data_info_release.csv')
        unknown = [name for name in names if name not in info]
        if unknown:
            path = self.folder / 'data_info_release.csv'
            raise InputError(path, 'recordings', f'lack {shown(unknown)}', FIX)
        self._names, self.sequences_read = names, []
        colour = self.folder / 'egocentric_color'
        if not self.allow_partial:
            require_all(self.folder, [colour / name for name in names], TREE)
        tracks = []
        for name in sorted(names):
            if (colour / name).is_dir():
                tracks += self.with_evidence([self._read(info[name])], name)
        return tracks

    @property
    def published(self) -> Published:
        """Number of recordings in ``data_splits.csv``."""
        count = len(self._names) or None
        return Published(sequences=count, tracks=count)

    def protocol(self) -> dict[str, Any]:
        """Split, annotation, evidence and rules."""
        own = 'OpenPose BODY_25 of keypoints.npz'
        return {
            'split': self.split,
            'view': 'egocentric (interactee)',
            'annotation': 'SMPL fits, gendered',
            'frame': 'camera (root rotated by the calibrations), '
            'without translation',
            'frames': 'start_frame to end_frame, valid_frame 1, with an '
            'image, a head pose and a fit',
            'evidence': own if self.openpose is None else 'openpose',
            'boxes': 'extent of keypoints.npz',
        }

    def _read(self, recording: Recording) -> PersonTrack:
        folder = self._session(recording.name)
        fits = self._fits(recording)
        images = {
            number: path
            for path in list_images(folder / 'PV')
            if (number := last_number(path.stem)) is not None
        }
        camera = read_head_camera(_only(folder, '*_pv.txt'))
        evidence = _evidence(folder)
        frames = [
            frame
            for frame in range(recording.first, recording.last + 1)
            if frame in evidence
            and frame in images
            and frame in fits
            and _time(images[frame]) in camera.by_time
        ]
        if not frames:
            problem = 'has no frame with image, head pose, fit and keypoints'
            raise InputError(folder, recording.name, problem, FIX)
        points = np.stack([evidence[frame] for frame in frames])
        shots = [camera.by_time[_time(images[frame])] for frame in frames]
        return PersonTrack(
            name=recording.name,
            frame_ids=np.array(frames),
            fps=FPS,
            boxes=np.stack([_box(p) for p in points]),
            keypoints=points[..., :2],
            scores=points[..., 2].clip(0, 1),
            convention='openpose_25',
            video=folder / 'PV',
            numbering='name',
            intrinsics=np.stack(
                [_matrix(focal, camera.centre) for focal, _ in shots]
            ),
            reference=self._reference(
                recording, [fits[frame] for frame in frames], shots
            ),
        )

    def _reference(
        self,
        recording: Recording,
        paths: list[Path],
        shots: list[tuple[np.ndarray, np.ndarray]],
    ) -> BodyReference:
        fits = [read_fit(path) for path in paths]
        pose = np.stack(
            [np.append(fit['global_orient'], fit['body_pose']) for fit in fits]
        )
        folder = self.folder / 'calibrations' / recording.name / 'cal_trans'
        head = read_transform(folder / 'holo_to_kinect12.json')
        rotation = np.stack(
            [kinect_to_image(head, extrinsics) for _, extrinsics in shots]
        )
        return BodyReference(
            convention='h36m_17',
            pose=in_camera(pose.reshape(-1, 24, 3), rotation),
            betas=np.stack([fit['betas'] for fit in fits]),
            gender=recording.gender,
        )

    def _session(self, name: str) -> Path:
        """The one folder ``202x-xx-xx-xxxxxx`` of a recording."""
        return _only(self.folder / 'egocentric_color' / name, '202*')

    def _fits(self, recording: Recording) -> dict[int, Path]:
        """Frame number to ``000.pkl``; newer releases have a split suffix."""
        inner = f'{recording.name}/body_idx_{recording.body}/results'
        for top in (f'smpl_interactee_{self.split}', 'smpl_interactee'):
            folder = self.folder / top / inner
            if folder.is_dir():
                return {
                    int(path.parent.name.removeprefix('frame_')): path
                    for path in folder.glob('frame_[0-9]*/000.pkl')
                }
        problem = f'neither smpl_interactee_{self.split} nor smpl_interactee'
        raise InputError(self.folder, recording.name, f'{problem} has it', FIX)


def kinect_to_image(head: np.ndarray, extrinsics: np.ndarray) -> np.ndarray:
    """Rotation from the master Kinect to a frame's image axes.

    Args:
        head: HoloLens' world to Kinect ``[4, 4]`` (``holo_to_kinect12``).
        extrinsics: Camera to HoloLens' world ``[4, 4]`` (``pv2world``).

    Returns:
        ``[3, 3]``.
    """
    return FLIP @ extrinsics[:3, :3].T @ head[:3, :3].T


def _evidence(folder: Path) -> dict[int, np.ndarray]:
    """Frame number to ``[25, 3]``, of valid frames with a box."""
    valid = read_npz(folder / 'valid_frame.npz', FIX, ('imgname', 'valid'))
    data = read_npz(folder / 'keypoints.npz', FIX, ('imgname', 'keypoints'))
    points = data['keypoints']
    if points.shape[1:] != (25, 3) or len(points) != len(data['imgname']):
        problem = f'expected [N, 25, 3], got {list(points.shape)}'
        raise InputError(folder / 'keypoints.npz', 'keypoints', problem, FIX)
    good = {
        Path(str(name)).name
        for name, flag in zip(valid['imgname'], valid['valid'], strict=True)
        if flag
    }
    found = {}
    for name, value in zip(data['imgname'], points, strict=True):
        file = Path(str(name)).name
        frame = last_number(Path(file).stem)
        if frame is not None and file in good and is_box(_box(value)):
            found[frame] = value
    return found


def _box(points: np.ndarray) -> np.ndarray:
    confident = keypoint_box(points[:, :2], points[:, 2] >= MIN_CONFIDENCE)
    if is_box(confident):
        return confident
    return keypoint_box(points[:, :2], points[:, 2] > 0)


def _time(image: Path) -> str:
    return image.stem.split('_')[0]


def _matrix(focal: np.ndarray, centre: tuple[float, float]) -> np.ndarray:
    return np.array(
        [[focal[0], 0, centre[0]], [0, focal[1], centre[1]], [0, 0, 1]]
    )


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        problem = f'{len(found)} paths match {pattern}, expected one'
        raise InputError(folder, 'folder', problem, FIX)
    return found[0]
