"""Meshes of people over the frames of a video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..structures import TrackPrediction
from .renderer import draw_mesh
from .renderer.shading import BODY_COLOUR

PALETTE: tuple[tuple[float, float, float], ...] = (
    BODY_COLOUR,
    (0.95, 0.62, 0.45),
    (0.60, 0.85, 0.55),
    (0.85, 0.60, 0.88),
    (0.95, 0.85, 0.45),
    (0.50, 0.85, 0.85),
    (0.95, 0.60, 0.68),
    (0.72, 0.68, 0.58),
)
"""RGB of people, in turn."""

OPACITY = 0.85
"""Of a mesh over its image."""


@dataclass(frozen=True)
class MeshTrack:
    """One person's meshes.

    Attributes:
        name: Of the person.
        frame_ids: Frame numbers ``[T]``, rising.
        vertices: ``[T, V, 3]``, m, camera frame (x right, y down, z
            forward).
        intrinsics: ``[T, 3, 3]``, px of the video.
        colour: RGB in [0, 1].
    """

    name: str
    frame_ids: np.ndarray
    vertices: np.ndarray
    intrinsics: np.ndarray
    colour: tuple[float, float, float] = BODY_COLOUR

    def row(self, frame: int) -> int | None:
        """Position of a frame in the arrays; None if it is not there."""
        i = int(np.searchsorted(self.frame_ids, frame))
        found = i < len(self.frame_ids) and self.frame_ids[i] == frame
        return i if found else None


def mesh_track(
    name: str,
    frame_ids: np.ndarray,
    prediction: TrackPrediction,
    number: int = 0,
) -> MeshTrack:
    """The meshes of a prediction.

    Args:
        name: Of the person.
        frame_ids: ``[T]``.
        prediction: Of these frames, with vertices.
        number: Of the person, for the colour.

    Raises:
        ValueError: If the prediction has no vertices.
    """
    if prediction.vertices is None:
        raise ValueError('prediction: has no vertices to draw')
    return MeshTrack(
        name,
        np.asarray(frame_ids),
        prediction.vertices.numpy(),
        prediction.intrinsics.numpy(),
        PALETTE[number % len(PALETTE)],
    )


def draw_people(
    image: np.ndarray,
    people: Sequence[MeshTrack],
    frame: int,
    faces: np.ndarray,
    scale: float = 1.0,
    opacity: float = OPACITY,
) -> np.ndarray:
    """Draw everybody who is in a frame, the farthest first.

    Args:
        image: ``[H, W, 3]``, BGR, uint8; not changed.
        people: The people.
        frame: Frame number of the image.
        faces: ``[F, 3]``, of all meshes.
        scale: Size of the image in that of the video.
        opacity: Of the meshes, in [0, 1].

    Returns:
        The image, or a copy with the people.
    """
    shown = [(p, t) for p in people if (t := p.row(frame)) is not None]
    for person, t in sorted(shown, key=_distance, reverse=True):
        intrinsics = person.intrinsics[t].astype(float)
        intrinsics[:2] *= scale
        image = draw_mesh(
            image,
            person.vertices[t],
            faces,
            intrinsics,
            person.colour,
            opacity,
        )
    return image


def _distance(shown: tuple[MeshTrack, int]) -> float:
    person, t = shown
    return float(person.vertices[t][:, 2].mean())
