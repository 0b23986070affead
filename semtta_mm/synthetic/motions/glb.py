"""Skeleton animations of binary glTF files (.glb).

Rotations of nodes only; translations and scales that are animated are not
read. The rest pose is the one that the nodes have without an animation.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from ...utils import InputError
from ...utils.optional import extra, require
from .retarget import Skeleton

_FIX = 'give a .glb file with one skeleton and its animations'
_FLOAT = 5126
_COLUMNS = {'SCALAR': 1, 'VEC3': 3, 'VEC4': 4}

Track = tuple[np.ndarray, np.ndarray]
"""Times ``[K]`` in seconds and quaternions ``[K, 4]`` (x, y, z, w)."""


@dataclass(frozen=True)
class GlbAnimations:
    """Animations of one skeleton.

    Attributes:
        skeleton: Joints; offsets in the axes of the world, at rest.
        rest: World rotations at rest ``[J, 3, 3]``.
        local: Local rotations at rest ``[J, 3, 3]``.
        tracks: Animation to the tracks of its animated joints.
    """

    skeleton: Skeleton
    rest: np.ndarray
    local: np.ndarray
    tracks: dict[str, dict[int, Track]]

    def seconds(self, name: str) -> float:
        """Duration of an animation."""
        return max(
            (float(times[-1]) for times, _ in self.tracks[name].values()),
            default=0.0,
        )

    def world_rotations(self, name: str, fps: float) -> np.ndarray:
        """World rotations, relative to those at rest.

        Args:
            name: Of the animation.
            fps: Frames per second.

        Returns:
            ``[T, J, 3, 3]``; the identity is the rest pose.
        """
        frames = int(self.seconds(name) * fps + 1e-6) + 1
        local = np.tile(self.local, (frames, 1, 1, 1))
        for joint, (times, turns) in self.tracks[name].items():
            local[:, joint] = _sample(times, turns, frames, fps)
        world = self.skeleton.world_rotations(local)
        return world @ self.rest.transpose(0, 2, 1)


def read_glb(path: Path) -> GlbAnimations:
    """Read skeleton and animations.

    Raises:
        InputError: If the file is missing or broken, or contains another
            kind of data than these animations need.
        MissingDependencyError: If pygltflib is not installed.
    """
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', 'check the path')
    library = require('pygltflib', 'reading .glb files', extra('synthetic'))
    try:
        gltf = library.GLTF2().load_binary(str(path))
        return _animations(path, gltf, gltf.binary_blob())
    except InputError:
        raise
    except Exception as error:  # the library's own are of many types
        raise InputError(path, 'file', f'is broken: {error}', _FIX) from error


def _animations(path: Path, gltf: Any, blob: bytes) -> GlbAnimations:
    nodes = gltf.nodes
    parent = {c: i for i, n in enumerate(nodes) for c in n.children or ()}
    order = sorted(range(len(nodes)), key=lambda i: _depth(i, parent))
    place = {node: joint for joint, node in enumerate(order)}
    parents = tuple(place.get(parent.get(i, -1), -1) for i in order)
    turns = [nodes[i].rotation or (0, 0, 0, 1) for i in order]
    local = Rotation.from_quat(turns).as_matrix()
    shift = np.array([nodes[i].translation or (0, 0, 0) for i in order])
    names = tuple(nodes[i].name for i in order)
    tree = Skeleton(names, parents, np.zeros((len(order), 3)))
    rest = tree.world_rotations(local[None])[0]
    offsets = np.stack(
        [
            rest[p] @ move if p >= 0 else move
            for p, move in zip(parents, shift, strict=True)
        ]
    )
    tracks = {}
    for animation in gltf.animations:
        channels = [
            c for c in animation.channels if c.target.path == 'rotation'
        ]
        tracks[animation.name] = {
            place[c.target.node]: _track(
                path, gltf, blob, animation.samplers[c.sampler]
            )
            for c in channels
        }
    return GlbAnimations(
        Skeleton(names, parents, offsets), rest, local, tracks
    )


def _depth(node: int, parent: dict[int, int]) -> int:
    depth = 0
    while node in parent:
        node, depth = parent[node], depth + 1
        if depth > len(parent):
            raise ValueError('nodes are their own ancestors')
    return depth


def _track(path: Path, gltf: Any, blob: bytes, sampler: Any) -> Track:
    if sampler.interpolation not in ('LINEAR', 'STEP', None):
        problem = f'{sampler.interpolation} is not read'
        raise InputError(path, 'interpolation', problem, _FIX)
    times = _floats(path, gltf, blob, sampler.input)[:, 0]
    turns = _floats(path, gltf, blob, sampler.output)
    return times, turns


def _floats(path: Path, gltf: Any, blob: bytes, index: int) -> np.ndarray:
    """Values of an accessor ``[K, columns]``."""
    accessor = gltf.accessors[index]
    view = gltf.bufferViews[accessor.bufferView]
    columns = _COLUMNS.get(accessor.type)
    plain = view.byteStride is None and accessor.sparse is None
    if accessor.componentType != _FLOAT or columns is None or not plain:
        problem = f'accessor {index} is not a plain array of floats'
        raise InputError(path, 'accessors', problem, _FIX)
    start = (view.byteOffset or 0) + (accessor.byteOffset or 0)
    values = np.frombuffer(blob, '<f4', accessor.count * columns, start)
    return values.reshape(-1, columns).astype(float)


def _sample(
    times: np.ndarray, turns: np.ndarray, frames: int, fps: float
) -> np.ndarray:
    """Rotations ``[T, 3, 3]`` at each frame; the ends are held."""
    rotations = Rotation.from_quat(turns)
    if len(times) == 1:
        return np.tile(rotations.as_matrix(), (frames, 1, 1))
    at = np.clip(np.arange(frames) / fps, times[0], times[-1])
    return Slerp(times, rotations)(at).as_matrix()
