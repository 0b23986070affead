"""BVH: a skeleton in T-pose and its rotations, for animation tools."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..conventions import SMPL_JOINTS, SMPL_PARENTS
from ..geometry import project_to_rotation
from ..models.bodies import SMPLBody
from ..registry import FUNCTIONS
from ..structures import SMPLParams
from ..utils.files import write_atomically
from .euler import smooth_euler
from .motion import rest_joints
from .track import ExportTrack

FILE = 'motion.bvh'
ORDER = 'ZXY'
"""Euler angles: turn about z, then the new x, then the new y."""


@FUNCTIONS.register_module()
def write_bvh(track: ExportTrack, folder: Path) -> Path:
    """Write ``motion.bvh``.

    Metres, y up, at a constant rate; gaps are interpolated. Offsets are the
    joints of the body in T-pose with the track's mean shape. The root's
    offset is zero and its position is that of the pelvis, because readers
    differ in whether they add the two.

    Args:
        track: The person.
        folder: For the file.

    Returns:
        The file.
    """
    motion = track.motion
    rest = rest_joints(track.body, motion.params.betas[:1])[0].numpy()
    ends = bone_ends(track.body, motion.params.betas[:1])
    assert motion.params.transl is not None
    root = motion.params.transl.numpy() + rest[0]
    # Euler angles need matrices that are orthonormal in double precision.
    pose = project_to_rotation(motion.params.pose.double()).numpy()
    text = io.StringIO()
    text.write('HIERARCHY\n')
    _write_joint(text, 0, rest, ends, '')
    _write_motion(text, root, pose, motion.rate)
    path = folder / FILE
    write_atomically(path, lambda draft: draft.write_text(text.getvalue()))
    return path


@torch.no_grad()
def bone_ends(body: SMPLBody, betas: Tensor) -> NDArray[Any]:
    """Tips of the limbs, for joints that have no child.

    Args:
        body: The body.
        betas: ``[1, 10]``.

    Returns:
        ``[24, 3]``, m, in T-pose: of the vertices that move mostly with a
        joint, the farthest one along its bone; zero for the other joints.
    """
    betas = betas.to(body.v_template)
    still = torch.eye(3).to(betas).expand(1, 24, 3, 3)
    vertices = body(SMPLParams.from_pose(still, betas), keypoints=()).vertices
    points, rest = vertices[0].cpu().numpy(), rest_joints(body, betas)[0]
    owner = body.weights.argmax(dim=1).cpu().numpy()
    joints = rest.numpy()
    ends = np.zeros_like(joints)
    for joint in sorted(set(range(len(joints))) - set(SMPL_PARENTS)):
        bone = joints[joint] - joints[SMPL_PARENTS[joint]]
        own = points[owner == joint]
        ends[joint] = own[((own - joints[joint]) @ bone).argmax()]
    return ends


def _write_joint(
    text: io.StringIO,
    joint: int,
    rest: NDArray[Any],
    ends: NDArray[Any],
    indent: str,
) -> None:
    """A joint with all below it, depth first."""
    parent, inner = SMPL_PARENTS[joint], indent + '  '
    offset = rest[joint] - rest[parent] if parent >= 0 else np.zeros(3)
    turns = ' '.join(f'{axis}rotation' for axis in ORDER)
    channels = f'CHANNELS 3 {turns}'
    if parent < 0:
        channels = f'CHANNELS 6 Xposition Yposition Zposition {turns}'
    kind = 'JOINT' if parent >= 0 else 'ROOT'
    text.write(f'{indent}{kind} {SMPL_JOINTS[joint]}\n{indent}{{\n')
    text.write(f'{inner}OFFSET {_numbers(offset)}\n{inner}{channels}\n')
    children = [c for c, p in enumerate(SMPL_PARENTS) if p == joint]
    for child in children:
        _write_joint(text, child, rest, ends, inner)
    if not children:
        offset = ends[joint] - rest[joint]
        text.write(f'{inner}End Site\n{inner}{{\n')
        text.write(f'{inner}  OFFSET {_numbers(offset)}\n{inner}}}\n')
    text.write(f'{indent}}}\n')


def _write_motion(
    text: io.StringIO, root: NDArray[Any], pose: NDArray[Any], rate: float
) -> None:
    """All frames; the order of joints is that of the hierarchy."""
    angles = [smooth_euler(pose[:, j], ORDER) for j in depth_first()]
    rows = np.concatenate([root, *angles], axis=1)
    text.write(f'MOTION\nFrames: {len(rows)}\nFrame Time: {1 / rate:.8f}\n')
    np.savetxt(text, rows, fmt='%.6f')


def depth_first(joint: int = 0) -> list[int]:
    """A joint and all below it, in the order of the file.

    Args:
        joint: Of SMPL's 24.
    """
    children = [c for c, parent in enumerate(SMPL_PARENTS) if parent == joint]
    return [joint, *(j for child in children for j in depth_first(child))]


def _numbers(values: NDArray[Any]) -> str:
    return ' '.join(f'{value:.6f}' for value in values)
