"""Keypoint conventions as weights of joints and vertices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...conventions import (
    DERIVED,
    NUM_JOINTS,
    SMPL_JOINTS,
    keypoint_names,
)
from ...utils import InputError
from .recipes import RECIPES, Recipe
from .sources import KeypointSources


@dataclass(frozen=True)
class KeypointWeights:
    """Linear map from joints and vertices to keypoints.

    Attributes:
        joints: ``[K, 24]``.
        vertices: ``[K, V]``. Each row of both together sums to one.
    """

    joints: np.ndarray
    vertices: np.ndarray


def missing_keypoints(
    convention: str, sources: KeypointSources
) -> tuple[str, ...]:
    """Keypoints without a source, e.g. ``left_eye_inner`` on SMPL."""
    names = keypoint_names(convention)
    recipe = RECIPES.get(convention)
    if recipe is None:
        return names
    return tuple(
        name
        for name in names
        if not any(
            _has(source, recipe.rename.get(name, name), sources)
            for source in recipe.sources
        )
    )


def _has(source: str, name: str, sources: KeypointSources) -> bool:
    if source == 'joints':
        return name in SMPL_JOINTS
    if source == 'vertices':
        return name in sources.vertex_ids
    if source == 'middle':
        return name in DERIVED
    return name in sources.rows.get(source, {})


def compose(
    convention: str, sources: KeypointSources, num_vertices: int
) -> KeypointWeights:
    """Weights of all keypoints of a convention.

    Raises:
        InputError: If the body lacks a source for a keypoint.
    """
    missing = missing_keypoints(convention, sources)
    if missing:
        raise InputError(
            'SMPLBody',
            convention,
            f'this body has no {", ".join(missing[:4])}'
            + (' ...' if len(missing) > 4 else ''),
            'give regressors=dict(h36m_17=..., coco_23=...) or use a '
            'convention of SMPLBody.conventions',
        )
    recipe = RECIPES[convention]
    rows = [
        _row(recipe, recipe.rename.get(name, name), sources, num_vertices)
        for name in keypoint_names(convention)
    ]
    return KeypointWeights(
        joints=np.stack([row[:NUM_JOINTS] for row in rows]),
        vertices=np.stack([row[NUM_JOINTS:] for row in rows]),
    )


def _row(
    recipe: Recipe, name: str, sources: KeypointSources, num_vertices: int
) -> np.ndarray:
    """Weights of one keypoint: joints, then vertices ``[24 + V]``."""
    row = np.zeros(NUM_JOINTS + num_vertices)
    source = next(s for s in recipe.sources if _has(s, name, sources))
    if source == 'joints':
        row[SMPL_JOINTS.index(name)] = 1
    elif source == 'vertices':
        row[NUM_JOINTS + sources.vertex_ids[name]] = 1
    elif source == 'middle':
        for parent in DERIVED[name]:
            row += _row(recipe, parent, sources, num_vertices) / 2
    else:
        row[NUM_JOINTS:] = sources.rows[source][name]
    return row
