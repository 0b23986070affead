"""A phone held by a person: where it stands, what it looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from ....geometry.views import look_at
from ..plan import FPS
from ..rig import Rig, sample_sway

PITCH, PITCH_LIMIT = 6.0, 15.0
"""Deviation and limit of the pitch, degrees; positive looks down."""

ROLL = 2.5
"""Deviation of the roll, degrees."""

HEIGHT = (1.2, 1.7)
"""Of the phone above the ground, m."""

NEAR, FAR, NEAR_SHARE = (2.5, 3.7), (3.7, 7.0), 0.4
"""Distances from the middle of the motion, m, and share of near ones."""

EQUIVALENT = (26.0, 28.0)
"""Focal length without zoom, mm on film of 36 mm width."""

LARGEST_ZOOM = 2.0
"""Zoom keeps a person who is further away as large as at ``NEAR[1]``."""

ASPECT = 16 / 9
"""Longer side of the image over the shorter one."""

PORTRAIT_SHARE = 0.4

IN_VIEW, CUT_IN_VIEW, CUT_SHARE = 0.97, 0.8, 0.25
"""Least share of keypoints in the image: of most clips, of those in which
the image's border may cut the person, and the share of the latter."""

_TRIES = 400
_LAG = 12
"""Deviation of the filter of the camera that follows, frames."""


@dataclass(frozen=True)
class Phone:
    """A camera and the size of its images.

    Attributes:
        rig: The camera.
        size: Width and height, px.
        pitch: Of the camera at rest, degrees; positive looks down.
        roll: Of the camera at rest, degrees.
        height: Above the ground, m.
        distance: On the ground, to the middle of the motion, m.
    """

    rig: Rig
    size: tuple[int, int]
    pitch: float
    roll: float
    height: float
    distance: float


def sample_phone(
    points: np.ndarray,
    longer: int,
    rng: np.random.Generator,
    fits: Callable[[Phone], bool] | None = None,
) -> Phone:
    """A phone that has the person in view.

    Pitch, place and format are drawn together until enough of the person is
    in the image; that favours pitches that look down at near people.

    Args:
        points: Keypoints ``[T, K, 3]``, m, world, y up.
        longer: Longer side of the images, px.
        rng: Source of all choices.
        fits: A further condition.
    """
    cut = bool(rng.random() < CUT_SHARE) or fits is not None
    wanted = CUT_IN_VIEW if cut else IN_VIEW
    best, most = None, -2.0
    for _ in range(_TRIES):
        phone = _draw(points, longer, rng)
        share = float(in_view(phone, points).mean())
        if fits is not None and not fits(phone):
            share -= 1
        if share > most:
            best, most = phone, share
        if most >= wanted:
            break
    assert best is not None
    return best


def in_view(phone: Phone, points: np.ndarray) -> np.ndarray:
    """Keypoints ``[T, K, 3]`` (world, m) inside the image ``[T, K]``."""
    return inside(pixels(phone.rig, points), phone.size)


def pixels(rig: Rig, points: np.ndarray) -> np.ndarray:
    """Image points ``[T, K, 2]``, px, of ``[T, K, 3]``, m, world."""
    homogeneous = rig.to_camera(points) @ rig.intrinsics.T
    depth = np.maximum(homogeneous[..., 2:], 1e-3)
    return np.asarray(homogeneous[..., :2] / depth)


def inside(points: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Whether points ``[..., 2]``, px, are inside an image ``[...]``."""
    return np.asarray(((points >= 0) & (points < size)).all(axis=-1))


def tilted(phone: Phone, degrees: float) -> Phone:
    """The phone looking further up.

    Args:
        phone: The phone.
        degrees: Angle.
    """
    # About the horizontal axis of the image, after the roll.
    turn = Rotation.from_euler('x', -degrees, degrees=True).as_matrix()
    rig = Rig(
        turn @ phone.rig.rotation,
        turn @ phone.rig.translation,
        phone.rig.intrinsics,
        phone.rig.sway,
    )
    return Phone(
        rig,
        phone.size,
        phone.pitch - degrees,
        phone.roll,
        phone.height,
        phone.distance,
    )


def _draw(points: np.ndarray, longer: int, rng: np.random.Generator) -> Phone:
    pitch = float(np.clip(rng.normal(0, PITCH), -PITCH_LIMIT, PITCH_LIMIT))
    roll = float(rng.normal(0, ROLL))
    height = float(rng.uniform(*HEIGHT))
    near = rng.random() < NEAR_SHARE
    distance = float(rng.uniform(*(NEAR if near else FAR)))
    shorter = 2 * round(longer / ASPECT / 2)
    portrait = rng.random() < PORTRAIT_SHARE
    size = (shorter, longer) if portrait else (longer, shorter)
    rotation = look_at(
        rng.uniform(-np.pi, np.pi), np.radians(pitch), np.radians(roll)
    )
    zoom = float(np.clip(distance / NEAR[1], 1, LARGEST_ZOOM))
    focal = zoom * float(rng.uniform(*EQUIVALENT)) / 36 * longer
    ahead = rotation[2] * [1, 0, 1]
    flat = points.reshape(-1, 3)
    middle = (flat.min(axis=0) + flat.max(axis=0)) / 2
    centre = middle - distance * ahead / np.linalg.norm(ahead)
    centre[1] = height
    intrinsics = np.array(
        [[focal, 0, size[0] / 2], [0, focal, size[1] / 2], [0, 0, 1]]
    )
    still = np.tile(np.eye(3), (len(points), 1, 1))
    rest = Rig(rotation, -rotation @ centre, intrinsics, still)
    sway = sample_sway(len(points), rng) @ follow(rest.to_camera(points), rng)
    rig = Rig(rotation, rest.translation, intrinsics, sway)
    return Phone(rig, size, pitch, roll, height, distance)


def follow(local: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Slow turns towards the person, which lag and drift.

    Args:
        local: Keypoints ``[T, K, 3]``, m, in the camera at rest.
        rng: Source of all choices.

    Returns:
        ``[T, 3, 3]``, camera frame.
    """
    low, high = local.min(axis=1), local.max(axis=1)
    x, y, depth = ((low + high) / 2).T
    right = np.arctan2(x, depth)
    down = np.arctan2(y, depth)
    down = down - down.mean()
    yaw = -rng.uniform(0.4, 0.9) * _slow(right) + _drift(len(x), 3.0, rng)
    pitch = rng.uniform(0.1, 0.4) * _slow(down) + _drift(len(x), 1.0, rng)
    turns = np.stack([pitch, yaw, np.zeros_like(yaw)], axis=1)
    return Rotation.from_rotvec(turns).as_matrix()


def _slow(angle: np.ndarray) -> np.ndarray:
    return gaussian_filter1d(angle, _LAG, mode='nearest')


def _drift(
    frames: int, degrees: float, rng: np.random.Generator
) -> np.ndarray:
    """A constant and a slow wave ``[T]``, radians, of about ``degrees``."""
    seconds = np.arange(frames) / FPS
    rate, phase = rng.uniform(0.04, 0.15), rng.uniform(0, 2 * np.pi)
    wave = rng.uniform(0.3, 1.0) * np.sin(2 * np.pi * rate * seconds + phase)
    return np.radians(degrees * (0.7 * rng.normal() + wave))
