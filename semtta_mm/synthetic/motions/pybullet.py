"""Labelled clips of the ``pybullet`` package (zlib; from DeepMimic, MIT).

A row is: duration, root position (3), root quaternion wxyz (4), chest (4),
neck (4), right hip (4), right knee (1), right ankle (4), right shoulder (4),
right elbow (1), then the left side likewise. Knees and elbows turn about z.
"""

import json
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from ...conventions import NUM_JOINTS, SMPL_JOINTS
from ...training_data import MotionClip, slerp_pose
from ...utils import InputError
from .retarget import LIMBS, local_rotations, rotation_between

_ROW = 44
_AXES = np.array([[0, 0, -1.0], [0, 1, 0], [1, 0, 0]])
"""Model axes (x front, z right) to SMPL axes (z front, x left)."""

LABELS: dict[str, str] = {
    'walk': 'walk',
    'run': 'run',
    'jump': 'jump',
    'kick': 'kick',
    'punch': 'punch',
    'spinkick': 'spin kick',
    'spin': 'spin around',
    'roll': 'roll on the ground',
    'cartwheel': 'cartwheel',
    'backflip': 'backflip',
    'crawl': 'crawl',
    'dance_a': 'dance',
    'dance_b': 'dance',
    'getup_facedown': 'get up from lying',
    'getup_faceup': 'get up from lying',
}


def read_pybullet(
    path: Path, rest_joints: np.ndarray, fps: float = 30.0
) -> MotionClip:
    """Read one ``humanoid3d_*.txt``.

    Args:
        path: The file.
        rest_joints: SMPL's rest joints ``[24, 3]``, m.
        fps: Rate to resample to.

    Raises:
        InputError: If the file is missing, not JSON, or has another layout.
    """
    fix = 'take humanoid3d_*.txt from pybullet_data/data/motions'
    try:
        content = json.loads(path.read_text())
        rows = np.array(content['Frames'], float)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            path, 'Frames', f'cannot be read ({error})', fix
        ) from error
    if rows.ndim != 2 or rows.shape[1] != _ROW:
        raise InputError(
            path, 'Frames', f'has shape {rows.shape}, not [T, {_ROW}]', fix
        )
    times = np.r_[0, np.cumsum(rows[:-1, 0])]
    pose = local_rotations(_world(rows[:, 4:], rest_joints))
    at = np.arange(int(times[-1] * fps + 1e-6) + 1) / fps
    frames = np.interp(at, times, np.arange(len(times)))
    name = path.stem.removeprefix('humanoid3d_')
    return MotionClip(
        name=f'pybullet/{name}',
        label=LABELS.get(name, name.replace('_', ' ')),
        source='pybullet',
        fps=fps,
        pose=slerp_pose(pose, frames),
        loops=content.get('Loop') == 'wrap',
    )


def _split(columns: np.ndarray) -> dict[str, np.ndarray]:
    """Columns after the root position to rotations ``[T, 3, 3]``."""
    layout = {'root': 4, 'chest': 4, 'neck': 4}
    for side in ('right', 'left'):
        layout |= {f'{side}_hip': 4, f'{side}_knee': 1, f'{side}_ankle': 4}
        layout |= {f'{side}_shoulder': 4, f'{side}_elbow': 1}
    parts, start = {}, 0
    for name, width in layout.items():
        part = columns[:, start : start + width]
        start += width
        if width == 4:
            parts[name] = Rotation.from_quat(part[:, [1, 2, 3, 0]])
        else:
            parts[name] = Rotation.from_euler('z', part)
    return {k: v.as_matrix() for k, v in parts.items()}


def _share(rotation: np.ndarray, weight: float) -> np.ndarray:
    """Each rotation ``[T, 3, 3]`` with its angle times ``weight``."""
    vector = Rotation.from_matrix(rotation).as_rotvec()
    return Rotation.from_rotvec(vector * weight).as_matrix()


def _world(columns: np.ndarray, rest_joints: np.ndarray) -> np.ndarray:
    """World rotations of SMPL's joints ``[T, 24, 3, 3]``."""
    part = _split(columns)
    root, chest = part['root'], part['root'] @ part['chest']
    world = {
        'pelvis': root,
        # The model's one chest joint is distributed over SMPL's three.
        'spine_1': root @ _share(part['chest'], 1 / 3),
        'spine_2': root @ _share(part['chest'], 2 / 3),
        'spine_3': chest,
        'neck': chest @ _share(part['neck'], 0.5),
        'head': chest @ part['neck'],
    }
    for side in ('left', 'right'):
        world[f'{side}_collar'] = chest
        above = {'hip': root, 'shoulder': chest}
        for chain in (('hip', 'knee', 'ankle'), ('shoulder', 'elbow')):
            rotation = above[chain[0]]
            for joint in chain:
                rotation = rotation @ part[f'{side}_{joint}']
                world[f'{side}_{joint}'] = rotation
        world[f'{side}_foot'] = world[f'{side}_ankle']
        world[f'{side}_wrist'] = world[f'{side}_elbow']
        world[f'{side}_hand'] = world[f'{side}_elbow']
    return _to_smpl(world, rest_joints)


def _to_smpl(
    world: dict[str, np.ndarray], rest_joints: np.ndarray
) -> np.ndarray:
    """Change axes; limbs point straight down in the model's rest pose."""
    out = np.empty((len(world['pelvis']), NUM_JOINTS, 3, 3))
    down = np.array([0, -1.0, 0])
    for joint, name in enumerate(SMPL_JOINTS):
        rotation = _AXES @ world[name] @ _AXES.T
        limb = name.replace('wrist', 'elbow').replace('hand', 'elbow')
        if limb in LIMBS and 'ankle' not in limb:
            start = SMPL_JOINTS.index(limb)
            bone = rest_joints[SMPL_JOINTS.index(LIMBS[limb])]
            turn = rotation_between(bone - rest_joints[start], down)
            rotation = rotation @ turn
        out[:, joint] = rotation
    return out
