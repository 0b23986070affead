"""An occluder in front of the legs, from above the knees down.

It hides the legs from the detector and from the network, so the clip has a
second video with covered legs. The occluder follows the person: a fixed one
would not cover the legs of a person who walks or lies down.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

from ...conventions import keypoint_names
from ..scene.backgrounds import noise_image
from .variants import LOWER_BODY

_SIDES = ('left', 'right')

_ABOVE_KNEE = 0.25
"""Share of the thigh that is hidden."""

_MARGIN = 0.07
"""Half width of the occluder about the bones, of the person's longer side."""

_STEADY = 1.5
"""Standard deviation of the filter on the occluder's path, frames."""


@dataclass(frozen=True)
class Cover:
    """Shape and texture of the occluder.

    Attributes:
        corners: Points that the occluder covers ``[T, N, 2]``, px.
        radius: Margin around these points ``[T]``, px.
        texture: RGB ``[S, S, 3]``, uint8.
    """

    corners: np.ndarray
    radius: np.ndarray
    texture: np.ndarray

    def __call__(self, image: np.ndarray, frame: int) -> np.ndarray:
        """A frame with the occluder in front.

        Args:
            image: RGB ``[S, S, 3]``, uint8; not modified.
            frame: Number of the frame.

        Returns:
            ``[S, S, 3]``, uint8.
        """
        return np.where(self.mask(frame)[..., None], self.texture, image)

    def mask(self, frame: int) -> np.ndarray:
        """Pixels of a frame that are covered ``[S, S]``, bool."""
        mask = np.zeros(self.texture.shape[:2], np.uint8)
        hull = cv2.convexHull(np.round(self.corners[frame]).astype(np.int32))
        cv2.fillConvexPoly(mask, hull, (1.0,))
        width = max(1, round(2 * float(self.radius[frame])))
        cv2.polylines(mask, [hull], True, (1.0,), width)
        return mask.astype(bool)

    def hides(self, points: np.ndarray) -> np.ndarray:
        """Points that are behind the occluder.

        Args:
            points: ``[T, K, 2]``, px.

        Returns:
            ``[T, K]``, bool.
        """
        last = len(self.texture) - 1
        at = np.clip(np.round(points), 0, last).astype(int)
        return np.stack(
            [self.mask(t)[xy[:, 1], xy[:, 0]] for t, xy in enumerate(at)]
        )


def cover_legs(
    points: np.ndarray, convention: str, size: int, rng: np.random.Generator
) -> Cover:
    """An occluder that hides the legs of a clip in every frame.

    Args:
        points: True keypoints ``[T, K, 2]``, px.
        convention: Of the keypoints.
        size: Side of the images, px.
        rng: Source of its texture.
    """
    names = keypoint_names(convention)
    low = [i for i, name in enumerate(names) if name.endswith(LOWER_BODY)]
    hips, knees = (
        points[:, [names.index(f'{side}_{joint}') for side in _SIDES]]
        for joint in ('hip', 'knee')
    )
    thighs = knees + _ABOVE_KNEE * (hips - knees)
    corners = np.concatenate((points[:, low], thighs), axis=1)
    extent = np.ptp(points, axis=1).max(axis=1)
    colour = rng.uniform(0.05, 0.95, 3)
    texture = noise_image(size, rng) - 0.5
    occluder = np.clip(colour + texture * rng.uniform(0.1, 0.6), 0, 1)
    return Cover(
        corners=gaussian_filter1d(corners, _STEADY, axis=0),
        radius=_MARGIN * gaussian_filter1d(extent, _STEADY),
        texture=(occluder * 255).astype(np.uint8),
    )
