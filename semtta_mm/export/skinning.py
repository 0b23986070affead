"""A body as glTF wants it: few weights a vertex, quaternions, y up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from ..models.bodies import SMPLBody
from ..models.bodies.lbs import blend_shapes
from ..structures import SMPLParams
from ..visualization.renderer.rasterizer import vertex_normals

FLIP = np.diag([1.0, -1.0, -1.0])
"""Camera frame (y down, z forward) to glTF's (y up, z to the viewer)."""


@dataclass(frozen=True)
class RestBody:
    """A body of one shape in its T-pose, y up.

    Attributes:
        vertices: ``[V, 3]``, m.
        normals: ``[V, 3]``, unit vectors.
        joints: ``[24, 3]``, m.
        joint_ids: Joints that move each vertex ``[V, N]``, the strongest
            first; 0 where the weight is 0.
        weights: ``[V, N]``; rows sum to one.
    """

    vertices: NDArray[Any]
    normals: NDArray[Any]
    joints: NDArray[Any]
    joint_ids: NDArray[Any]
    weights: NDArray[Any]


def rest_body(
    body: SMPLBody, betas: torch.Tensor, influences: int
) -> RestBody:
    """The rest pose of a shape.

    Args:
        body: The body.
        betas: Shape ``[10]``.
        influences: Joints a vertex, N.
    """
    with torch.no_grad():
        shape = betas[None].to(body.v_template)
        vertices, joints = (
            blend_shapes(template, directions, shape)[0].cpu().numpy()
            for template, directions in (
                (body.v_template, body.shapedirs),
                (body.joint_template, body.joint_shapedirs),
            )
        )
    ids, weights = strongest(body.weights.cpu().numpy(), influences)
    normals = vertex_normals(vertices, body.faces.cpu().numpy())
    return RestBody(vertices, normals, joints, ids, weights)


def strongest(
    weights: NDArray[Any], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The largest weights of each vertex, renormalised.

    Args:
        weights: ``[V, J]``, rows sum to one.
        count: Weights to keep, N.

    Returns:
        Joints and weights ``[V, N]``, the largest first; joint 0 where the
        weight is 0.
    """
    order = np.argsort(-weights, axis=1, kind='stable')[:, :count]
    kept = np.take_along_axis(weights, order, axis=1).astype(np.float64)
    kept /= kept.sum(axis=1, keepdims=True)
    return np.where(kept > 0, order, 0), kept


def joint_motion(
    params: SMPLParams, pelvis: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Local rotations of all joints and the place of the pelvis, y up.

    Args:
        params: T bodies in the camera frame.
        pelvis: The pelvis in the rest pose ``[3]``, m.

    Returns:
        Unit quaternions (x, y, z, w) ``[T, 24, 4]``, each less than half a
        turn of the sphere from the one before, and ``[T, 3]``, m.
    """
    pose = params.pose.double().cpu().numpy()
    transl = params.transl
    assert transl is not None
    pose[:, 0] = FLIP @ pose[:, 0]
    turns = Rotation.from_matrix(pose.reshape(-1, 3, 3)).as_quat()
    place = (transl.double().cpu().numpy() + pelvis) @ FLIP
    return continuous(turns.reshape(*pose.shape[:2], 4)), place


def continuous(quaternions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Choose the sign of each quaternion nearer to the one before.

    Args:
        quaternions: ``[T, ..., 4]``; q and -q are the same rotation.

    Returns:
        The same rotations; a linear blend of neighbours takes the short way.
    """
    near = (quaternions[1:] * quaternions[:-1]).sum(axis=-1, keepdims=True)
    signs = np.cumprod(np.where(near < 0, -1.0, 1.0), axis=0)
    return np.concatenate([quaternions[:1], signs * quaternions[1:]])
