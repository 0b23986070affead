"""ASF and AMC files, as CMU's motion capture library publishes them.

The ASF contains each bone's direction at rest (world axes), its own axes and
its degrees of freedom; the AMC contains their values in each frame. With a
bone's axes C and its rotation M, both composed from rotations about fixed axes
in the stated order, the bone rotates by ``C M C^-1`` relative to its parent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from ...training_data import MotionClip
from ...utils import InputError
from .retarget import Skeleton, retarget

_FIX = "give CMU's subject.asf and one of its subject_trial.amc"
_ROOT = 'root'

Rows = Sequence[Sequence[str]]
"""Lines of a file, split into words."""

JOINT_MAP: dict[str, str] = {
    'pelvis': _ROOT,
    'spine_1': 'lowerback',
    'spine_2': 'upperback',
    'spine_3': 'thorax',
    'neck': 'lowerneck',
    'head': 'head',
} | {
    f'{side}_{smpl}': f'{side[0]}{cmu}'
    for side in ('left', 'right')
    for smpl, cmu in (
        ('hip', 'femur'),
        ('knee', 'tibia'),
        ('ankle', 'foot'),
        ('foot', 'toes'),
        ('collar', 'clavicle'),
        ('shoulder', 'humerus'),
        ('elbow', 'radius'),
        ('wrist', 'wrist'),
    )
}
"""SMPL joint to the bone of CMU's skeletons that starts there."""


@dataclass(frozen=True)
class _Bone:
    """One bone; the root has no length.

    Attributes:
        offset: From its start to its end at rest ``[3]``.
        axes: Axes of the bone, in world axes.
        dof: Degrees of freedom in the AMC's order, e.g. ``('rx', 'rz')``.
    """

    offset: np.ndarray
    axes: Rotation
    dof: tuple[str, ...]

    def local(self, values: np.ndarray, degrees: bool) -> np.ndarray:
        """Rotations ``[T, 3, 3]`` from values ``[T, dof]``."""
        turning = [i for i, d in enumerate(self.dof) if d[0] == 'r']
        if not turning:
            return np.tile(np.eye(3), (len(values), 1, 1))
        order = ''.join(self.dof[i][1] for i in turning)
        turn = Rotation.from_euler(order, values[:, turning], degrees)
        return (self.axes * turn * self.axes.inv()).as_matrix()


@dataclass(frozen=True)
class _Asf:
    """Content of an ASF file; parents come before children."""

    bones: Mapping[str, _Bone]
    parents: Mapping[str, str]
    degrees: bool

    @property
    def names(self) -> tuple[str, ...]:
        return (_ROOT, *self.parents)

    def skeleton(self) -> Skeleton:
        """A joint at the start of each bone."""
        names = self.names
        # A bone starts where the bone before it ends.
        offsets = [self.bones[p].offset for p in self.parents.values()]
        return Skeleton(
            names=names,
            parents=(-1, *(names.index(p) for p in self.parents.values())),
            offsets=np.array([np.zeros(3), *offsets]),
        )


def read_asf_amc(
    asf: Path,
    amc: Path,
    rest_joints: np.ndarray,
    fps: float = 120.0,
    *,
    label: str,
    joint_map: Mapping[str, str] = JOINT_MAP,
) -> MotionClip:
    """Read one trial.

    Args:
        asf: The subject's skeleton, y up, facing +z at rest.
        amc: The trial.
        rest_joints: SMPL's rest joints ``[24, 3]``, m.
        fps: Rate of the trial, which the files do not contain: 120 for most
            of CMU's, 60 for some.
        label: Action of the person, which the files do not contain.
        joint_map: SMPL joint to bone. CMU's names by default.

    Raises:
        InputError: If a file is missing or broken, the skeleton lacks a
            bone, or the trial has another skeleton.
    """
    tree = _read_asf(asf)
    skeleton = tree.skeleton()
    absent = sorted(set(joint_map.values()) - set(skeleton.names))
    if absent:
        fix = 'give a joint_map for this skeleton'
        raise InputError(asf, ':hierarchy', f'has no {absent}', fix)
    world = skeleton.world_rotations(_read_amc(amc, tree))
    return MotionClip(
        name=f'amc/{amc.stem}',
        label=label,
        source='amc',
        fps=fps,
        pose=retarget(world, skeleton, joint_map, rest_joints),
    )


def _rows(path: Path) -> list[list[str]]:
    """Lines as words, without comments and empty lines."""
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', 'check the path')
    lines = path.read_text(errors='replace').splitlines()
    rows = [line.split('#')[0].split() for line in lines]
    return [row for row in rows if row]


def _read_asf(path: Path) -> _Asf:
    sections: dict[str, list[list[str]]] = defaultdict(list)
    name = ''
    for row in _rows(path):
        if row[0].startswith(':'):
            name = row[0].lower()
        else:
            sections[name].append(row)
    units = {r[0]: r[-1] for r in sections[':units']}
    degrees = units.get('angle') != 'rad'
    root = _fields(path, ':root', sections[':root'], ('order', 'axis'))
    turn = root.get('orientation', ('0', '0', '0'))
    bones = {
        _ROOT: _Bone(
            offset=np.zeros(3),
            axes=_axes(path, ':root', turn, root['axis'][0], degrees),
            dof=tuple(d.lower() for d in root['order']),
        )
    }
    for block in _blocks(sections[':bonedata']):
        named, bone = _read_bone(path, block, degrees)
        bones[named] = bone
    links = [r for r in sections[':hierarchy'] if r[0] not in ('begin', 'end')]
    return _Asf(bones, _parents(path, links, bones), degrees)


def _blocks(rows: Rows) -> Iterator[Rows]:
    """Rows between each ``begin`` and ``end``."""
    start = 0
    for at, row in enumerate(rows):
        if row[0] == 'begin':
            start = at + 1
        elif row[0] == 'end':
            yield rows[start:at]


def _read_bone(path: Path, rows: Rows, degrees: bool) -> tuple[str, _Bone]:
    named = _fields(path, ':bonedata', rows, ('name',))['name'][0]
    row = _fields(path, named, rows, ('direction', 'length', 'axis'))
    offset = _numbers(path, named, row['direction'], 3)
    length = _numbers(path, named, row['length'], 1)
    axes = _axes(path, named, row['axis'][:3], row['axis'][-1], degrees)
    dof = tuple(d.lower() for d in row.get('dof', ()))
    return named, _Bone(offset * length, axes, dof)


def _parents(
    path: Path, links: Rows, bones: Mapping[str, _Bone]
) -> dict[str, str]:
    """Bone to its parent, from lines of a parent and its children."""
    parents: dict[str, str] = {}
    for parent, *children in links:
        for child in children:
            if child not in bones:
                problem = f'names {child}, which :bonedata lacks'
                raise InputError(path, ':hierarchy', problem, _FIX)
            if parent != _ROOT and parent not in parents:
                problem = f'names {parent} before its parent'
                raise InputError(path, ':hierarchy', problem, _FIX)
            parents[child] = parent
    return parents


def _read_amc(path: Path, tree: _Asf) -> np.ndarray:
    """Local rotations ``[T, J, 3, 3]``, joints as in the skeleton."""
    values: dict[str, list[np.ndarray]] = {
        name: [] for name in tree.names if tree.bones[name].dof
    }
    frames, degrees = 0, tree.degrees
    for name, *words in _rows(path):
        if name.startswith(':'):
            degrees = {':degrees': True, ':radians': False}.get(
                name.lower(), degrees
            )
        elif name.isdigit() and not words:
            _check_frame(path, values, frames)
            frames += 1
        elif name not in values or len(values[name]) != frames - 1:
            problem = f'{name} is not in the ASF, or is given twice'
            raise InputError(path, f'frame {frames}', problem, _FIX)
        else:
            field = f'frame {frames}, {name}'
            count = len(tree.bones[name].dof)
            values[name].append(_numbers(path, field, words, count))
    _check_frame(path, values, frames)
    if not frames:
        raise InputError(path, 'file', 'has no frames', _FIX)
    out = np.tile(np.eye(3), (frames, len(tree.names), 1, 1))
    for name, rows in values.items():
        bone = tree.bones[name]
        out[:, tree.names.index(name)] = bone.local(np.array(rows), degrees)
    return out


def _check_frame(
    path: Path, values: Mapping[str, Sequence[np.ndarray]], frames: int
) -> None:
    """Raise InputError if a bone with degrees of freedom has no values."""
    absent = [name for name, rows in values.items() if len(rows) != frames]
    if absent:
        raise InputError(path, f'frame {frames}', f'lacks {absent}', _FIX)


def _fields(
    path: Path, field: str, rows: Rows, required: Sequence[str]
) -> dict[str, Sequence[str]]:
    """First word to the rest of its line."""
    found = {row[0]: row[1:] for row in rows}
    for name in required:
        if not found.get(name):
            raise InputError(path, field, f'has no {name}', _FIX)
    return found


def _numbers(
    path: Path, field: str, words: Sequence[str], count: int
) -> np.ndarray:
    try:
        numbers = np.array(words, float)
    except ValueError as error:
        raise InputError(path, field, f'{error}', _FIX) from error
    if numbers.shape != (count,) or not np.isfinite(numbers).all():
        problem = f'{" ".join(words)!r} are not {count} finite numbers'
        raise InputError(path, field, problem, _FIX)
    return numbers


def _axes(
    path: Path, field: str, words: Sequence[str], order: str, degrees: bool
) -> Rotation:
    """Rotations about fixed axes in the stated order."""
    angles = _numbers(path, field, words, 3)
    try:
        return Rotation.from_euler(order.lower(), angles, degrees)
    except ValueError as error:
        problem = f'axis {order!r} is not an order of axes'
        raise InputError(path, field, problem, _FIX) from error
