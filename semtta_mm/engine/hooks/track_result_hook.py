"""Result files of each adapted track: one folder a track."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from numpy.typing import NDArray
from torch import Tensor

from ...conventions import SMPL_JOINTS
from ...models.adaptors import Session
from ...models.bodies import SMPLBody
from ...registry import HOOKS
from ..adaptor import adaptor_of
from .result_facts import result_facts

RESULT_FILE = 'result.npz'
BEFORE_FILE = 'before.npz'


def epoch_file(epoch: int) -> str:
    """File of the track after an epoch, counted from 1."""
    return f'epoch_{epoch}.npz'


def result_arrays(
    session: Session, body: SMPLBody | None = None
) -> dict[str, NDArray[Any]]:
    """The adapted track as plain arrays (docs/results_files.md).

    Args:
        session: After the last refresh pass.
        body: That the track was posed with, which the file then names.

    Returns:
        ``frame_ids [T]``, ``fps``, ``global_orient [T, 3]``,
        ``body_pose [T, 69]``, ``betas [T, 10]``, ``transl [T, 3]`` (m,
        camera frame), ``cam_intrinsics [T, 3, 3]`` (px),
        ``joints3d [T, 24, 3]`` (m, camera frame), ``joint_names``,
        ``joints2d [T, K, 2]`` (px), ``bank_keypoints [T, K, 2]``,
        ``bank_source [T, K]``, ``bbox_xyxy [T, 4]`` and ``keypoints3d
        [T, K, 3]`` (m), which project to ``joints2d``; with a lifter also
        ``lifted_error_deg [T, 24]``, the expected error of each of its
        rotations. And what :func:`.result_facts` returns.
    """
    prediction, frames = session.result, session.frames
    params = prediction.params
    pose = params.axis_angle().numpy()
    assert params.transl is not None
    arrays = {
        'frame_ids': frames.frame_ids.numpy(),
        'fps': np.asarray(frames.fps, dtype=np.float64),
        'global_orient': pose[:, 0],
        'body_pose': pose[:, 1:].reshape(len(pose), -1),
        'betas': params.betas.numpy(),
        'transl': params.transl.numpy(),
        'cam_intrinsics': prediction.intrinsics.numpy(),
        'joints3d': prediction.joints['smpl_24'].numpy(),
        'joint_names': np.array(SMPL_JOINTS),
        'joints2d': prediction.joints2d.numpy(),
        'bank_keypoints': session.bank.keypoints.numpy(),
        'bank_source': session.bank.source.numpy().astype(np.int8),
        'bbox_xyxy': frames.boxes.numpy(),
        **result_facts(session, body),
    }
    keypoints = prediction.joints.get(frames.convention)
    if keypoints is not None:
        arrays['keypoints3d'] = keypoints.numpy()
    if session.lifted is not None:
        arrays['lifted_error_deg'] = session.lifted.error.rad2deg().numpy()
        if session.lifted.residual is not None:
            arrays['lifted_residual'] = session.lifted.residual.numpy()
    return arrays


@HOOKS.register_module()
class TrackResultHook(Hook):
    """Writes ``result.npz`` and ``adapted.pth``.

    Files go to ``{work_dir}/{track}/``; each is whole or absent.

    Args:
        weights: Whether to keep the adapted network (tensors only).
        before: Whether to write the un-adapted track too, ``before.npz``
            with the arrays of ``result.npz``.
        epochs: Epochs, from 1, whose track is written too, as
            ``epoch_{n}.npz``.
    """

    priority = 90

    def __init__(
        self,
        weights: bool = True,
        before: bool = False,
        epochs: Sequence[int] = (),
    ) -> None:
        self.weights, self.before = weights, before
        self.epochs = frozenset(epochs)

    def before_train(self, runner: Runner) -> None:
        """Write the un-adapted track, if it is wanted."""
        if self.before:
            adaptor = adaptor_of(runner)
            folder = Path(runner.work_dir) / adaptor.session.frames.name
            arrays = result_arrays(adaptor.session, adaptor.body)
            write_arrays(folder, BEFORE_FILE, arrays)

    def after_train_epoch(self, runner: Runner) -> None:
        """Write the track as it is after a chosen epoch."""
        epoch = runner.epoch + 1
        if epoch in self.epochs:
            adaptor = adaptor_of(runner)
            folder = Path(runner.work_dir) / adaptor.session.frames.name
            arrays = result_arrays(adaptor.session, adaptor.body)
            write_arrays(folder, epoch_file(epoch), arrays)

    def after_train(self, runner: Runner) -> None:
        """Write the track's folder."""
        adaptor = adaptor_of(runner)
        session = adaptor.session
        folder = Path(runner.work_dir) / session.frames.name
        state = adaptor.estimator.state_dict() if self.weights else None
        write_result(folder, result_arrays(session, adaptor.body), state)


def write_arrays(
    folder: Path, name: str, arrays: Mapping[str, NDArray[Any]]
) -> None:
    """Write an npz file; it is whole or absent.

    Args:
        folder: Of the track; it is made if need be.
        name: Of the file.
        arrays: See :func:`result_arrays`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f'.{name}'
    np.savez_compressed(draft, **arrays)
    draft.replace(folder / name)


def write_result(
    folder: Path,
    arrays: Mapping[str, NDArray[Any]],
    state_dict: Mapping[str, Tensor] | None = None,
) -> None:
    """Write ``result.npz`` and ``adapted.pth``; each is whole or absent.

    Args:
        folder: Of the track; it is made if need be.
        arrays: See :func:`result_arrays`.
        state_dict: The adapted network; None writes none.
    """
    write_arrays(folder, RESULT_FILE, arrays)
    if state_dict is not None:
        draft = folder / '.adapted.pth'
        torch.save({'state_dict': dict(state_dict)}, draft)
        draft.replace(folder / 'adapted.pth')
