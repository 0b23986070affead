"""How a clip looks: what is asked of a look, and the look of training."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import cv2
import numpy as np

from ...visualization.renderer import Fragments
from ..scene import Dress, Wardrobe, sample_background, sample_dress
from ..scene.paint import photograph, shade


@dataclass(frozen=True)
class Look(ABC):
    """Everything but motion, body and camera.

    Attributes:
        dress: Clothes.
        defocus: Blur of the picture, px, as far as it is known.
    """

    dress: Dress
    defocus: float

    @abstractmethod
    def ground(self, large: int, frame: int) -> np.ndarray:
        """What is behind the person, RGB ``[large, large, 3]``."""

    def shadow(self, image: np.ndarray, body: np.ndarray, frame: int) -> None:  # noqa: B027
        """Darken ``image`` where the body (world, m) keeps the light out."""

    @abstractmethod
    def paint(self, seen: Fragments, normals: np.ndarray) -> np.ndarray:
        """RGB ``[N, 3]`` of the pixels that see the body."""

    @abstractmethod
    def develop(
        self, image: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Float RGB of the scene to uint8 RGB of the video."""


@dataclass(frozen=True)
class TrainingLook(Look):
    """Training's own functions, given the same random numbers every frame."""

    faces: np.ndarray
    wardrobe: Wardrobe
    picture: np.ndarray
    seed: int

    @classmethod
    def sample(
        cls,
        wardrobe: Wardrobe,
        faces: np.ndarray,
        size: int,
        rng: np.random.Generator,
    ) -> TrainingLook:
        """One look in training's ranges."""
        dress = sample_dress(wardrobe, rng)
        picture = sample_background(size, rng)
        seed = int(rng.integers(2**32))
        return cls(dress, 0.0, faces, wardrobe, picture, seed)

    def ground(self, large: int, frame: int) -> np.ndarray:  # noqa: D102
        return cv2.resize(self.picture, (large, large))

    def paint(self, seen: Fragments, normals: np.ndarray) -> np.ndarray:  # noqa: D102
        rng = np.random.default_rng([self.seed, 0])
        return shade(seen, normals, self.faces, self.wardrobe, self.dress, rng)

    def develop(  # noqa: D102
        self, image: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        # Not the frame's generator: exposure would flicker. So the grain
        # stands still, too.
        return photograph(image, np.random.default_rng([self.seed, 1]))
