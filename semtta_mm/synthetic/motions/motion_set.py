"""Writing motion sets.

The fields are those of :mod:`semtta_mm.training_data.motion_set`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from ...conventions import NUM_JOINTS
from ...training_data import MotionClip
from ...training_data.motion_set import SCHEMA


def write_motion_set(
    path: str | PathLike[str], clips: Sequence[MotionClip]
) -> Path:
    """Write clips atomically.

    Args:
        path: File ending in ``.npz``; its folder is created if missing.
        clips: At least one, with unique names.

    Returns:
        The file written.

    Raises:
        ValueError: If there is no clip, or two clips have the same name.
    """
    path = Path(path)
    names = [clip.name for clip in clips]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not clips or twice:
        raise ValueError(f'clips: need unique names, got {twice or "none"}')
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f'.{path.name}.{os.getpid()}.tmp')
    try:
        with draft.open('wb') as file:
            np.savez_compressed(file, **_arrays(clips))
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _arrays(clips: Sequence[MotionClip]) -> dict[str, np.ndarray]:
    pose = np.concatenate([clip.pose for clip in clips])
    rotvec = Rotation.from_matrix(pose.reshape(-1, 3, 3)).as_rotvec()
    return {
        'schema': np.array(SCHEMA),
        'name': np.array([clip.name for clip in clips]),
        'label': np.array([clip.label for clip in clips]),
        'source': np.array([clip.source for clip in clips]),
        'fps': np.array([clip.fps for clip in clips], np.float32),
        'loops': np.array([clip.loops for clip in clips], bool),
        'length': np.array([len(clip) for clip in clips], np.int64),
        'rotvec': rotvec.reshape(-1, NUM_JOINTS, 3).astype(np.float32),
    }
