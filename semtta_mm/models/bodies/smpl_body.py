"""SMPLBody: parameters to vertices, joints and keypoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, cast

import torch
from torch import Tensor, nn

from ...conventions import SMPL_PARENTS
from ...registry import MODELS
from ...structures import SMPLParams
from ...utils import InputError
from ...utils.required_files import RequiredFile
from .compose import compose, missing_keypoints
from .folded import FoldedKeypoints
from .lbs import (
    blend_shapes,
    forward_kinematics,
    linear_blend_skinning,
    pose_feature,
    relative_translation,
)
from .loading import BodyFile, find_body_file, load_body
from .output import BodyOutput
from .recipes import RECIPES
from .smplx_backend import SmplxBackend
from .sources import KeypointSources, Regressors, load_sources


@MODELS.register_module()
class SMPLBody(nn.Module):
    """An SMPL-like body: official SMPL, or the open body that ships.

    Its arrays are non-persistent buffers: a body is not learned, and licensed
    arrays must not be written to checkpoints.

    Args:
        model_path: A file or folder of official SMPL (npz, or pkl read
            without running code), e.g. ``'data/body_models/smpl'`` or
            ``'$SMPL_MODEL_DIR'``. None is the open body, **which is not
            SMPL**: same skeleton and parameters, other vertices and another
            shape space.
        gender: ``'neutral'``, ``'male'`` or ``'female'``.
        backend: ``'lbs'`` is our implementation. ``'smplx'`` runs
            ``smplx.SMPL``, whose code is for non-commercial use; both are
            equal within 1e-5 m.
        regressors: Convention to array or ``.npy`` file, e.g.
            ``dict(h36m_17='J_regressor_h36m.npy')``, or the path of a
            ``regressors.npz``. None uses those of the body.

    Example config::

        body = dict(type='SMPLBody')
    """

    v_template: Tensor
    shapedirs: Tensor
    posedirs: Tensor | None
    weights: Tensor
    faces: Tensor
    joint_regressor: Tensor
    joint_template: Tensor
    joint_shapedirs: Tensor

    def __init__(
        self,
        model_path: str | Path | None = None,
        gender: str = 'neutral',
        backend: Literal['lbs', 'smplx'] = 'lbs',
        regressors: Regressors = None,
    ) -> None:
        super().__init__()
        if backend not in ('lbs', 'smplx'):
            raise ValueError(f"backend: 'lbs' or 'smplx', got {backend!r}")
        body = load_body(find_body_file(model_path, gender))
        self.gender, self.backend = gender, backend
        self.is_open = model_path is None  # another topology and shape space
        self._register(body)
        self._keypoints = _all_keypoints(body, load_sources(body, regressors))
        self._smplx = SmplxBackend(body) if backend == 'smplx' else None

    @classmethod
    def required_files(
        cls, config: Mapping[str, Any]
    ) -> tuple[RequiredFile, ...]:
        """Files that a body of a config needs; the open body needs none."""
        regressors = config.get('regressors')
        named = regressors if isinstance(regressors, Mapping) else {}
        return (
            RequiredFile(
                'model_path',
                f'SMPL, {config.get("gender", "neutral")}',
                'register at the SMPL (and, for the neutral body, SMPLify) '
                'web site, then `semtta prepare-smpl SRC`; $SMPL_MODEL_DIR '
                'gives the folder',
                _body_exists,
            ),
            *(
                RequiredFile(
                    f'regressors.{name}',
                    'J_regressor_h36m.npy'
                    if name == 'h36m_17'
                    else f'regressor of {name}',
                    'data of SPIN, CycleAdapt or mmhuman3d; `semtta '
                    'prepare-smpl SRC` with it in SRC checks it',
                )
                for name in named
            ),
        )

    def _register(self, body: BodyFile) -> None:
        regressor = body.joint_regressor
        shapedirs = body.shapedirs.reshape(len(body.shapedirs), -1)
        arrays = {
            'v_template': body.v_template,
            'shapedirs': body.shapedirs,
            'posedirs': body.posedirs,
            'weights': body.weights,
            'joint_regressor': regressor,
            # Rest joints are linear in betas and need no vertices.
            'joint_template': regressor @ body.v_template,
            'joint_shapedirs': (regressor @ shapedirs).reshape(
                len(regressor), *body.shapedirs.shape[1:]
            ),
        }
        for name, array in arrays.items():
            value = None if array is None else torch.tensor(array).float()
            self.register_buffer(name, value, persistent=False)
        self.register_buffer(
            'faces', torch.tensor(body.faces), persistent=False
        )

    @property
    def conventions(self) -> tuple[str, ...]:
        """Keypoint conventions that this body supports."""
        return tuple(self._keypoints)

    @property
    def num_vertices(self) -> int:
        """Number of vertices V."""
        return len(self.v_template)

    def forward(
        self,
        params: SMPLParams,
        vertices: bool = True,
        keypoints: Sequence[str] = ('smpl_24',),
    ) -> BodyOutput:
        """Pose bodies.

        Args:
            params: Pose and shape.
            vertices: Whether to compute the mesh. Without it, keypoints cost
                about as much as the joints (``benchmarks/bench_body.py``).
            keypoints: Conventions to compute, of :attr:`conventions`.

        Returns:
            Joints, keypoints, and vertices if requested; m.

        Raises:
            ValueError: If the body does not support a convention.
        """
        for convention in keypoints:
            self._check(convention)
        if self._smplx is not None:
            mesh, joints = self._smplx(params)
            named = {
                name: self.keypoints(mesh, joints, name) for name in keypoints
            }
            return BodyOutput(joints, named, mesh if vertices else None)
        return self._forward(params, vertices, keypoints)

    def _forward(
        self, params: SMPLParams, vertices: bool, keypoints: Sequence[str]
    ) -> BodyOutput:
        rest = self._rest_joints(params.betas)
        rotations, joints = forward_kinematics(params.pose, rest, SMPL_PARENTS)
        motion = rotations, relative_translation(rotations, joints, rest)
        feature = None
        if self.posedirs is not None:
            feature = pose_feature(params.pose)
        named = {
            name: self._module(name)(params.betas, feature, motion, joints)
            for name in keypoints
        }
        mesh = self._skin(params.betas, feature, motion) if vertices else None
        if params.transl is not None:
            shift = params.transl[:, None]
            joints = joints + shift
            named = {name: value + shift for name, value in named.items()}
            mesh = None if mesh is None else mesh + shift
        return BodyOutput(joints, named, mesh)

    def _rest_joints(self, betas: Tensor) -> Tensor:
        return blend_shapes(self.joint_template, self.joint_shapedirs, betas)

    def _skin(
        self,
        betas: Tensor,
        feature: Tensor | None,
        motion: tuple[Tensor, Tensor],
    ) -> Tensor:
        points = blend_shapes(self.v_template, self.shapedirs, betas)
        if self.posedirs is not None and feature is not None:
            points = blend_shapes(points, self.posedirs, feature)
        return linear_blend_skinning(points, *motion, self.weights)

    def joints_only(self, params: SMPLParams) -> Tensor:
        """SMPL's joints ``[B, 24, 3]``, m, without any vertex.

        By our forward kinematics, with any backend.
        """
        rest = self._rest_joints(params.betas)
        joints = forward_kinematics(params.pose, rest, SMPL_PARENTS)[1]
        if params.transl is None:
            return joints
        return joints + params.transl[:, None]

    def keypoints(
        self, vertices: Tensor, joints: Tensor, convention: str
    ) -> Tensor:
        """Keypoints of a mesh that is already posed.

        Args:
            vertices: ``[B, V, 3]``, m.
            joints: SMPL's joints of the same bodies ``[B, 24, 3]``, m.
            convention: One of :attr:`conventions`.

        Returns:
            ``[B, K, 3]``, m.

        Raises:
            ValueError: If the body does not support the convention.
        """
        self._check(convention)
        return self._module(convention).from_mesh(vertices, joints)

    def _module(self, convention: str) -> FoldedKeypoints:
        return cast(FoldedKeypoints, self._keypoints[convention])

    def _check(self, convention: str) -> None:
        if convention not in self._keypoints:
            known = ', '.join(self.conventions)
            raise ValueError(
                f'this body does not support {convention!r}; it supports '
                f'{known}. Others need SMPLBody(regressors=dict(h36m_17=..., '
                'coco_23=...))'
            )


def _all_keypoints(body: BodyFile, sources: KeypointSources) -> nn.ModuleDict:
    """A module for each convention whose keypoints all have a source."""
    size = len(body.v_template)
    return nn.ModuleDict(
        {
            name: FoldedKeypoints(compose(name, sources, size), body)
            for name in RECIPES
            if not missing_keypoints(name, sources)
        }
    )


def _body_exists(path: str, config: Mapping[str, Any]) -> bool:
    try:
        find_body_file(path, str(config.get('gender', 'neutral')))
    except InputError:
        return False
    return True
