"""Keypoints without the mesh: regressor and skinning folded into one.

A regressed keypoint is k = sum_v w_v sum_j W_vj (R_j p_v + t_j), where p_v is
the shaped vertex in the rest pose. Exchanging the sums,

    k = sum_j (R_j q_j + m_j t_j),  q_j = sum_v w_v W_vj p_v,
                                    m_j = sum_v w_v W_vj,

and q is linear in betas and pose feature like p. So a keypoint costs one
point for each joint that moves it (usually 2 to 4) instead of thousands of
vertices, and the result is the same up to rounding.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from .compose import KeypointWeights
from .lbs import blend_shapes
from .loading import BodyFile


class FoldedKeypoints(nn.Module):
    """Keypoints of one convention.

    Args:
        weights: The convention as weights of joints and vertices.
        body: The body whose skinning is folded in.
    """

    template: Tensor
    shapedirs: Tensor
    posedirs: Tensor | None
    mass: Tensor
    joint: Tensor
    owner: Tensor
    joint_weights: Tensor
    vertex: Tensor
    vertex_weights: Tensor

    def __init__(self, weights: KeypointWeights, body: BodyFile) -> None:
        super().__init__()
        used = np.nonzero(weights.vertices.any(axis=0))[0]
        regressor = weights.vertices[:, used]
        skin = body.weights[used]
        keypoint, joint = np.nonzero(np.abs(regressor) @ skin)
        # [pairs, used]: share of each vertex in each (keypoint, joint) pair.
        share = regressor[keypoint] * skin[:, joint].T
        arrays = {
            'template': share @ body.v_template[used],
            'shapedirs': _fold(share, body.shapedirs[used]),
            'posedirs': None
            if body.posedirs is None
            else _fold(share, body.posedirs[used]),
            'mass': share.sum(1),
            'owner': np.eye(len(regressor))[:, keypoint],
            'joint_weights': weights.joints,
            'vertex_weights': regressor,
        }
        for name, array in arrays.items():
            value = None if array is None else torch.tensor(array).float()
            self.register_buffer(name, value, persistent=False)
        for name, array in (('joint', joint), ('vertex', used)):
            self.register_buffer(name, torch.tensor(array), persistent=False)

    def forward(
        self,
        betas: Tensor,
        feature: Tensor | None,
        motion: tuple[Tensor, Tensor],
        joints: Tensor,
    ) -> Tensor:
        """Keypoints from parameters.

        Args:
            betas: ``[B, 10]``.
            feature: Pose feature ``[B, 207]``; None if the body has no pose
                blend shapes.
            motion: World rotations ``[B, 24, 3, 3]`` and translations
                ``[B, 24, 3]``, m, of ``linear_blend_skinning``.
            joints: Posed joints ``[B, 24, 3]``, m.

        Returns:
            ``[B, K, 3]``, m.
        """
        from_joints = self.joint_weights @ joints
        if not len(self.joint):
            return from_joints
        points = blend_shapes(self.template, self.shapedirs, betas)
        if self.posedirs is not None and feature is not None:
            points = blend_shapes(points, self.posedirs, feature)
        rotations, translations = motion
        moved = (rotations[:, self.joint] @ points[..., None])[..., 0]
        moved = moved + self.mass[:, None] * translations[:, self.joint]
        return self.owner @ moved + from_joints

    def from_mesh(self, vertices: Tensor, joints: Tensor) -> Tensor:
        """The same keypoints from a posed mesh.

        Args:
            vertices: ``[B, V, 3]``, m.
            joints: ``[B, 24, 3]``, m.

        Returns:
            ``[B, K, 3]``, m.
        """
        from_vertices = self.vertex_weights @ vertices[:, self.vertex]
        return from_vertices + self.joint_weights @ joints


def _fold(share: np.ndarray, directions: np.ndarray) -> np.ndarray:
    return np.einsum('pv,vds->pds', share, directions, optimize=True)
