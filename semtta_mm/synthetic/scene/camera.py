"""Random views of a person, from common directions and distances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...geometry.views import look_at


@dataclass(frozen=True)
class View:
    """A camera whose axis goes through the crop's centre.

    Attributes:
        rotation: Body's world to camera ``[3, 3]``.
        distance: From the camera to the person, m.
        focal: px of the crop.
    """

    rotation: np.ndarray
    distance: float
    focal: float

    def intrinsics(self, size: int) -> np.ndarray:
        """``[3, 3]`` for a crop of ``size`` px."""
        half = size / 2
        return np.array(
            [[self.focal, 0, half], [0, self.focal, half], [0, 0, 1]]
        )


def sample_view(
    joints: np.ndarray,
    size: int,
    rng: np.random.Generator,
    wide: float = 0.0,
) -> View:
    """A random view with the size of the person as in SPIN's boxes.

    Args:
        joints: ``[K, 3]``, m, world, y up.
        size: Side of the crop, px.
        rng: Source of all choices.
        wide: Probability of the directions and distances that the lifter is
            trained with beyond the common ones.
    """
    if wide and rng.random() < wide:
        rotation, distance = _wide_view(rng)
    else:
        rotation = look_at(
            yaw=rng.uniform(-np.pi, np.pi),
            pitch=np.clip(rng.normal(0.15, 0.22), -0.5, 1.1),
            roll=np.clip(rng.normal(0, 0.12), -0.5, 0.5),
        )
        distance = float(rng.uniform(2.2, 9.0))
    rotated = joints @ rotation.T
    depth = rotated[:, 2:] - rotated[:, 2].mean()
    flat = rotated[:, :2] / (1 + depth / distance)
    extent = float(np.ptp(flat, axis=0).max())
    # SPIN's boxes: the keypoints' longer side times 1.2, with a detector's
    # errors.
    padded = extent * 1.2 * float(np.exp(rng.normal(0, 0.1)))
    return View(rotation, distance, size * distance / padded)


def _wide_view(rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Rotation and distance, m, of a steep, rolled, near or far camera."""
    rotation = look_at(
        yaw=rng.uniform(-np.pi, np.pi),
        pitch=rng.uniform(-0.45, 0.9),
        roll=rng.uniform(-0.32, 0.32),
    )
    return rotation, float(np.exp(rng.uniform(*np.log((1.8, 14.0)))))
