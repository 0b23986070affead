"""Protocol of an evaluation: root, joint set, axes, units."""

from __future__ import annotations

from dataclasses import dataclass

from ..conventions import CONVENTIONS
from ..utils import InputError
from .functional import ACCEL_UNITS, ROOTS, AccelUnit

FRAMES = ('camera', 'pelvis_ray')
"""Frames of reference: the camera's axes, or axes turned so that the ray to
the pelvis is the optical axis (all that a crop determines)."""


@dataclass(frozen=True)
class Protocol:
    """How bodies are compared.

    Attributes:
        root: What is subtracted, see :data:`ROOTS`.
        joint_set: Joints that count, a name in
            :data:`semtta_mm.conventions.CONVENTIONS`.
        frame: Frame of reference in which the dataset states its 3D; it is
            recorded, nothing is turned here.
        accel_unit: ``'m/s^2'`` or ``'mm/frame^2'``.
        pck_threshold: Share of the box's longer side.

    Raises:
        InputError: On an unknown name; the message lists the known ones.
    """

    root: str = 'h36m_pelvis'
    joint_set: str = 'h36m_14'
    frame: str = 'camera'
    accel_unit: AccelUnit = 'm/s^2'
    pck_threshold: float = 0.05

    def __post_init__(self) -> None:
        known = {
            'root': tuple(ROOTS),
            'joint_set': tuple(CONVENTIONS),
            'frame': FRAMES,
            'accel_unit': ACCEL_UNITS,
        }
        for field, names in known.items():
            value = getattr(self, field)
            if value not in names:
                raise InputError(
                    'MeshMetric',
                    field,
                    f'{value!r} is unknown',
                    f'use one of {", ".join(names)}',
                )
        if not self.pck_threshold > 0:
            raise InputError(
                'MeshMetric',
                'pck_threshold',
                f'{self.pck_threshold} is not positive',
                'give a share of the box, e.g. 0.05',
            )
