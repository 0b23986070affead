"""3D reference (ground truth) of a track."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..conventions import NUM_BETAS, NUM_JOINTS, keypoint_names


@dataclass
class BodyReference:
    """The true body as far as it is known; any field may be None.

    Note:
        - frames of the track: T
        - joints of the convention: J

    Attributes:
        joints: ``[T, J, 3]``, m, camera frame.
        convention: Keypoint convention of ``joints``.
        pose: Axis-angle ``[T, 24, 3]``, radians, camera frame.
        betas: ``[T, 10]``.
        transl: ``[T, 3]``, m, camera frame.
        gender: Body model of ``pose`` and ``betas``.
        valid: Frames that may be evaluated ``[T]``, bool.
        joints_valid: Joints that may be evaluated ``[T, J]``, bool.
        pose_source: ``'dataset'``, or ``'smpl_fit'``: pose, betas and transl
            are a fit of the open body (not of SMPL) to points, and vertices
            made from them are an estimate.
    """

    joints: NDArray[Any] | None = None
    convention: str | None = None
    pose: NDArray[Any] | None = None
    betas: NDArray[Any] | None = None
    transl: NDArray[Any] | None = None
    gender: str = 'neutral'
    valid: NDArray[Any] | None = None
    joints_valid: NDArray[Any] | None = None
    pose_source: str = 'dataset'

    def __post_init__(self) -> None:
        if self.joints is None and self.pose is None:
            raise ValueError('reference: needs joints or pose')
        if self.gender not in ('neutral', 'male', 'female'):
            raise ValueError(f'reference.gender: unknown {self.gender!r}')
        if self.pose_source not in ('dataset', 'smpl_fit'):
            raise ValueError(
                f'reference.pose_source: unknown {self.pose_source!r}'
            )
        t = len(self)
        shapes: dict[str, tuple[int, ...]] = {
            'pose': (t, NUM_JOINTS, 3),
            'betas': (t, NUM_BETAS),
            'transl': (t, 3),
            'valid': (t,),
        }
        if self.joints is not None:
            if self.convention is None:
                raise ValueError('reference.joints: needs a convention')
            j = len(keypoint_names(self.convention))
            shapes |= {'joints': (t, j, 3), 'joints_valid': (t, j)}
        for name, want in shapes.items():
            value = getattr(self, name)
            if value is not None and np.shape(value) != want:
                raise ValueError(
                    f'reference.{name}: expected {want}, got {np.shape(value)}'
                )

    def __len__(self) -> int:
        return len(self.joints if self.joints is not None else self.pose)  # type: ignore[arg-type]

    def __getitem__(self, index: slice | NDArray[Any]) -> BodyReference:
        """Reference of some frames."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        chosen: dict[str, Any] = {
            k: v[index] for k, v in values.items() if isinstance(v, np.ndarray)
        }
        return replace(self, **chosen)
