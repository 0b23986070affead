"""Decimation to a subset of the vertices: symmetric half-edge collapse.

Quadric error metric (Garland and Heckbert, 1997) restricted to the existing
vertices, so that every attribute (shape, skinning) is just indexed. Only the
left half is decimated and then mirrored: the mesh stays symmetric, and each
vertex keeps its counterpart. Libraries create new vertices or ignore skinning
and symmetry, so this is an implementation of our own.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

_LENGTH_COST = 1e-7
_SKIN_COST = 2e-7


@dataclass
class _HalfMesh:
    """Left half of a closed symmetric mesh, edited in place."""

    points: np.ndarray
    weights: np.ndarray
    faces: list[tuple[int, int, int]]
    on_midline: np.ndarray
    quadrics: np.ndarray = field(init=False)
    touching: list[set[int]] = field(init=False)
    version: list[int] = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.points)
        self.version = [0] * size
        self.touching = [set() for _ in range(size)]
        self.quadrics = np.zeros((size, 4, 4))
        for i, face in enumerate(self.faces):
            quadric = _quadric(self.points[list(face)])
            for k in face:
                self.touching[k].add(i)
                self.quadrics[k] += quadric
        # Add the quadrics of the mirrored half to midline vertices.
        flip = np.diag([-1.0, 1, 1, 1])
        mid = self.on_midline
        self.quadrics[mid] += flip @ self.quadrics[mid] @ flip

    def neighbours(self, a: int) -> set[int]:
        return {k for i in self.touching[a] for k in self.faces[i]} - {a}

    def cost(self, a: int, b: int) -> float:
        """Cost of moving ``a`` onto ``b``."""
        p = np.append(self.points[b], 1)
        shape = p @ (self.quadrics[a] + self.quadrics[b]) @ p
        length = ((self.points[a] - self.points[b]) ** 2).sum()
        skin = np.abs(self.weights[a] - self.weights[b]).sum()
        return float(shape + _LENGTH_COST * length + _SKIN_COST * skin)

    def may_collapse(self, a: int, b: int) -> bool:
        """Whether the surface stays manifold, closed and without flips."""
        shared = self.touching[a] & self.touching[b]
        edge_of_midline = self.on_midline[a] and self.on_midline[b]
        if self.on_midline[a] and not (edge_of_midline and len(shared) == 1):
            return False
        common = self.neighbours(a) & self.neighbours(b)
        if len(common) != len(shared):
            return False
        return not any(
            self._flips(self.faces[i], a, b) for i in self.touching[a] - shared
        )

    def _flips(self, face: tuple[int, int, int], a: int, b: int) -> bool:
        moved = [b if k == a else k for k in face]
        if self.on_midline[moved].all():
            return True
        old = _normal(self.points[list(face)])
        new = _normal(self.points[moved])
        limit = 0.2 * np.linalg.norm(old) * np.linalg.norm(new)
        return bool(old @ new <= limit)

    def collapse(self, a: int, b: int) -> set[int]:
        """Move ``a`` onto ``b``; returns the vertices whose costs change."""
        changed = (self.neighbours(a) | self.neighbours(b) | {b}) - {a}
        shared = self.touching[a] & self.touching[b]
        for i in shared:
            for k in self.faces[i]:
                self.touching[k].discard(i)
        for i in self.touching[a]:
            x, y, z = (b if k == a else k for k in self.faces[i])
            self.faces[i] = (x, y, z)
            self.touching[b].add(i)
        self.touching[a] = set()
        self.quadrics[b] += self.quadrics[a]
        for k in changed | {a}:
            self.version[k] += 1
        return changed


def _normal(triangle: np.ndarray) -> np.ndarray:
    return np.cross(triangle[1] - triangle[0], triangle[2] - triangle[0])


def _quadric(triangle: np.ndarray) -> np.ndarray:
    normal = _normal(triangle)
    area = np.linalg.norm(normal)
    if area < 1e-14:
        return np.zeros((4, 4))
    plane = np.append(normal, -normal @ triangle[0]) / area
    return np.outer(plane, plane) * area


def decimate(
    points: np.ndarray,
    faces: np.ndarray,
    weights: np.ndarray,
    mirror: np.ndarray,
    target: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Collapse edges until ``target`` vertices are left on both sides.

    Args:
        points: ``[V, 3]``, symmetric in x, m.
        faces: ``[F, 3]``, each wholly on one side of the midline.
        weights: Skinning weights ``[V, 24]``; collapses across parts of
            different weights cost more.
        mirror: Counterpart of each vertex ``[V]``.
        target: Vertices to keep.

    Returns:
        Kept vertex ids ``[target]``, ascending, and faces ``[F', 3]`` in the
        new numbering.

    Raises:
        RuntimeError: If the mesh cannot be reduced to ``target``.
    """
    middle = mirror == np.arange(len(mirror))
    left = (points[faces] * ~middle[faces][..., None])[..., 0].sum(1) > 0
    half = _HalfMesh(
        points, weights, [tuple(f) for f in faces[left].tolist()], middle
    )
    _run(half, target)
    used = np.array([bool(t) for t in half.touching])
    alive = sorted(set().union(*half.touching))
    kept_left = np.array([half.faces[i] for i in alive])
    both = np.concatenate([kept_left, mirror[kept_left][:, ::-1]])
    keep = np.nonzero(used | used[mirror])[0]
    if len(keep) != target:
        raise RuntimeError(f'{len(keep)} vertices left, expected {target}')
    number = np.full(len(points), -1)
    number[keep] = np.arange(len(keep))
    return keep, number[both]


def _run(half: _HalfMesh, target: int) -> None:
    size = len(half.points)
    live = [k for k in range(size) if half.touching[k]]
    count = sum(1 if half.on_midline[k] else 2 for k in live)
    heap: list[tuple[float, int, int, int, int]] = []

    def push(a: int) -> None:
        for b in sorted(half.neighbours(a)):
            entry = (half.cost(a, b), a, b, half.version[a], half.version[b])
            heapq.heappush(heap, entry)

    for a in live:
        push(a)
    while count > target and heap:
        _, a, b, version_a, version_b = heapq.heappop(heap)
        if (version_a, version_b) != (half.version[a], half.version[b]):
            continue
        removed = 1 if half.on_midline[a] else 2
        if count - removed < target or not half.may_collapse(a, b):
            continue
        count -= removed
        for k in sorted(half.collapse(a, b)):
            push(k)
