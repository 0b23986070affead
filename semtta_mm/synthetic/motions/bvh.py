"""BVH files, such as CMU's own public conversion, to SMPL motions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from ...training_data import MotionClip
from ...utils import InputError
from .cmu import JOINT_MAP
from .retarget import Skeleton, retarget

_FIX = "give a complete BVH file, e.g. CMU's public conversion"


@dataclass
class _Hierarchy:
    """Content of the HIERARCHY section."""

    names: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    offsets: list[list[float]] = field(default_factory=list)
    channels: list[list[str]] = field(default_factory=list)

    def add(self, name: str, parent: int) -> int:
        self.names.append(name)
        self.parents.append(parent)
        self.offsets.append([0.0, 0.0, 0.0])
        self.channels.append([])
        return len(self.names) - 1


def read_bvh(
    path: Path,
    label: str,
    rest_joints: np.ndarray,
    joint_map: Mapping[str, str] = JOINT_MAP,
) -> MotionClip:
    """Read one BVH file.

    Args:
        path: The file, y up, facing +z at rest.
        label: Action of the person, which BVH does not contain.
        rest_joints: SMPL's rest joints ``[24, 3]``, m.
        joint_map: SMPL joint to joint of the file. CMU's names by default.

    Raises:
        InputError: If the file is missing or broken, or lacks a joint.
    """
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', 'check the path')
    words = iter(path.read_text(errors='replace').split())
    try:
        tree = _read_hierarchy(words)
        values, seconds = _read_motion(words, tree)
    except (StopIteration, ValueError, IndexError) as error:
        raise InputError(
            path, 'file', f'is not a complete BVH ({error})', _FIX
        ) from error
    absent = sorted(set(joint_map.values()) - set(tree.names))
    if absent:
        fix = 'give a joint_map for this skeleton'
        raise InputError(path, 'HIERARCHY', f'has no {absent}', fix)
    skeleton = Skeleton(
        tuple(tree.names), tuple(tree.parents), np.array(tree.offsets)
    )
    world = skeleton.world_rotations(_rotations(values, tree))
    return MotionClip(
        name=f'bvh/{path.stem}',
        label=label,
        source='bvh',
        fps=1 / seconds,
        pose=retarget(world, skeleton, joint_map, rest_joints),
    )


def _read_hierarchy(words: Iterator[str]) -> _Hierarchy:
    """Joints in file order, which is depth first; ``End`` sites too."""
    tree, stack, current = _Hierarchy(), [], -1
    for word in words:
        if word in ('ROOT', 'JOINT', 'End'):
            name = next(words)
            if word == 'End':
                name = f'{tree.names[current]}_end'
            current = tree.add(name, current)
        elif word == '{':
            stack.append(current)
        elif word == '}':
            stack.pop()
            current = stack[-1] if stack else -1
        elif word == 'OFFSET':
            tree.offsets[current] = [float(next(words)) for _ in range(3)]
        elif word == 'CHANNELS':
            count = int(next(words))
            tree.channels[current] = [next(words) for _ in range(count)]
        elif word == 'MOTION':
            return tree
    raise ValueError('it has no MOTION')


def _read_motion(
    words: Iterator[str], tree: _Hierarchy
) -> tuple[np.ndarray, float]:
    """Values ``[T, channels]`` and seconds a frame."""
    first, count, *rest = (next(words) for _ in range(4))
    if [first, *rest] != ['Frames:', 'Frame', 'Time:']:
        raise ValueError('MOTION does not start with Frames and Frame Time')
    frames, seconds = int(count), float(next(words))
    values = np.array(list(words), float)
    columns = sum(map(len, tree.channels))
    if frames < 1 or seconds <= 0 or values.size != frames * columns:
        raise ValueError(
            f'{values.size} numbers for {frames} frames of {columns} channels'
        )
    return values.reshape(frames, columns), seconds


def _rotations(values: np.ndarray, tree: _Hierarchy) -> np.ndarray:
    """Local rotations ``[T, J, 3, 3]`` from Euler channels in their order."""
    out = np.tile(np.eye(3), (len(values), len(tree.names), 1, 1))
    start = 0
    for joint, channels in enumerate(tree.channels):
        columns = values[:, start : start + len(channels)]
        start += len(channels)
        turning = [i for i, c in enumerate(channels) if 'rotation' in c]
        if turning:
            # Upper case: intrinsic rotations.
            order = ''.join(channels[i][0].upper() for i in turning)
            out[:, joint] = Rotation.from_euler(
                order, columns[:, turning], degrees=True
            ).as_matrix()
    return out
