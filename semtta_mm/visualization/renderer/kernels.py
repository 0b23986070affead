"""Compiled loops of the renderer; import this module inside functions.

numba compiles at the first call and caches the result on disk.
"""

import numba
import numpy as np

NEAR = 0.05
"""Near plane, m; triangles with a nearer vertex are not drawn."""


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
        cull: Leave out back faces.
        z_buffer: ``[H, W]``, initially infinity.
        triangle: ``[H, W]``, initially -1.
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
        # y points down, so front faces are clockwise.
        if area == 0.0 or (cull and area > 0.0):
            continue
        left, right = min(0.0, bx, cx) + ax, max(0.0, bx, cx) + ax
        top, bottom = min(0.0, by, cy) + ay, max(0.0, by, cy) + ay
        # Clip before the conversion, which may overflow for far vertices.
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
                # 1/z is linear in the image, z is not.
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
    """Add each face's area-weighted normal to its three vertices.

    Args:
        vertices: ``[V, 3]``.
        faces: ``[F, 3]``.
        normals: ``[V, 3]``, initially zero.
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


@numba.njit(cache=True, nogil=True)
def blend_shaded(
    image: np.ndarray,
    triangle: np.ndarray,
    weights: np.ndarray,
    faces: np.ndarray,
    light: np.ndarray,
    colour: np.ndarray,
    opacity: float,
) -> None:  # pragma: no cover (compiled)
    """Blend a shaded mesh into an image, in place.

    Args:
        image: ``[H, W, 3]``, uint8.
        triangle: Visible face of each pixel ``[H, W]``, -1 for none.
        weights: Of the face's vertices ``[H, W, 3]``.
        faces: ``[F, 3]``.
        light: Brightness of each vertex ``[V]``, in [0, 1].
        colour: ``[3]``, in the image's order of channels, in [0, 255].
        opacity: In [0, 1].
    """
    height, width = triangle.shape
    for y in range(height):
        for x in range(width):
            t = triangle[y, x]
            if t < 0:
                continue
            here = 0.0
            for k in range(3):
                here += weights[y, x, k] * light[faces[t, k]]
            for c in range(3):
                value = opacity * here * colour[c]
                value += (1.0 - opacity) * image[y, x, c]
                image[y, x, c] = np.uint8(np.rint(value))
