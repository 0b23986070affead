"""Z-buffer rasterisation on the CPU, without OpenGL."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Fragments:
    """Visible triangle of each pixel.

    Attributes:
        triangle: Index of the face ``[H, W]``, -1 for none.
        weights: Weights of the face's three vertices ``[H, W, 3]``,
            perspective-correct; 0 where there is none.
        depth: ``[H, W]``, m; infinite where there is none.
    """

    triangle: np.ndarray
    weights: np.ndarray
    depth: np.ndarray

    @property
    def mask(self) -> np.ndarray:
        """Pixels covered by the mesh ``[H, W]``, bool."""
        return self.triangle >= 0

    def interpolate(
        self,
        values: np.ndarray,
        faces: np.ndarray,
        mask: np.ndarray | None = None,
    ) -> np.ndarray:
        """Values of vertices at some pixels.

        Args:
            values: ``[V, C]``.
            faces: ``[F, 3]``.
            mask: The pixels ``[H, W]``, bool, all covered by the mesh; None
                is :attr:`mask`.

        Returns:
            ``[N, C]``, N pixels in the order of ``image[mask]``.
        """
        mask = self.mask if mask is None else mask
        corners = values[faces[self.triangle[mask]]]
        return np.einsum('nk,nkc->nc', self.weights[mask], corners)


def rasterize(
    vertices: np.ndarray,
    faces: np.ndarray,
    intrinsics: np.ndarray,
    size: tuple[int, int],
    cull: bool = True,
) -> Fragments:
    """Find the visible triangle of each pixel.

    Args:
        vertices: ``[V, 3]``, m, camera frame (x right, y down, z forward).
        faces: ``[F, 3]``, counter-clockwise from outside.
        intrinsics: ``[3, 3]``, px.
        size: Width and height, px.
        cull: Leave out back faces; suitable for closed meshes.

    Returns:
        The fragments. Triangles that extend behind the camera are left out.
    """
    from .kernels import fill_triangles

    width, height = size
    homogeneous = vertices.astype(np.float64) @ intrinsics.T
    depth = homogeneous[:, 2]
    in_front = np.where(depth > 0, depth, 1)
    points = homogeneous[:, :2] / in_front[:, None]
    fragments = Fragments(
        triangle=np.full((height, width), -1, np.int32),
        weights=np.zeros((height, width, 3), np.float32),
        depth=np.full((height, width), np.inf, np.float32),
    )
    fill_triangles(
        points.astype(np.float32),
        depth.astype(np.float32),
        np.ascontiguousarray(faces, dtype=np.int32),
        cull,
        fragments.depth,
        fragments.triangle,
        fragments.weights,
    )
    return fragments


def vertex_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Unit normals: mean of the adjacent faces, weighted by area.

    Args:
        vertices: ``[V, 3]``.
        faces: ``[F, 3]``, counter-clockwise from outside.

    Returns:
        ``[V, 3]``; zero for a vertex without a face.
    """
    from .kernels import sum_face_normals

    normals = np.zeros((len(vertices), 3))
    sum_face_normals(
        np.ascontiguousarray(vertices, dtype=np.float64),
        np.ascontiguousarray(faces, dtype=np.int32),
        normals,
    )
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return normals / np.maximum(length, 1e-12)
