"""Animated, skinned bodies as binary glTF 2.0 (.glb)."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from ..conventions import SMPL_JOINTS, SMPL_PARENTS
from ..models.bodies import SMPLBody
from ..utils.files import write_atomically
from ..utils.optional import extra, require
from .gltf_buffer import INDICES, VERTICES, GltfBuffer
from .saved_track import SavedTrack
from .skinning import RestBody, joint_motion, rest_body

PALETTE = (
    (0.26, 0.48, 0.89),
    (0.93, 0.47, 0.15),
    (0.25, 0.65, 0.35),
    (0.72, 0.33, 0.72),
    (0.85, 0.70, 0.15),
    (0.15, 0.66, 0.70),
)
"""Linear RGB in [0, 1] of one person after another."""

BEFORE_COLOUR = (0.45, 0.45, 0.45)
"""Of bodies before adaptation."""

_SET = 4  # glTF packs weights in sets of four


def glb_bytes(
    tracks: Sequence[SavedTrack], body: SMPLBody, influences: int = 4
) -> bytes:
    """One file with the bodies of some tracks, moving at the video's times.

    Units are metres, seconds from the video's first frame. Axes are those of
    the camera, y up: x right, z towards the viewer, the camera at the origin.
    Each body is a mesh of the track's mean shape with a skeleton of SMPL's 24
    joints in T-pose, its rotations and the place of its pelvis at each frame
    of the track. Between frames, also in gaps, readers interpolate linearly.
    There is one animation, for all bodies; ``extras`` of a mesh's node have
    ``person`` and ``stage``.

    The mesh is an approximation of ``SMPLBody`` in three ways. Most readers
    use four joints a vertex: on the open body 8.8 % of the vertices have five
    or six, and on two real tracks vertices move by 0.02 mm on average, 1 % of
    them by more than 1 mm, at most by 4.8 mm (``benchmarks/glb_error.py``).
    Eight are exact, but three.js and others ignore those beyond four. A track
    with a shape for each frame gets one. And skinning has no pose blend
    shapes. The open body has none either; official SMPL has, and what the
    mesh lacks there is not measured (its files are not open).

    Args:
        tracks: With different labels.
        body: The body of all tracks.
        influences: Joints a vertex, 4 or 8.

    Returns:
        The content of the file.

    Raises:
        MissingDependencyError: If pygltflib is not installed.
        ValueError: If there is no track, or ``influences`` is another.
    """
    if not tracks or influences not in (_SET, 2 * _SET):
        raise ValueError('give a track, and influences=4 or 8')
    library = require('pygltflib', 'writing .glb files', extra('export'))
    document = library.GLTF2(
        asset=library.Asset(version='2.0', generator='semtta_mm'),
        scene=0,
        scenes=[library.Scene(nodes=[])],
        animations=[library.Animation(name='video')],
    )
    buffer = GltfBuffer(library, document)
    faces = body.faces.cpu().numpy()
    small = np.uint16 if body.num_vertices < 2**16 else np.uint32
    triangles = buffer.add(faces.ravel().astype(small), INDICES)
    for track, colour in zip(tracks, body_colours(tracks), strict=True):
        writer = _TrackWriter(library, document, buffer, track)
        writer.prefix = f'{track.label}_' if len(tracks) > 1 else ''
        writer.write(body, influences, triangles, colour)
    return buffer.to_bytes()


def body_colours(tracks: Sequence[SavedTrack]) -> list[tuple[float, ...]]:
    """Linear RGB of each body: one colour a person, grey before."""
    people = list(dict.fromkeys(track.name for track in tracks))
    return [
        BEFORE_COLOUR
        if track.stage == 'before'
        else PALETTE[people.index(track.name) % len(PALETTE)]
        for track in tracks
    ]


def write_glb(
    path: str | PathLike[str],
    tracks: Sequence[SavedTrack],
    body: SMPLBody,
    influences: int = 4,
) -> Path:
    """Write :func:`glb_bytes`; the file is whole or absent.

    Returns:
        The file written.
    """
    path = Path(path)
    content = glb_bytes(tracks, body, influences)
    write_atomically(path, lambda draft: draft.write_bytes(content))
    return path


class _TrackWriter:
    """Adds one body to a document."""

    prefix = ''

    def __init__(
        self,
        library: ModuleType,
        document: Any,
        buffer: GltfBuffer,
        track: SavedTrack,
    ) -> None:
        self.library, self.document = library, document
        self.buffer, self.track = buffer, track

    def write(
        self,
        body: SMPLBody,
        influences: int,
        triangles: int,
        colour: tuple[float, ...],
    ) -> None:
        params = self.track.one_shape()
        rest = rest_body(body, params.betas[0], influences)
        first = self._joints(rest)
        self._mesh(rest, triangles, colour, first)
        turns, place = joint_motion(params, rest.joints[0])
        times = self.buffer.add(
            self.track.seconds.astype(np.float32), bounds=True
        )
        self._channel(first, 'translation', times, place)
        for joint in range(len(SMPL_JOINTS)):
            self._channel(first + joint, 'rotation', times, turns[:, joint])

    def _joints(self, rest: RestBody) -> int:
        """Nodes of the skeleton; returns the pelvis'."""
        nodes, first = self.document.nodes, len(self.document.nodes)
        for joint, (name, parent) in enumerate(
            zip(SMPL_JOINTS, SMPL_PARENTS, strict=True)
        ):
            origin = rest.joints[parent] if parent >= 0 else np.zeros(3)
            children = np.flatnonzero(np.array(SMPL_PARENTS) == joint)
            node = self.library.Node(
                name=self.prefix + name,
                translation=(rest.joints[joint] - origin).tolist(),
            )
            node.children = (first + children).tolist() or None
            nodes.append(node)
        self.document.scenes[0].nodes.append(first)
        return first

    def _mesh(
        self,
        rest: RestBody,
        triangles: int,
        colour: tuple[float, ...],
        first: int,
    ) -> None:
        """Mesh, material and skin, in a node that is a root of the scene.

        A skinned mesh ignores the transforms of its own node's parents.
        """
        library, document = self.library, self.document
        document.materials.append(
            library.Material(
                name=self.track.label,
                pbrMetallicRoughness=library.PbrMetallicRoughness(
                    baseColorFactor=[*colour, 1.0],
                    metallicFactor=0.0,
                    roughnessFactor=0.7,
                ),
                alphaCutoff=None,
            )
        )
        primitive = library.Primitive(
            attributes=self._attributes(rest),
            indices=triangles,
            material=len(document.materials) - 1,
        )
        name = self.track.label
        document.meshes.append(library.Mesh(name=name, primitives=[primitive]))
        joints = list(range(first, first + len(SMPL_JOINTS)))
        document.skins.append(
            library.Skin(
                name=name,
                skeleton=first,
                joints=joints,
                inverseBindMatrices=self.buffer.add(_inverse_binds(rest)),
            )
        )
        document.scenes[0].nodes.append(len(document.nodes))
        document.nodes.append(
            library.Node(
                name=name,
                mesh=len(document.meshes) - 1,
                skin=len(document.skins) - 1,
                extras={'person': self.track.name, 'stage': self.track.stage},
            )
        )

    def _attributes(self, rest: RestBody) -> Any:
        add = self.buffer.add
        attributes = self.library.Attributes(
            POSITION=add(rest.vertices.astype(np.float32), VERTICES, True),
            NORMAL=add(rest.normals.astype(np.float32), VERTICES),
        )
        for start in range(0, rest.weights.shape[1], _SET):
            part, number = slice(start, start + _SET), start // _SET
            ids = rest.joint_ids[:, part].astype(np.uint8)
            weights = rest.weights[:, part].astype(np.float32)
            setattr(attributes, f'JOINTS_{number}', add(ids, VERTICES))
            setattr(attributes, f'WEIGHTS_{number}', add(weights, VERTICES))
        return attributes

    def _channel(
        self, node: int, path: str, times: int, values: np.ndarray
    ) -> None:
        """Animate one property of a node."""
        animation = self.document.animations[0]
        animation.samplers.append(
            self.library.AnimationSampler(
                input=times,
                output=self.buffer.add(values.astype(np.float32)),
                interpolation='LINEAR',
            )
        )
        animation.channels.append(
            self.library.AnimationChannel(
                sampler=len(animation.samplers) - 1,
                target=self.library.AnimationChannelTarget(
                    node=node, path=path
                ),
            )
        )


def _inverse_binds(rest: RestBody) -> np.ndarray:
    """From the mesh to each joint in the rest pose ``[24, 16]``.

    By columns, as glTF stores matrices.
    """
    matrices = np.tile(np.eye(4, dtype=np.float32), (len(rest.joints), 1, 1))
    matrices[:, :3, 3] = -rest.joints
    return matrices.transpose(0, 2, 1).reshape(-1, 16)
