"""Definitions of the regressed keypoints.

Left side and midline only; the right side is the mirror. Each definition is
evaluated on full-resolution bodies in random poses and then fitted with
non-negative weights of the shipped vertices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...conventions import SMPL_JOINTS, keypoint_names
from .source import KNUCKLES

H36M_JOINTS = {
    'left_hip': 'left_hip',
    'left_knee': 'left_knee',
    'left_ankle': 'left_ankle',
    'left_shoulder': 'left_shoulder',
    'left_elbow': 'left_elbow',
    'left_wrist': 'left_wrist',
    'h36m_spine': 'spine_3',
    'h36m_neck': 'neck',
}
"""Human3.6M's joint centres, given by joints of the skeleton."""

DETAILS = ('left_eye_inner', 'left_eye_outer', 'left_mouth')
"""Landmarks of BlazePose that COCO does not have."""


@dataclass(frozen=True)
class Posed:
    """Full-resolution bodies in random poses.

    Attributes:
        vertices: ``[N, V, 3]``, m.
        joints: ``[N, 24, 3]``, m.
        knuckles: Left hand's knuckles ``[N, 3, 3]``, m.
    """

    vertices: np.ndarray
    joints: np.ndarray
    knuckles: np.ndarray

    def joint(self, name: str) -> np.ndarray:
        """One joint of each body ``[N, 3]``."""
        return self.joints[:, SMPL_JOINTS.index(name)]


def coco_targets(
    posed: Posed, names: tuple[str, ...], rows: np.ndarray
) -> dict[str, np.ndarray]:
    """COCO-17 and feet, by anny's own regressor ``[N, 3]`` each."""
    wanted = keypoint_names('coco_23')
    return {
        name: np.einsum('v,nvd->nd', row, posed.vertices)
        for name, row in zip(names, rows, strict=True)
        if name in wanted and not name.startswith('right_')
    }


def h36m_targets(
    posed: Posed,
    coco: Mapping[str, np.ndarray],
    right_ear: np.ndarray,
    crown: int,
) -> dict[str, np.ndarray]:
    """Human3.6M's joints but the pelvis, which is the mean of the hips.

    Args:
        posed: The bodies.
        coco: From :func:`coco_targets`.
        right_ear: ``[N, 3]``.
        crown: Vertex on top of the head.
    """
    targets = {name: posed.joint(joint) for name, joint in H36M_JOINTS.items()}
    between_ears = (coco['left_ear'] + right_ear) / 2
    targets['h36m_nose'] = (coco['nose'] + between_ears) / 2
    targets['head_top'] = posed.vertices[:, crown]
    return targets


def extra_targets(
    posed: Posed, landmarks: Mapping[str, int]
) -> dict[str, np.ndarray]:
    """Eye corners, mouth corners and knuckles ``[N, 3]`` each."""
    targets = {name: posed.vertices[:, landmarks[name]] for name in DETAILS}
    for k, name in enumerate(KNUCKLES):
        targets[f'left_{name}'] = posed.knuckles[:, k]
    return targets


def pose_knuckles(
    knuckles: np.ndarray,
    rest_joints: np.ndarray,
    joints: np.ndarray,
    rotations: np.ndarray,
) -> np.ndarray:
    """Move the knuckles rigidly with the palm.

    Args:
        knuckles: In the rest pose ``[N, 3, 3]``, m.
        rest_joints: ``[N, 24, 3]``, m.
        joints: Posed ``[N, 24, 3]``, m.
        rotations: World rotations ``[N, 24, 3, 3]``.
    """
    wrist = SMPL_JOINTS.index('left_wrist')
    arm = knuckles - rest_joints[:, wrist, None]
    return arm @ rotations[:, wrist].swapaxes(1, 2) + joints[:, wrist, None]
