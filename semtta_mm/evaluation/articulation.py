"""Facing and limb motion of whole tracks, beside their errors."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ..conventions import keypoint_index
from ..geometry import axis_angle_to_matrix
from ..models.bodies import SMPLBody
from ..structures import BodyReference, SMPLParams, TrackPrediction
from .functional.articulation import heading_error, swing_gain

SWINGING = ('ankle', 'wrist')


@dataclass
class Articulation:
    """Collects tracks whose reference has a pose.

    Attributes:
        headings: Heading errors of each track ``[T]``, degrees.
        motions: End joint to (energy-weighted gain, energy) of each track.
    """

    headings: list[Tensor] = field(default_factory=list)
    motions: dict[str, list[tuple[Tensor, Tensor]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(
        self,
        prediction: TrackPrediction,
        reference: BodyReference | None,
        body: SMPLBody,
    ) -> None:
        """Take in a track; one without a true pose is left out.

        Args:
            prediction: With ``joints['smpl_24']``.
            reference: Of the same frames.
            body: The body of the reference's pose and shape.
        """
        if (
            reference is None
            or reference.pose is None
            or reference.betas is None
        ):
            return
        pose = torch.as_tensor(reference.pose).float()
        betas = torch.as_tensor(reference.betas).float()
        joints = body.joints_only(SMPLParams.from_axis_angle(pose, betas))
        self.headings.append(
            heading_error(
                prediction.params.global_orient,
                axis_angle_to_matrix(pose[:, 0]),
            )
        )
        mine = prediction.joints['smpl_24']
        for name in SWINGING:
            index = keypoint_index(
                'smpl_24', (f'left_{name}', f'right_{name}')
            )
            pair = [x[:, index] - x[:, :1] for x in (mine, joints)]
            truth = pair[1] - pair[1].mean(dim=0)
            energy = truth.square().sum(dim=(0, 2))
            gain = swing_gain(*pair).nan_to_num()
            self.motions[name].append(((gain * energy).sum(), energy.sum()))

    def report(self) -> dict[str, float | None]:
        """``yaw_median_deg`` and the gain of each end joint's swing."""
        heading = None
        if self.headings:
            heading = float(torch.cat(self.headings).median())
        gains = {f'swing_{name}': self._gain(name) for name in SWINGING}
        return {'yaw_median_deg': heading, **gains}

    def _gain(self, name: str) -> float | None:
        moved = sum(float(m) for m, _ in self.motions[name])
        energy = sum(float(e) for _, e in self.motions[name])
        return moved / energy if energy > 0 else None
