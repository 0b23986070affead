"""Sequences of AMASS: SMPL+H files to 24 joints at 30 fps.

Layout of the public ``*_poses.npz`` (AMASS, SMPL+H G): ``poses [N, 156]``
axis-angle, ``mocap_framerate``; read as MotionCLIP does (reference,
Sec. 4.4): every n-th frame, sequences whose rate then is more than 5 Hz from
30 left out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..conventions import NUM_JOINTS
from ..utils import InputError, read_npz

RATE = 30.0
_TOLERANCE = 5.0
_ROTATIONS = 52
_HANDS = (22, 37)
"""``left_index1`` and ``right_index1``, used as SMPL's hands."""

_FIX = 'give AMASS in the form SMPL+H G, DATASET/SUBJECT/NAME_poses.npz'


def read_amass(path: Path) -> tuple[np.ndarray, float] | None:
    """One sequence.

    Args:
        path: ``NAME_poses.npz``.

    Returns:
        Axis-angle ``[T, 24, 3]`` (world with z up) and its rate, Hz, near
        30; None if no whole step gives such a rate.

    Raises:
        InputError: If the file is damaged or has another layout.
    """
    data = read_npz(path, _FIX, ('poses', 'mocap_framerate'))
    poses, rate = data['poses'], float(data['mocap_framerate'])
    if poses.ndim != 2 or poses.shape[1] != 3 * _ROTATIONS:
        problem = f'is {list(poses.shape)}, not [N, {3 * _ROTATIONS}]'
        raise InputError(path, 'poses', problem, _FIX)
    if not (np.isfinite(rate) and rate > 0) or not np.isfinite(poses).all():
        raise InputError(path, 'poses', 'is not finite or has no rate', _FIX)
    step = max(round(rate / RATE), 1)
    if abs(rate / step - RATE) > _TOLERANCE:
        return None
    turns = poses[::step].reshape(-1, _ROTATIONS, 3)
    kept = [*range(NUM_JOINTS - len(_HANDS)), *_HANDS]
    return turns[:, kept].astype(np.float32), rate / step
