"""CMU mocap as exponential maps: 117 columns a frame, 38 joints.

Root position (3), then one exponential map a joint (the first is the root's
rotation). The maps are transposed rotations of CMU's own BVH skeleton, y up.
The first two frames are calibration poses.
"""

from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from ...training_data import MotionClip
from ...utils import InputError, read_npz
from .retarget import Skeleton, retarget

_CALIBRATION_FRAMES = 2
_COLUMNS = 117

# name, parent's name, offset from the parent (the unit is not used)
_JOINTS: tuple[tuple[str, str, tuple[float, float, float]], ...] = (
    ('Hips', '', (0, 0, 0)),
    ('LHipJoint', 'Hips', (0, 0, 0)),
    ('LeftUpLeg', 'LHipJoint', (1.65674, -1.80282, 0.62477)),
    ('LeftLeg', 'LeftUpLeg', (2.5972, -7.13576, 0)),
    ('LeftFoot', 'LeftLeg', (2.49236, -6.8477, 0)),
    ('LeftToeBase', 'LeftFoot', (0.19704, -0.54136, 2.14581)),
    ('LeftToeEnd', 'LeftToeBase', (0, 0, 1.11249)),
    ('RHipJoint', 'Hips', (0, 0, 0)),
    ('RightUpLeg', 'RHipJoint', (-1.6107, -1.80282, 0.62476)),
    ('RightLeg', 'RightUpLeg', (-2.59502, -7.12977, 0)),
    ('RightFoot', 'RightLeg', (-2.4678, -6.78024, 0)),
    ('RightToeBase', 'RightFoot', (-0.23024, -0.63258, 2.13368)),
    ('RightToeEnd', 'RightToeBase', (0, 0, 1.11569)),
    ('LowerBack', 'Hips', (0, 0, 0)),
    ('Spine', 'LowerBack', (0.01961, 2.0545, -0.14112)),
    ('Spine1', 'Spine', (0.01021, 2.06436, -0.05921)),
    ('Neck', 'Spine1', (0, 0, 0)),
    ('Neck1', 'Neck', (0.00713, 1.56711, 0.14968)),
    ('Head', 'Neck1', (0.03429, 1.56041, -0.10006)),
    ('HeadEnd', 'Head', (0.01305, 1.6256, -0.05265)),
    ('LeftShoulder', 'Spine1', (0, 0, 0)),
    ('LeftArm', 'LeftShoulder', (3.54205, 0.90436, -0.17364)),
    ('LeftForeArm', 'LeftArm', (4.86513, 0, 0)),
    ('LeftHand', 'LeftForeArm', (3.35554, 0, 0)),
    ('LThumb', 'LeftHand', (0, 0, 0)),
    ('LFingerBase', 'LeftHand', (0.66117, 0, 0)),
    ('LFingerEnd', 'LFingerBase', (0.53306, 0, 0)),
    ('LeftHandIndex1', 'LThumb', (0.5412, 0, 0.5412)),
    ('LThumbEnd', 'LThumb', (0.5412, 0, 0.5412)),
    ('RightShoulder', 'Spine1', (0, 0, 0)),
    ('RightArm', 'RightShoulder', (-3.49802, 0.75994, -0.32616)),
    ('RightForeArm', 'RightArm', (-5.02649, 0, 0)),
    ('RightHand', 'RightForeArm', (-3.36431, 0, 0)),
    ('RThumb', 'RightHand', (0, 0, 0)),
    ('RFingerBase', 'RightHand', (-0.73041, 0, 0)),
    ('RFingerEnd', 'RFingerBase', (-0.58887, 0, 0)),
    ('RightHandIndex1', 'RThumb', (-0.59786, 0, 0.59786)),
    ('RThumbEnd', 'RThumb', (-0.59786, 0, 0.59786)),
)

LABELS: dict[str, str] = {
    'basketball': 'play basketball',
    'basketball_signal': 'make basketball signals',
    'directing_traffic': 'direct traffic',
    'jumping': 'jump',
    'running': 'run',
    'soccer': 'kick a soccer ball',
    'walking': 'walk',
    'walking_extra': 'walk',
    'washwindow': 'wash a window',
}
"""Action folder to label; for other folders, their name is the label."""

JOINT_MAP: dict[str, str] = {
    'pelvis': 'Hips',
    'spine_1': 'LowerBack',
    'spine_2': 'Spine',
    'spine_3': 'Spine1',
    'neck': 'Neck',
    'head': 'Head',
} | {
    f'{side.lower()}_{smpl}': f'{side}{cmu}'
    for side in ('Left', 'Right')
    for smpl, cmu in (
        ('hip', 'UpLeg'),
        ('knee', 'Leg'),
        ('ankle', 'Foot'),
        ('foot', 'ToeBase'),
        ('collar', 'Shoulder'),
        ('shoulder', 'Arm'),
        ('elbow', 'ForeArm'),
        ('wrist', 'Hand'),
    )
}
"""SMPL joint to joint of CMU's BVH skeleton."""


def cmu_skeleton() -> Skeleton:
    """The 38-joint skeleton of these files."""
    names = tuple(joint[0] for joint in _JOINTS)
    return Skeleton(
        names=names,
        parents=tuple(
            names.index(parent) if parent else -1 for _, parent, _ in _JOINTS
        ),
        offsets=np.array([offset for _, _, offset in _JOINTS]),
    )


def cmu_pose(columns: np.ndarray, rest_joints: np.ndarray) -> np.ndarray:
    """Exponential maps to SMPL pose.

    Args:
        columns: ``[T, 117]``.
        rest_joints: SMPL's rest joints ``[24, 3]``, m.

    Returns:
        Local rotation matrices ``[T, 24, 3, 3]``.
    """
    skeleton = cmu_skeleton()
    maps = columns[:, 3:].reshape(-1, 3)
    matrices = Rotation.from_rotvec(maps).as_matrix().transpose(0, 2, 1)
    local = matrices.reshape(len(columns), len(skeleton.names), 3, 3)
    world = skeleton.world_rotations(local)
    return retarget(world, skeleton, JOINT_MAP, rest_joints)


def read_cmu_npz(
    path: Path, rest_joints: np.ndarray, fps: float = 60.0
) -> list[MotionClip]:
    """Read an npz whose keys are ``split/action/clip``.

    Args:
        path: The file; each array is ``[T, 117]``.
        rest_joints: SMPL's rest joints ``[24, 3]``, m.
        fps: Rate of the file.

    Returns:
        Clips named ``cmu/split/action/clip``, labelled by their action.

    Raises:
        InputError: If the file is bad; names the clip.
    """
    fix = 'give the CMU subset as exponential maps, [T, 117] a clip'
    clips = []
    for key, columns in read_npz(path, fix).items():
        parts = key.split('/')
        if len(parts) != 3:
            raise InputError(path, key, 'is not split/action/clip', fix)
        if columns.ndim != 2 or columns.shape[1] != _COLUMNS:
            problem = f'has shape {columns.shape}, not [T, {_COLUMNS}]'
            raise InputError(path, key, problem, fix)
        columns = columns[_CALIBRATION_FRAMES:].astype(float)
        if not len(columns) or not np.isfinite(columns).all():
            raise InputError(path, key, 'is empty or contains NaN', fix)
        clips.append(
            MotionClip(
                name=f'cmu/{key}',
                label=LABELS.get(parts[1], parts[1].replace('_', ' ')),
                source='cmu',
                fps=fps,
                pose=cmu_pose(columns, rest_joints),
            )
        )
    return clips
