"""Things that stand or move in front of the person: meshes with colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..room import FLOORS, WALLS, Pattern

CELL = 0.05
"""Side of the cells that carry a thing's texture, m."""


@dataclass(frozen=True)
class Thing:
    """A mesh with colours.

    Attributes:
        vertices: ``[V, 3]``, m.
        normals: ``[V, 3]``.
        colours: RGB ``[V, 3]`` in [0, 1].
        faces: ``[F, 3]``, seen from both sides.
    """

    vertices: np.ndarray
    normals: np.ndarray
    colours: np.ndarray
    faces: np.ndarray

    def moved(self, axes: np.ndarray, origin: np.ndarray) -> Thing:
        """In the frame whose axes are the rows of ``axes`` ``[3, 3]``."""
        return Thing(
            self.vertices @ axes + origin,
            self.normals @ axes,
            self.colours,
            self.faces,
        )


def joined(things: list[Thing]) -> Thing:
    """Several meshes as one."""
    starts = np.cumsum([0, *(len(t.vertices) for t in things[:-1])])
    return Thing(
        np.concatenate([t.vertices for t in things]),
        np.concatenate([t.normals for t in things]),
        np.concatenate([t.colours for t in things]),
        np.concatenate(
            [t.faces + s for t, s in zip(things, starts, strict=True)]
        ).astype(np.int32),
    )


def box(low: np.ndarray, high: np.ndarray, paint: Paint) -> Thing:
    """A box.

    Args:
        low: Least corner ``[3]``, m.
        high: Greatest corner ``[3]``, m.
        paint: Its texture.
    """
    middle, half = (low + high) / 2, (high - low) / 2
    sides = []
    for axis in range(3):
        u, v = (i for i in range(3) if i != axis)
        for sign in (-1.0, 1.0):
            sides.append(_side(half, axis, sign, u, v, paint))
    return joined(sides).moved(np.eye(3), middle)


def blob(middle: np.ndarray, radii: np.ndarray, paint: Paint) -> Thing:
    """A rough ellipsoid.

    Args:
        middle: ``[3]``, m.
        radii: ``[3]``, m.
        paint: Its texture.
    """
    rows, columns = 14, 22
    polar, around = np.meshgrid(
        np.linspace(0, np.pi, rows),
        np.linspace(0, 2 * np.pi, columns),
        indexing='ij',
    )
    ball = np.stack(
        [
            np.sin(polar) * np.cos(around),
            np.cos(polar),
            np.sin(polar) * np.sin(around),
        ],
        axis=-1,
    ).reshape(-1, 3)
    rough = 1 + 0.12 * paint.rng.normal(size=(len(ball), 1))
    at = ball[:, :2] * radii[:2]
    return Thing(
        middle + ball * radii * rough,
        ball + 0.5 * paint.rng.normal(size=ball.shape),
        paint(at),
        _grid_faces(rows, columns),
    )


@dataclass(frozen=True)
class Paint:
    """Texture of a thing.

    Attributes:
        pattern: Colours of places.
        seed: Of the pattern.
        rng: Source of what is drawn per vertex.
    """

    pattern: Pattern
    seed: int
    rng: np.random.Generator

    def __call__(self, at: np.ndarray) -> np.ndarray:
        """RGB ``[N, 3]`` at places ``[N, 2]``, m."""
        colours = self.pattern(at, np.random.default_rng(self.seed))
        grain = self.rng.normal(0, 0.03, (len(at), 1))
        return np.clip(colours + grain, 0, 1)


def plain(at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One colour."""
    return np.tile(rng.uniform(0.05, 0.95, 3), (len(at), 1))


PATTERNS: dict[str, Pattern] = {'plain': plain} | FLOORS | WALLS
"""Textures of things, by name."""


def sample_paint(
    rng: np.random.Generator, names: tuple[str, ...] = ()
) -> Paint:
    """A random texture, of the named patterns or of any."""
    name = str(rng.choice(names or sorted(PATTERNS)))
    return Paint(PATTERNS[name], int(rng.integers(2**32)), rng)


def _side(
    half: np.ndarray, axis: int, sign: float, u: int, v: int, paint: Paint
) -> Thing:
    counts = [max(2, int(np.ceil(2 * half[i] / CELL)) + 1) for i in (u, v)]
    a, b = np.meshgrid(
        *(
            np.linspace(-half[i], half[i], n)
            for i, n in zip((u, v), counts, strict=True)
        ),
        indexing='ij',
    )
    vertices = np.zeros((a.size, 3))
    vertices[:, u], vertices[:, v] = a.ravel(), b.ravel()
    vertices[:, axis] = sign * half[axis]
    normals = np.zeros_like(vertices)
    normals[:, axis] = sign
    flat = vertices[:, [i for i in (0, 2, 1) if i != axis]]
    return Thing(vertices, normals, paint(flat), _grid_faces(*counts))


def _grid_faces(rows: int, columns: int) -> np.ndarray:
    """Triangles of a grid of vertices ``[F, 3]``."""
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b = index[:-1, :-1].ravel(), index[1:, :-1].ravel()
    c, d = index[1:, 1:].ravel(), index[:-1, 1:].ravel()
    faces = np.concatenate([np.c_[a, b, c], np.c_[a, c, d]])
    return faces.astype(np.int32)
