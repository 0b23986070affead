"""Principal components of the sampled bodies: template and ten betas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...conventions import NUM_BETAS


@dataclass(frozen=True)
class ShapeSpace:
    """A body's shapes.

    Attributes:
        template: Mean body ``[V, 3]``, m.
        directions: Offsets of one standard deviation ``[V, 3, 10]``, m; the
            sign is such that a positive beta makes the body taller.
        explained: Share of the variance in the ten components.
        residual: Mean vertex distance of a sample to the space, mm.
    """

    template: np.ndarray
    directions: np.ndarray
    explained: float
    residual: float


def fit_shape_space(vertices: np.ndarray) -> ShapeSpace:
    """PCA of bodies ``[N, V, 3]`` in correspondence."""
    template = vertices.mean(0)
    centred = (vertices - template).reshape(len(vertices), -1)
    # The small Gram matrix has the same spectrum as the covariance.
    values, vectors = np.linalg.eigh(centred @ centred.T)
    values, vectors = values[::-1][:NUM_BETAS], vectors[:, ::-1][:, :NUM_BETAS]
    basis = (vectors / np.sqrt(values)).T @ centred
    rest = centred - (centred @ basis.T) @ basis
    directions = basis * np.sqrt(values / (len(vertices) - 1))[:, None]
    directions = directions.reshape(NUM_BETAS, -1, 3)
    crown, sole = template[:, 1].argmax(), template[:, 1].argmin()
    taller = directions[:, crown, 1] - directions[:, sole, 1]
    directions *= np.where(taller < 0, -1.0, 1.0)[:, None, None]
    distance = np.linalg.norm(rest.reshape(vertices.shape), axis=-1)
    return ShapeSpace(
        template=template,
        directions=directions.transpose(1, 2, 0),
        explained=float(values.sum() / (centred**2).sum()),
        residual=float(1000 * distance.mean()),
    )
