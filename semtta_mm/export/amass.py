"""``amass.npz``: what viewers of AMASS and the SMPL add-on of Blender read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from ..conventions import NUM_BETAS
from ..registry import FUNCTIONS
from ..utils.files import write_atomically
from .motion import rest_joints
from .placement import Placement
from .track import ExportTrack

FILE = 'amass.npz'
_ROTATIONS = 52
"""Of SMPL+H: 22 of the body, 15 of each hand."""
_BODY = 22
_BETAS = 16
_Z_UP = torch.tensor([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
"""From y up, z towards the camera."""


@FUNCTIONS.register_module()
def write_amass(track: ExportTrack, folder: Path) -> Path:
    """Write ``amass.npz``.

    The layout of AMASS (SMPL+H): ``poses [T, 156]`` (axis-angle), ``trans
    [T, 3]`` (m), ``betas [16]``, ``gender``, ``mocap_framerate``; x right,
    y away from the camera, z up. Frames are at a constant rate;
    ``interpolated [T]`` marks those in which the person was not found.
    Hands are flat: SMPL+H has finger joints where SMPL has one of the hand.

    The open body's shapes are not SMPL's: its result has zero ``betas``,
    SMPL's mean shape, and its own in ``open_betas [10]``.

    Args:
        track: The person.
        folder: For the file.

    Returns:
        The file.
    """
    motion = track.motion
    pelvis = rest_joints(track.body, motion.params.betas[:1])[:, 0]
    turn = Placement(_Z_UP, torch.zeros(len(motion), 3))
    params = turn.bodies(motion.params, pelvis)
    assert params.transl is not None
    poses = np.zeros((len(motion), _ROTATIONS, 3), np.float32)
    poses[:, :_BODY] = params.axis_angle()[:, :_BODY].numpy()
    own = params.betas[0].numpy()
    betas = np.zeros(_BETAS, np.float32)
    if not track.body.is_open:
        betas[:NUM_BETAS] = own
    arrays = {
        'poses': poses.reshape(len(motion), -1),
        'trans': params.transl.numpy(),
        'betas': betas,
        'dmpls': np.zeros((len(motion), 8), np.float32),
        'gender': np.array(track.result.gender),
        'mocap_framerate': np.array(motion.rate),
        'mocap_frame_rate': np.array(motion.rate),
        'interpolated': motion.interpolated,
        'frame_ids': motion.frame_ids,
    }
    if track.body.is_open:
        arrays['open_betas'] = own
    path = folder / FILE

    def save(draft: Path) -> None:
        with draft.open('wb') as file:
            np.savez_compressed(file, **arrays)

    write_atomically(path, save)
    return path
