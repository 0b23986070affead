"""``result.npz`` of a track as checked, plain data (docs/results_files.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..conventions import CONVENTIONS
from ..structures import SMPLParams
from ..utils import InputError, read_npz
from .result_checks import check_arrays, text_of

SCHEMA_VERSION = 2
"""Of ``result.npz``. Files without ``schema_version`` are of version 1."""

_FIX = 'give a result.npz that `semtta adapt` wrote'


@dataclass(frozen=True)
class ResultFile:
    """One person's result, as ``result.npz`` holds it.

    Note:
        - frames of the track: T; keypoints of the evidence's convention: K

    Attributes:
        name: Of the track, which identifies the person.
        frame_ids: Frame numbers in the video ``[T]``, increasing.
        fps: Frames per second that ``frame_ids`` count.
        stride: Frames of the video from one sample to the next.
        global_orient: Axis-angle ``[T, 3]``, camera frame.
        body_pose: Axis-angle of joints 1 to 23 ``[T, 69]``.
        betas: Shape ``[T, 10]``.
        transl: ``[T, 3]``, m, camera frame (x right, y down, z forward).
        cam_intrinsics: ``[T, 3, 3]``, px.
        joints3d: SMPL's joints ``[T, 24, 3]``, m, camera frame.
        joints2d: Projected keypoints ``[T, K, 2]``, px.
        bank_keypoints: 2D evidence at the end ``[T, K, 2]``, px.
        bank_source: 0 missing, 1 detected, 2 filled in ``[T, K]``.
        bbox_xyxy: Square box of the crop ``[T, 4]``, px.
        person_xyxy: Tight box of the person ``[T, 4]``, px, or None.
        keypoints3d: The model's keypoints ``[T, K, 3]``, m, camera frame,
            which project to ``joints2d``; None in files of version 1.
        keypoint_names: Names of the K keypoints; empty if unknown.
        convention: Of the keypoints; empty if unknown.
        body: ``'open'``, ``'smpl'``, or empty if unknown.
        gender: Of the body.
        image_size: Width and height of the video, px, or None.
        video: Name of the video file; empty if there is none.
        up: Up direction in the camera's frame ``[T, 3]``, or None.
        arrays: All arrays of the file, also those that are not named here.
    """

    name: str
    frame_ids: NDArray[Any]
    fps: float
    stride: int
    global_orient: NDArray[Any]
    body_pose: NDArray[Any]
    betas: NDArray[Any]
    transl: NDArray[Any]
    cam_intrinsics: NDArray[Any]
    joints3d: NDArray[Any]
    joints2d: NDArray[Any]
    bank_keypoints: NDArray[Any]
    bank_source: NDArray[Any]
    bbox_xyxy: NDArray[Any]
    person_xyxy: NDArray[Any] | None
    keypoints3d: NDArray[Any] | None
    keypoint_names: tuple[str, ...]
    convention: str
    body: str
    gender: str
    image_size: tuple[int, int] | None
    video: str
    up: NDArray[Any] | None
    arrays: Mapping[str, NDArray[Any]]

    @classmethod
    def read(cls, path: str | PathLike[str]) -> ResultFile:
        """Read a file.

        Args:
            path: ``result.npz`` or ``before.npz`` of a track's folder.

        Raises:
            InputError: If it is missing, broken, or of a newer version, or
                an array is absent or of a wrong shape.
        """
        path = Path(path)
        name = path.parent.resolve().name
        return cls.from_arrays(read_npz(path, _FIX), name, path)

    @classmethod
    def from_arrays(
        cls,
        arrays: Mapping[str, NDArray[Any]],
        name: str,
        source: str | PathLike[str] = 'result',
    ) -> ResultFile:
        """Check the arrays of a file.

        Args:
            arrays: As docs/results_files.md lists them.
            name: Of the track, if the arrays have none.
            source: Where they are from, for messages.

        Raises:
            InputError: See :meth:`read`.
        """
        _check_version(arrays, source)
        check_arrays(arrays, source, _FIX)
        frame_ids = arrays['frame_ids'].astype(np.int64)
        size = arrays.get('image_size')
        names = arrays.get('keypoint_names')
        count = arrays['joints2d'].shape[1]
        return cls(
            name=text_of(arrays, 'track') or name,
            frame_ids=frame_ids,
            fps=float(arrays['fps']),
            stride=_stride(arrays, frame_ids),
            **{key: arrays[key] for key in _PLAIN},
            person_xyxy=arrays.get('person_xyxy'),
            keypoints3d=arrays.get('keypoints3d'),
            keypoint_names=_guess_names(count)
            if names is None
            else tuple(names.tolist()),
            convention=text_of(arrays, 'keypoint_convention'),
            body=text_of(arrays, 'body'),
            gender=text_of(arrays, 'gender') or 'neutral',
            image_size=None if size is None else (int(size[0]), int(size[1])),
            video=text_of(arrays, 'video'),
            up=arrays.get('up'),
            arrays=dict(arrays),
        )

    def __len__(self) -> int:
        return len(self.frame_ids)

    @property
    def rate(self) -> float:
        """Samples per second."""
        return self.fps / self.stride

    @property
    def params(self) -> SMPLParams:
        """Bodies of all frames, in the camera's frame."""
        pose = np.concatenate([self.global_orient, self.body_pose], axis=1)
        return SMPLParams.from_axis_angle(
            torch.from_numpy(pose).float(),
            torch.from_numpy(self.betas).float(),
            torch.from_numpy(self.transl).float(),
        )


_PLAIN = (
    'global_orient',
    'body_pose',
    'betas',
    'transl',
    'cam_intrinsics',
    'joints3d',
    'joints2d',
    'bank_keypoints',
    'bank_source',
    'bbox_xyxy',
)


def _check_version(
    arrays: Mapping[str, NDArray[Any]], source: str | PathLike[str]
) -> None:
    version = arrays.get('schema_version')
    if version is None:
        return
    if version.ndim or version.dtype.kind not in 'iu':
        raise InputError(source, 'schema_version', 'is no number', _FIX)
    if int(version) > SCHEMA_VERSION:
        problem = f'is {int(version)}; this version reads {SCHEMA_VERSION}'
        raise InputError(
            source, 'schema_version', problem, 'upgrade semtta_mm'
        )


def _stride(
    arrays: Mapping[str, NDArray[Any]], frame_ids: NDArray[Any]
) -> int:
    """Stated, or the largest that fits the frame numbers (version 1)."""
    if 'stride' in arrays:
        return int(arrays['stride'])
    return max(int(np.gcd.reduce(np.diff(frame_ids), initial=0)), 1)


def _guess_names(count: int) -> tuple[str, ...]:
    """Names of a version 1 file: only a unique number of keypoints tells."""
    fitting = [names for names in CONVENTIONS.values() if len(names) == count]
    return fitting[0] if len(fitting) == 1 else ()
