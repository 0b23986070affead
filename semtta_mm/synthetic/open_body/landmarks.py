"""Single vertices: nose, eyes, ears, mouth, toes, heels, fingertips, crown.

Every rule works on the mean body in T-pose and on the left side; the right
side is its mirror.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .source import FINGERS, Mesh

_LEFT_EYEBALL = 1


def find_landmarks(
    template: np.ndarray, mesh: Mesh, coco: Mapping[str, np.ndarray]
) -> dict[str, int]:
    """Vertex ids of the left side and the midline.

    Args:
        template: Mean body in T-pose ``[V, 3]``, m.
        mesh: Its mesh, same vertices.
        coco: COCO keypoint names to their place on the template ``[3]``.
    """
    skin = mesh.component == 0
    found = {
        'nose': _nearest(template, coco['nose'], skin & _middle(mesh)),
        'head_top': _furthest(template[:, 1], skin & _middle(mesh)),
        'left_mouth': mesh.mouth_corner,
        **_eye(template, mesh, skin),
        **_fingertips(template, mesh),
    }
    for name in ('left_ear', 'left_big_toe', 'left_small_toe', 'left_heel'):
        found[name] = _nearest(template, coco[name], skin)
    return found


def _nearest(points: np.ndarray, target: np.ndarray, mask: np.ndarray) -> int:
    distance = np.linalg.norm(points - target, axis=-1)
    return int(np.where(mask, distance, np.inf).argmin())


def _furthest(values: np.ndarray, mask: np.ndarray) -> int:
    return int(np.where(mask, values, -np.inf).argmax())


def _middle(mesh: Mesh) -> np.ndarray:
    return mesh.mirror == np.arange(len(mesh.mirror))


def _eye(template: np.ndarray, mesh: Mesh, skin: np.ndarray) -> dict[str, int]:
    """Front of the eyeball, and the corners of the lids around it."""
    ball = mesh.component == _LEFT_EYEBALL
    centre = template[ball].mean(0)
    radius = np.linalg.norm(template[ball] - centre, axis=-1).mean()
    distance = np.linalg.norm(template - centre, axis=-1)
    lids = skin & (distance < 1.25 * radius) & (template[:, 2] > centre[2])
    return {
        'left_eye': _furthest(template[:, 2], ball),
        'left_eye_inner': _furthest(-template[:, 0], lids),
        'left_eye_outer': _furthest(template[:, 0], lids),
    }


def _fingertips(template: np.ndarray, mesh: Mesh) -> dict[str, int]:
    """The vertex of each last phalanx that is furthest from the wrist."""
    tips = {}
    for finger in FINGERS:
        phalanx = mesh.fingertip[finger] > 0.5
        knuckle = template[phalanx].mean(0)
        wrist_side = template[mesh.fingertip[finger] > 0.05].mean(0)
        along = (template - knuckle) @ (knuckle - wrist_side)
        tips[f'left_{finger}_4'] = _furthest(along, phalanx)
    return tips
