"""Anatomical angles over time to SMPL rotations."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from scipy.spatial.transform import Rotation

from ....conventions import NUM_JOINTS, SMPL_JOINTS

_MIRROR = np.diag([-1.0, 1.0, 1.0])
_SPINE = ('spine_1', 'spine_2', 'spine_3')

Angle = float | np.ndarray
"""Degrees, constant or ``[T]``."""


@dataclass
class Arm:
    """One arm, degrees. All 0: hanging, palm to the thigh.

    Attributes:
        raise_: Upper arm away from hanging; 90 is level, 180 overhead.
        plane: Where it is raised: 0 sideways, 90 forward, above 90 across.
        twist: About the upper arm; positive turns the forearm inward.
        elbow: Flexion.
        wrist: Flexion.
    """

    raise_: Angle = 8.0
    plane: Angle = 0.0
    twist: Angle = 0.0
    elbow: Angle = 15.0
    wrist: Angle = 0.0


@dataclass
class Leg:
    """One leg, degrees. All 0: straight down.

    Attributes:
        hip: Flexion (thigh forward).
        out: Abduction (thigh sideways).
        twist: Outward turn of the thigh.
        knee: Flexion.
        ankle: Plantar flexion, added to the angle that levels the sole.
        level: Share of the leg's pitch that the ankle compensates, 0 to 1.
    """

    hip: Angle = 0.0
    out: Angle = 3.0
    twist: Angle = 6.0
    knee: Angle = 4.0
    ankle: Angle = 0.0
    level: Angle = 1.0


@dataclass
class ArticulatedFigure:
    """A body's angles, degrees; y up, facing +z.

    Attributes:
        left_arm: See :class:`Arm`.
        right_arm: The same, mirrored.
        left_leg: See :class:`Leg`.
        right_leg: The same, mirrored.
        bend: Trunk forward.
        lean: Trunk to its left.
        twist: Trunk to its left.
        nod: Head down.
        look: Head to its left.
        tilt: Pelvis forward.
        roll: Pelvis to its left.
        turn: Whole body to its left.
    """

    left_arm: Arm = field(default_factory=Arm)
    right_arm: Arm = field(default_factory=Arm)
    left_leg: Leg = field(default_factory=Leg)
    right_leg: Leg = field(default_factory=Leg)
    bend: Angle = 0.0
    lean: Angle = 0.0
    twist: Angle = 0.0
    nod: Angle = 0.0
    look: Angle = 0.0
    tilt: Angle = 0.0
    roll: Angle = 0.0
    turn: Angle = 0.0

    def pose(self, frames: int) -> np.ndarray:
        """Local rotation matrices ``[T, 24, 3, 3]``."""
        out = np.tile(np.eye(3), (frames, NUM_JOINTS, 1, 1))
        out[:, 0] = (
            about('y', self.turn, frames)
            @ about('z', _negate(self.roll), frames)
            @ about('x', self.tilt, frames)
        )
        third = 1 / len(_SPINE)
        for name in _SPINE:
            out[:, _at(name)] = (
                about('y', np.multiply(self.twist, third), frames)
                @ about('z', np.multiply(self.lean, -third), frames)
                @ about('x', np.multiply(self.bend, third), frames)
            )
        for name in ('neck', 'head'):
            out[:, _at(name)] = about(
                'y', np.multiply(self.look, 0.5), frames
            ) @ about('x', np.multiply(self.nod, 0.5), frames)
        sides = (
            ('left', self.left_arm, self.left_leg, np.eye(3)),
            ('right', self.right_arm, self.right_leg, _MIRROR),
        )
        for side, arm, leg, mirror in sides:
            joints = arm_rotations(arm, frames) | leg_rotations(leg, frames)
            for name, rotation in joints.items():
                out[:, _at(f'{side}_{name}')] = mirror @ rotation @ mirror
        return out


def arm_rotations(arm: Arm, frames: int) -> dict[str, np.ndarray]:
    """Local rotations of the left arm, each ``[T, 3, 3]``."""
    plane = np.radians(_over(arm.plane, frames))
    axis = np.stack([-np.sin(plane), np.zeros(frames), np.cos(plane)], 1)
    angle = np.radians(_over(arm.raise_, frames))
    raised = Rotation.from_rotvec(axis * angle[:, None]).as_matrix()
    # The collar takes part in lifting a raised arm, as the scapula does.
    lift = np.clip(_over(arm.raise_, frames) - 60, 0, 120) / 6
    collar = about('z', lift, frames)
    hanging = about('z', -90, frames)
    return {
        'collar': collar,
        'shoulder': collar.transpose(0, 2, 1)
        @ raised
        @ hanging
        @ about('x', arm.twist, frames),
        'elbow': about('y', _negate(arm.elbow), frames),
        'wrist': about('z', _negate(arm.wrist), frames),
    }


def leg_rotations(leg: Leg, frames: int) -> dict[str, np.ndarray]:
    """Local rotations of the left leg, each ``[T, 3, 3]``."""
    hip, knee = _over(leg.hip, frames), _over(leg.knee, frames)
    ankle = _over(leg.level, frames) * np.clip(hip - knee, -40, 35)
    return {
        'hip': about('z', leg.out, frames)
        @ about('x', -hip, frames)
        @ about('y', leg.twist, frames),
        'knee': about('x', knee, frames),
        'ankle': about('x', ankle + _over(leg.ankle, frames), frames),
    }


def about(axis: str, degrees: Angle, frames: int) -> np.ndarray:
    """Rotations about a coordinate axis ``[T, 3, 3]``."""
    angles = _over(degrees, frames)[:, None]
    return Rotation.from_euler(axis, angles, degrees=True).as_matrix()


def sway(
    figure: ArticulatedFigure,
    times: np.ndarray,
    degrees: float,
    rng: np.random.Generator,
) -> None:
    """Add slow, small motion to all angles.

    Args:
        figure: Changed in place.
        times: Seconds ``[T]``.
        degrees: Standard deviation of the larger angles.
        rng: Source of phases and rates.
    """
    parts = (
        figure.left_arm,
        figure.right_arm,
        figure.left_leg,
        figure.right_leg,
        figure,
    )
    for part in parts:
        size = degrees * (0.4 if isinstance(part, Leg) else 1.0)
        for item in fields(part):
            value = getattr(part, item.name)
            if item.name == 'level' or not isinstance(
                value, int | float | np.ndarray
            ):
                continue
            rate = rng.uniform(0.1, 0.7)
            wave = np.sin(2 * np.pi * (rate * times + rng.random()))
            offset = rng.normal(0, 0.7) + wave * rng.normal(0, 0.7)
            setattr(part, item.name, value + size * offset)


def _over(angle: Angle, frames: int) -> np.ndarray:
    return np.broadcast_to(np.asarray(angle, float), (frames,))


def _negate(angle: Angle) -> Angle:
    return -np.asarray(angle, float)


def _at(name: str) -> int:
    return SMPL_JOINTS.index(name)
