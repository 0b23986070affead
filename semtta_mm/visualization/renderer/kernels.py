"""Compiled loops of the renderer; imported where they are used.

numba compiles at the first call and keeps the result on disk.
"""

import numba
import numpy as np

NEAR = 0.05
"""Triangles with a vertex nearer than this (m) are not drawn."""


@numba.njit(cache=True, nogil=True)
def fill_triangles(
    points: np.ndarray,
    depth: np.ndarray,
    faces: np.ndarray,
    cull: bool,
    z_buffer: np.ndarray,
    triangle: np.ndarray,
    weights: np.ndarray,
) -> None:  # pragma: no cover (compiled)
    """Z-buffer rasterisation into the last three arguments.

    Args:
        points: Vertices ``[V, 2]``, px; pixel i has its centre at i + 0.5.
        depth: ``[V]``, m.
        faces: ``[F, 3]``.
        cull: Leave out triangles that face away from the camera.
        z_buffer: ``[H, W]``, start at infinity.
        triangle: ``[H, W]``, start at -1.
        weights: Perspective-correct barycentric ``[H, W, 3]``.
    """
    height, width = z_buffer.shape
    for t in range(faces.shape[0]):
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        if min(depth[a], depth[b], depth[c]) < NEAR:
            continue
        ax, ay = points[a, 0], points[a, 1]
        bx, by = points[b, 0] - ax, points[b, 1] - ay
        cx, cy = points[c, 0] - ax, points[c, 1] - ay
        area = bx * cy - cx * by
        # y points down: a face towards the camera is clockwise.
        if area == 0.0 or (cull and area > 0.0):
            continue
        left, right = min(0.0, bx, cx) + ax, max(0.0, bx, cx) + ax
        top, bottom = min(0.0, by, cy) + ay, max(0.0, by, cy) + ay
        # Clip before the whole numbers: a far vertex may not fit into one.
        x0 = int(np.ceil(max(left, 0.0) - 0.5))
        x1 = int(np.floor(min(right, float(width)) - 0.5))
        y0 = int(np.ceil(max(top, 0.0) - 0.5))
        y1 = int(np.floor(min(bottom, float(height)) - 0.5))
        za, zb, zc = 1 / depth[a], 1 / depth[b], 1 / depth[c]
        for y in range(max(y0, 0), y1 + 1):
            py = y + 0.5 - ay
            for x in range(max(x0, 0), x1 + 1):
                px = x + 0.5 - ax
                wb = (px * cy - cx * py) / area
                wc = (bx * py - px * by) / area
                wa = 1 - wb - wc
                if wa < 0 or wb < 0 or wc < 0:
                    continue
                # 1/z is linear in the image, not z.
                z = 1 / (wa * za + wb * zb + wc * zc)
                if z < z_buffer[y, x]:
                    z_buffer[y, x] = z
                    triangle[y, x] = t
                    weights[y, x, 0] = wa * za * z
                    weights[y, x, 1] = wb * zb * z
                    weights[y, x, 2] = wc * zc * z


@numba.njit(cache=True, nogil=True)
def sum_face_normals(
    vertices: np.ndarray, faces: np.ndarray, normals: np.ndarray
) -> None:  # pragma: no cover (compiled)
    """Add each face's normal, as long as its area, to its three vertices.

    Args:
        vertices: ``[V, 3]``.
        faces: ``[F, 3]``.
        normals: ``[V, 3]``, start at zero.
    """
    for t in range(faces.shape[0]):
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        ux = vertices[b, 0] - vertices[a, 0]
        uy = vertices[b, 1] - vertices[a, 1]
        uz = vertices[b, 2] - vertices[a, 2]
        vx = vertices[c, 0] - vertices[a, 0]
        vy = vertices[c, 1] - vertices[a, 1]
        vz = vertices[c, 2] - vertices[a, 2]
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for k in (a, b, c):
            normals[k, 0] += nx
            normals[k, 1] += ny
            normals[k, 2] += nz
