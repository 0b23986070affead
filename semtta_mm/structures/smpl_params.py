"""SMPL parameters with named axes; rotations are matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

from ..conventions import NUM_BETAS, NUM_JOINTS
from ..geometry import axis_angle_to_matrix, matrix_to_axis_angle


@dataclass(frozen=True)
class SMPLParams:
    """A batch of bodies.

    Note:
        - batch size: B (any number of leading axes is not allowed; flatten)

    Attributes:
        global_orient: Rotation of the pelvis ``[B, 3, 3]``.
        body_pose: Rotations of joints 1 to 23, relative to their parents,
            ``[B, 23, 3, 3]``.
        betas: Shape coefficients ``[B, 10]``.
        transl: Translation ``[B, 3]``, m, or None for the origin.
    """

    global_orient: Tensor
    body_pose: Tensor
    betas: Tensor
    transl: Tensor | None = None

    def __post_init__(self) -> None:
        expected = {
            'global_orient': (3, 3),
            'body_pose': (NUM_JOINTS - 1, 3, 3),
            'betas': (NUM_BETAS,),
            'transl': (3,),
        }
        for name, shape in expected.items():
            value = getattr(self, name)
            if value is None:
                continue
            want = (len(self.global_orient), *shape)
            if tuple(value.shape) != want:
                raise ValueError(
                    f'SMPLParams.{name}: expected {want}, '
                    f'got {tuple(value.shape)}'
                )

    def __len__(self) -> int:
        return len(self.global_orient)

    @property
    def pose(self) -> Tensor:
        """All 24 rotations ``[B, 24, 3, 3]``, the pelvis first."""
        return torch.cat([self.global_orient[:, None], self.body_pose], dim=1)

    @classmethod
    def from_pose(
        cls, pose: Tensor, betas: Tensor, transl: Tensor | None = None
    ) -> SMPLParams:
        """From rotation matrices ``[B, 24, 3, 3]``."""
        return cls(pose[:, 0], pose[:, 1:], betas, transl)

    @classmethod
    def from_axis_angle(
        cls, pose: Tensor, betas: Tensor, transl: Tensor | None = None
    ) -> SMPLParams:
        """From axis-angle ``[B, 72]`` or ``[B, 24, 3]``, radians."""
        matrices = axis_angle_to_matrix(pose.reshape(-1, NUM_JOINTS, 3))
        return cls.from_pose(matrices, betas, transl)

    @classmethod
    def cat(cls, parts: Sequence[SMPLParams]) -> SMPLParams:
        """Concatenate batches; all have a translation, or none has."""
        transl = [p.transl for p in parts if p.transl is not None]
        return cls(
            torch.cat([p.global_orient for p in parts]),
            torch.cat([p.body_pose for p in parts]),
            torch.cat([p.betas for p in parts]),
            torch.cat(transl) if transl else None,
        )

    def axis_angle(self) -> Tensor:
        """All 24 rotations as axis-angle ``[B, 24, 3]``, radians."""
        return matrix_to_axis_angle(self.pose)

    def map(self, function: Callable[[Tensor], Tensor]) -> SMPLParams:
        """Apply ``function`` to every tensor, e.g. ``lambda x: x.cpu()``."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return replace(
            self,
            **{k: function(v) for k, v in values.items() if v is not None},
        )

    def __getitem__(self, index: slice | Tensor) -> SMPLParams:
        return self.map(lambda value: value[index])

    def to(self, *args: object, **kwargs: object) -> SMPLParams:
        """Like :meth:`torch.Tensor.to` on every tensor."""
        return self.map(lambda value: value.to(*args, **kwargs))  # type: ignore[call-overload]

    def detach(self) -> SMPLParams:
        """Like :meth:`torch.Tensor.detach` on every tensor."""
        return self.map(torch.detach)
