"""The true body of a clip: in the world, and in each frame's camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ...geometry import project_points
from ...models.bodies import SMPLBody
from ...structures import BodyReference, SMPLParams
from .ground import grounded_path
from .rig import Rig

SHIFTED_BETAS = 1.4
"""Spread of shifted shapes; training has 1."""

BETAS_OFFSET = 1.0
"""Offset of shifted shapes from the mean, in the first two betas."""

BETAS_LIMIT = 3.0


@dataclass(frozen=True)
class WorldBody:
    """A person in the world (y up, ground at 0).

    Attributes:
        pose: Rotation matrices ``[T, 24, 3, 3]``.
        betas: ``[10]``.
        pelvis: Pelvis of the body in rest pose ``[3]``, m.
        transl: ``[T, 3]``, m.
        vertices: ``[T, V, 3]``, m.
        keypoints: In the convention of the evidence ``[T, K, 3]``, m.
    """

    pose: np.ndarray
    betas: np.ndarray
    pelvis: np.ndarray
    transl: np.ndarray
    vertices: np.ndarray
    keypoints: np.ndarray


def shifted_betas(rng: np.random.Generator) -> np.ndarray:
    """A shape ``[10]`` outside training's population."""
    betas = rng.normal(0, SHIFTED_BETAS, 10)
    betas[:2] += BETAS_OFFSET * rng.choice([-1, 1], 2)
    return np.clip(betas, -BETAS_LIMIT, BETAS_LIMIT)


def world_body(
    body: SMPLBody, pose: np.ndarray, betas: np.ndarray, convention: str
) -> WorldBody:
    """Put a motion on the ground.

    Args:
        body: The body model.
        pose: Rotation matrices ``[T, 24, 3, 3]``, y up.
        betas: ``[10]``.
        convention: Of the keypoints.
    """
    params = SMPLParams.from_pose(
        torch.from_numpy(pose).float(),
        torch.from_numpy(betas).float().expand(len(pose), -1),
    )
    with torch.no_grad():
        out = body(params, keypoints=(convention,))
    assert out.vertices is not None
    vertices = out.vertices.double().numpy()
    transl = grounded_path(vertices)
    points = out.keypoints[convention].double().numpy()
    return WorldBody(
        pose=pose,
        betas=betas,
        pelvis=out.joints[0, 0].double().numpy(),
        transl=transl,
        vertices=vertices + transl[:, None],
        keypoints=points + transl[:, None],
    )


def camera_reference(
    body: SMPLBody, person: WorldBody, rig: Rig
) -> BodyReference:
    """The body's parameters and joints in each frame's camera.

    Args:
        body: The body model.
        person: The body in the world.
        rig: The camera.
    """
    turn = rig.sway @ rig.rotation
    # SMPL rotates about the pelvis joint, which is not at its origin.
    pelvis = rig.to_camera((person.pelvis + person.transl)[:, None])[:, 0]
    pose = person.pose.copy()
    pose[:, 0] = turn @ pose[:, 0]
    count = len(pose)
    params = SMPLParams.from_pose(
        torch.from_numpy(pose).float(),
        torch.from_numpy(person.betas).float().expand(count, -1),
        torch.from_numpy(pelvis - person.pelvis).float(),
    )
    assert params.transl is not None
    return BodyReference(
        joints=body.joints_only(params).numpy(),
        convention='smpl_24',
        pose=params.axis_angle().numpy(),
        betas=params.betas.numpy().copy(),
        transl=params.transl.numpy(),
        valid=np.ones(count, bool),
    )


def true_keypoints(
    body: SMPLBody, reference: BodyReference, rig: Rig, convention: str
) -> np.ndarray:
    """Keypoints of the stored reference in the image ``[T, K, 2]``, px."""
    assert reference.pose is not None
    assert reference.betas is not None
    params = SMPLParams.from_axis_angle(
        torch.from_numpy(reference.pose),
        torch.from_numpy(reference.betas),
        torch.from_numpy(reference.transl),
    )
    with torch.no_grad():
        out = body(params, vertices=False, keypoints=(convention,))
    camera = torch.from_numpy(rig.intrinsics).float()
    points = project_points(
        out.keypoints[convention], camera.expand(len(params), 3, 3)
    )
    return points.numpy()
