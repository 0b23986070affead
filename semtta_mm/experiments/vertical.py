"""The true vertical of a test set's clips."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from ..datasets.readers.test_set import TEST_SET_FIX, truth_path
from ..evaluation.functional.tilt import CAMERA_UP
from ..evaluation.track_sample import ray_turn, reference_fields
from ..models.bodies import SMPLBody
from ..structures import PersonTrack
from ..utils import InputError, read_npz


def true_up(
    track: PersonTrack, folder: Path, body: SMPLBody, frame: str = 'camera'
) -> Tensor:
    """Directions against gravity, in the axes in which bodies are compared.

    Args:
        track: Of a test set.
        folder: Of the test set; without a ``truth.npz`` of the clip, as of
            real videos, the camera counts as level.
        body: Of the reference.
        frame: ``'camera'`` or ``'pelvis_ray'``.

    Returns:
        Unit vectors ``[T, 3]``.

    Raises:
        InputError: If the file is bad or has another number of frames.
    """
    up = torch.tensor(CAMERA_UP).expand(len(track), 3)
    path = truth_path(folder, track.name)
    if path.is_file():
        turn = read_npz(path, TEST_SET_FIX, ('camera_rotation',))
        rotation = turn['camera_rotation']
        if rotation.shape != (len(track), 3, 3):
            problem = f'has shape {rotation.shape}, the track {len(track)}'
            raise InputError(path, 'camera_rotation', problem, TEST_SET_FIX)
        up = torch.from_numpy(rotation[:, :, 1]).float()  # of the world's y
    fields = reference_fields(track.reference, body, mesh=False)
    if frame == 'pelvis_ray' and fields is not None:
        assert track.reference is not None
        joints, convention = fields['joints'].numpy(), fields['convention']
        to_ray = ray_turn(joints, convention, track.reference.valid)
        up = (up[:, None] @ to_ray)[:, 0]
    return up
