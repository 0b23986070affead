"""The person from where the phone stands, and what would cover them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....conventions import keypoint_names
from ..rig import Rig
from ..variants import LOWER_BODY
from .furniture import Region

UP = np.array([0.0, 1.0, 0.0])

_SIDES = ('left', 'right')
_ABOVE_KNEE = 0.3
"""Share of the thigh that is covered with the legs."""

_GAP, _CLOSEST = 0.12, 0.9
"""Least distance of things from the person and from the phone, m."""


@dataclass(frozen=True)
class Stand:
    """A frame on the ground under the phone: right, up, ahead.

    Attributes:
        axes: Its axes in the world, as rows ``[3, 3]``.
        origin: ``[3]``, m, world.
        height: Of the phone, m.
        half_width: Tangent of half the field of view from side to side.
    """

    axes: np.ndarray
    origin: np.ndarray
    height: float
    half_width: float

    @classmethod
    def under(cls, rig: Rig) -> Stand:
        """The frame under a camera at rest."""
        ahead = rig.rotation[2] * [1, 0, 1]
        ahead = ahead / np.linalg.norm(ahead)
        centre = rig.centre
        return cls(
            axes=np.stack([np.cross(ahead, UP), UP, ahead]),
            origin=centre * [1, 0, 1],
            height=float(centre[1]),
            half_width=float(rig.intrinsics[0, 2] / rig.intrinsics[0, 0]),
        )

    def local(self, points: np.ndarray) -> np.ndarray:
        """World points ``[..., 3]`` in this frame."""
        return np.asarray((points - self.origin) @ self.axes.T)

    def before(self, local: np.ndarray) -> float:
        """Distance ahead of a plane in front of the person, m."""
        nearest = float(np.quantile(local[..., 2].min(axis=-1), 0.02))
        return max(nearest - _GAP, _CLOSEST)

    def on_plane(self, local: np.ndarray, ahead: float) -> np.ndarray:
        """Where the phone sees points on a plane ``ahead`` m away.

        Args:
            local: ``[..., 3]``.
            ahead: Distance of the plane, m.

        Returns:
            Right and up ``[..., 2]``, m.
        """
        scale = ahead / np.maximum(local[..., 2:], 0.3)
        eye = np.array([0, self.height])
        return np.asarray(eye + (local[..., :2] - eye) * scale)


def leg_points(points: np.ndarray, convention: str) -> np.ndarray:
    """Keypoints of the legs from above the knees down ``[T, N, D]``.

    Args:
        points: ``[T, K, D]``.
        convention: Of the keypoints.
    """
    names = keypoint_names(convention)
    low = [i for i, name in enumerate(names) if name.endswith(LOWER_BODY)]
    hips, knees = (
        points[:, [names.index(f'{side}_{joint}') for side in _SIDES]]
        for joint in ('hip', 'knee')
    )
    thighs = knees + _ABOVE_KNEE * (hips - knees)
    return np.concatenate([points[:, low], thighs], axis=1)


def legs_region(
    stand: Stand, points: np.ndarray, convention: str, depth: float
) -> Region:
    """What hides the legs of some frames.

    It is not higher than the hips in half of the frames, so that a kick
    does not hide the whole person.

    Args:
        stand: Under the phone.
        points: Keypoints ``[T, K, 3]``, m, world.
        convention: Of the keypoints.
        depth: Of the thing, m.
    """
    names = keypoint_names(convention)
    local = stand.local(points)
    ahead = stand.before(local)
    legs = stand.on_plane(leg_points(local, convention), ahead)
    hips = stand.on_plane(
        local[:, [names.index(f'{side}_hip') for side in _SIDES]], ahead
    )
    high = legs[..., 1].max(axis=1)
    middle = max(np.median(hips[..., 1]), np.median(high))
    top = float(min(np.quantile(high, 0.92), middle)) + 0.03
    left = float(np.quantile(legs[..., 0].min(axis=1), 0.04))
    right = float(np.quantile(legs[..., 0].max(axis=1), 0.96))
    return Region(left - 0.08, right + 0.08, max(top, 0.25), ahead, depth)


def body_region(
    stand: Stand, points: np.ndarray, depth: float, side: int
) -> Region:
    """What hides the whole person, or one side, of some frames.

    Args:
        stand: Under the phone.
        points: Keypoints ``[T, K, 3]``, m, world.
        depth: Of the thing, m.
        side: -1 is what is left in the image, 1 what is right, 0 is all.
    """
    local = stand.local(points)
    ahead = stand.before(local)
    flat = stand.on_plane(local, ahead)
    left = float(np.quantile(flat[..., 0].min(axis=1), 0.05)) - 0.12
    right = float(np.quantile(flat[..., 0].max(axis=1), 0.95)) + 0.12
    top = float(np.quantile(flat[..., 1].max(axis=1), 0.95)) + 0.2
    middle = float(np.median(flat[..., 0]))
    if side < 0:
        right = middle
    elif side > 0:
        left = middle
    return Region(left, right, top, ahead, depth)
