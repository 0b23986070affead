"""Results that a run wrote, one track each, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..structures import SMPLParams
from ..utils import InputError
from .result_file import ResultFile

FILES = {'after': 'result.npz', 'before': 'before.npz'}
"""Stage to file in a track's folder."""

_FIX = 'give a folder with result.npz that `semtta adapt` wrote'


@dataclass(frozen=True)
class SavedTrack:
    """One person of a run, at one stage.

    Note:
        - frames of the track: T; keypoints of its evidence: K

    Attributes:
        name: Of the track.
        stage: ``'after'`` or ``'before'`` adaptation.
        frame_ids: Frame numbers in the video ``[T]``, increasing.
        fps: Frames per second that ``frame_ids`` count.
        params: Pose (rotation matrices), shape and translation (m, camera
            frame: x right, y down, z forward) of T bodies.
        intrinsics: ``[T, 3, 3]``, px.
        keypoints: 2D evidence ``[T, K, 2]``, px; None if it is not saved.
        source: ``[T, K]``: 0 missing, else detected or filled in; None if it
            is not saved.
    """

    name: str
    stage: str
    frame_ids: NDArray[Any]
    fps: float
    params: SMPLParams
    intrinsics: NDArray[Any]
    keypoints: NDArray[Any] | None = None
    source: NDArray[Any] | None = None

    @classmethod
    def from_arrays(
        cls,
        name: str,
        arrays: Mapping[str, NDArray[Any]],
        stage: str = 'after',
        where: str | Path = 'arrays',
    ) -> SavedTrack:
        """From the arrays of ``result.npz``.

        Args:
            name: Of the track.
            arrays: See
                :func:`~semtta_mm.engine.hooks.track_result_hook.result_arrays`.
            stage: ``'after'`` or ``'before'``.
            where: Their file, for messages.

        Raises:
            InputError: See :meth:`.ResultFile.from_arrays`.
        """
        return cls.from_result(
            ResultFile.from_arrays(arrays, name, where), stage
        )

    @classmethod
    def from_result(
        cls, result: ResultFile, stage: str = 'after'
    ) -> SavedTrack:
        """From a checked file.

        Args:
            result: The file.
            stage: ``'after'`` or ``'before'``.
        """
        return cls(
            name=result.name,
            stage=stage,
            frame_ids=result.frame_ids,
            fps=result.fps,
            params=result.params,
            intrinsics=result.cam_intrinsics.astype(np.float64),
            keypoints=result.bank_keypoints,
            source=result.bank_source,
        )

    @property
    def label(self) -> str:
        """Name, with the stage where it is not the last."""
        return self.name if self.stage == 'after' else f'{self.name} before'

    @property
    def seconds(self) -> NDArray[np.float64]:
        """Time of each frame in the video ``[T]``, s."""
        return np.asarray(self.frame_ids / self.fps)

    def one_shape(self) -> SMPLParams:
        """The bodies with the track's mean shape."""
        params = self.params
        betas = params.betas.mean(dim=0, keepdim=True)
        return SMPLParams(
            params.global_orient,
            params.body_pose,
            betas.expand(len(params), -1),
            params.transl,
        )


def read_saved_track(folder: Path) -> list[SavedTrack]:
    """Read a track's folder.

    Args:
        folder: With ``result.npz``, and ``before.npz`` if it was written.

    Returns:
        The stages that are there, ``'after'`` first.

    Raises:
        InputError: If ``result.npz`` is missing or a file is broken.
    """
    stages = ['after']
    if (folder / FILES['before']).is_file():
        stages.append('before')
    return [
        SavedTrack.from_result(ResultFile.read(folder / FILES[stage]), stage)
        for stage in stages
    ]


def read_saved_tracks(folder: Path) -> list[SavedTrack]:
    """Read a work directory, or the folder of one track.

    Raises:
        InputError: If there is no result.
    """
    if (folder / FILES['after']).is_file():
        return read_saved_track(folder)
    if not folder.is_dir():
        raise InputError(folder, 'folder', 'does not exist', _FIX)
    found = sorted(folder.glob(f'*/{FILES["after"]}'))
    if not found:
        raise InputError(folder, 'folder', 'has no result.npz', _FIX)
    return [track for path in found for track in read_saved_track(path.parent)]
