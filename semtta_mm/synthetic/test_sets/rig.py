"""The camera of a clip: static, or with the sway of a hand-held camera.

It rotates about its centre only, so a homography moves the background
exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from ...geometry.views import look_at
from ..scene import sample_view
from .plan import FPS, Shift

FAR, NEAR = (9.5, 14.0), (1.8, 2.1)
"""Shifted distances, m; training has 2.2 to 9."""

PITCH_HIGH, PITCH_LOW = (0.5, 0.8), (-0.4, -0.25)
"""Shifted pitch, radians; training: normal, mean 0.15, deviation 0.22."""

ROLL = (0.12, 0.28)
"""Shifted roll to either side, radians; training's deviation is 0.12."""

SWAY = (0.004, 0.014)
"""Shifted swing of a hand-held camera, radians; training has none."""

LOWEST = 0.15
"""Least height of a shifted camera above the ground, m."""


@dataclass(frozen=True)
class Rig:
    """A camera in each frame.

    Attributes:
        rotation: World (y up) to camera at rest ``[3, 3]``.
        translation: Of that map ``[3]``, m.
        intrinsics: ``[3, 3]``, px.
        sway: Turn of the camera in each frame ``[T, 3, 3]``, camera frame.
    """

    rotation: np.ndarray
    translation: np.ndarray
    intrinsics: np.ndarray
    sway: np.ndarray

    @property
    def centre(self) -> np.ndarray:
        """Position of the camera ``[3]``, m, world."""
        return -self.rotation.T @ self.translation

    def to_camera_at(self, points: np.ndarray, frame: int) -> np.ndarray:
        """World to one frame's camera, ``[N, 3]``, m."""
        still = points @ self.rotation.T + self.translation
        return still @ self.sway[frame].T

    def to_camera(self, points: np.ndarray) -> np.ndarray:
        """World to each frame's camera, ``[T, N, 3]``, m."""
        still = points @ self.rotation.T + self.translation
        return np.einsum('tij,tnj->tni', self.sway, still)


def sample_rig(
    points: np.ndarray, size: int, shift: Shift, rng: np.random.Generator
) -> Rig:
    """A camera with the person in view in every frame.

    Args:
        points: Keypoints ``[T, K, 3]``, m, world, y up.
        size: Side of the images, px.
        shift: Which ranges to draw from.
        rng: Source of all choices.
    """
    frames = len(points)
    middle = points[frames // 2]
    if shift == 'none':
        view = sample_view(middle, size, rng)
        rotation, distance = view.rotation, view.distance
        sway = np.tile(np.eye(3), (frames, 1, 1))
    else:
        rotation, distance = _shifted_view(_middle(points)[1], rng)
        sway = sample_sway(frames, rng)
    rotated = points.reshape(-1, 3) @ rotation.T
    translation = np.array([0, 0, distance]) - _middle(rotated)
    focal = _fitting_focal(rotated + translation, size, rng.uniform(0.7, 0.85))
    half = size / 2
    intrinsics = np.array([[focal, 0, half], [0, focal, half], [0, 0, 1]])
    return Rig(rotation, translation, intrinsics, sway)


def _middle(points: np.ndarray) -> np.ndarray:
    """Middle of the extent of ``[..., 3]``."""
    flat = points.reshape(-1, 3)
    return (flat.min(axis=0) + flat.max(axis=0)) / 2


def _shifted_view(
    height: float, rng: np.random.Generator
) -> tuple[np.ndarray, float]:
    """Rotation ``[3, 3]`` and distance, m, to a middle ``height`` m high."""
    near, high = rng.random() < 0.4, rng.random() < 0.5
    distance = float(rng.uniform(*(NEAR if near else FAR)))
    pitch = float(rng.uniform(*(PITCH_HIGH if high else PITCH_LOW)))
    lowest = np.arcsin(np.clip((LOWEST - height) / distance, -1, 1))
    side = 1 if rng.random() < 0.5 else -1
    rotation = look_at(
        yaw=rng.uniform(-np.pi, np.pi),
        pitch=max(pitch, float(lowest)),
        roll=side * rng.uniform(*ROLL),
    )
    return rotation, distance


def sample_sway(frames: int, rng: np.random.Generator) -> np.ndarray:
    """Small smooth turns of a hand-held camera ``[T, 3, 3]``."""
    seconds = np.arange(frames) / FPS
    turns = np.zeros((frames, 3))
    for axis in range(3):
        for rate in rng.uniform(0.15, 0.8, 2):
            phase = rng.uniform(0, 2 * np.pi)
            wave = np.sin(2 * np.pi * rate * seconds + phase)
            turns[:, axis] += 0.5 * rng.uniform(*SWAY) * wave
    return Rotation.from_rotvec(turns).as_matrix()


def _fitting_focal(points: np.ndarray, size: int, fill: float) -> float:
    """Focal length, px, at which points fill a share of the image."""
    slope = np.abs(points[:, :2] / points[:, 2:]).max()
    return float(fill * size / 2 / slope)
