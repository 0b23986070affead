"""Appearance of a clip: its interface, and that of the training data."""

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
    """Appearance of a clip, without motion, body and camera.

    Attributes:
        dress: Clothes.
        defocus: Blur of the image, px; 0 if it is not known.
    """

    dress: Dress
    defocus: float

    @abstractmethod
    def ground(self, large: tuple[int, int], frame: int) -> np.ndarray:
        """Background of the person, RGB ``[H, W, 3]``; large is (W, H)."""

    def shadow(self, image: np.ndarray, body: np.ndarray, frame: int) -> None:  # noqa: B027
        """Darken ``image`` in the body's shadow (world, m)."""

    @abstractmethod
    def paint(self, fragments: Fragments, normals: np.ndarray) -> np.ndarray:
        """RGB ``[N, 3]`` of the pixels that the body covers."""

    @abstractmethod
    def develop(
        self, image: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Float RGB of the scene to uint8 RGB of the video."""


@dataclass(frozen=True)
class TrainingLook(Look):
    """Training's functions with the same random numbers in every frame."""

    faces: np.ndarray
    wardrobe: Wardrobe
    background: np.ndarray
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
        background = sample_background(size, rng)
        seed = int(rng.integers(2**32))
        return cls(dress, 0.0, faces, wardrobe, background, seed)

    def ground(self, large: tuple[int, int], frame: int) -> np.ndarray:  # noqa: D102
        return cv2.resize(self.background, large)

    def paint(self, fragments: Fragments, normals: np.ndarray) -> np.ndarray:  # noqa: D102
        rng = np.random.default_rng([self.seed, 0])
        return shade(
            fragments, normals, self.faces, self.wardrobe, self.dress, rng
        )

    def develop(  # noqa: D102
        self, image: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        # Not the frame's generator, or the exposure would flicker. The grain
        # is constant for the same reason.
        return photograph(image, np.random.default_rng([self.seed, 1]))
