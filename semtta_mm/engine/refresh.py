"""The refresh pass: every frame once, in eval mode, without gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from ..datasets import TrackFrames
from ..geometry import project_points
from ..models.bodies import SMPLBody
from ..models.estimators import MeshEstimator
from ..structures import SMPLParams, TrackPrediction


@torch.no_grad()
def refresh(
    estimator: MeshEstimator,
    body: SMPLBody,
    frames: TrackFrames,
    conventions: Sequence[str] = ('smpl_24',),
    vertices: bool = False,
    true_camera: bool = False,
    batch_size: int = 64,
    described: Tensor | None = None,
) -> TrackPrediction:
    """Predict a whole track.

    The one pass of an epoch that metrics, pose bank, denoiser and sampler
    share. The estimator is left in the mode it was found in.

    Args:
        estimator: The network, on any device.
        body: The body, on the same device.
        frames: The track.
        conventions: Joints to give in 3D, beside the evidence's.
        vertices: Whether to give meshes.
        true_camera: Project with the track's own intrinsics, if it has any,
            instead of the estimator's crop camera.
        batch_size: Frames at a time.
        described: What the trunk says of each frame ``[T, ...]``, if that
            is known; None looks at the images.

    Returns:
        The prediction, on the CPU.

    Raises:
        InputError: If the video is missing or lacks a frame.
    """
    training, device = estimator.training, estimator.mean.device
    names = tuple(dict.fromkeys((frames.convention, *conventions)))
    estimator.eval()
    try:
        parts = []
        for start in range(0, len(frames), batch_size):
            part = slice(start, start + batch_size)
            if described is None:
                out = estimator(frames.images[part].to(device))
            else:
                out = estimator.from_description(described[part].to(device))
            known = frames.intrinsics if true_camera else None
            transl, intrinsics = estimator.locate(
                out.camera,
                frames.boxes[part].to(device),
                None if known is None else known[part].to(device),
            )
            params = replace(out.params, transl=transl)
            view = out.camera, intrinsics
            parts.append(_posed(body, params, view, names, vertices))
    finally:
        estimator.train(training)
    return _join(parts)


def _posed(
    body: SMPLBody,
    params: SMPLParams,
    view: tuple[Tensor, Tensor],
    conventions: Sequence[str],
    vertices: bool,
) -> TrackPrediction:
    """Some frames; pixels are of the first convention."""
    camera, intrinsics = view
    posed = body(params, vertices, conventions)
    joints = {name: value.cpu() for name, value in posed.keypoints.items()}
    pixels = project_points(posed.keypoints[conventions[0]], intrinsics)
    return TrackPrediction(
        params=params.map(Tensor.cpu),
        camera=camera.cpu(),
        intrinsics=intrinsics.cpu(),
        joints=joints,
        joints2d=pixels.cpu(),
        vertices=None if posed.vertices is None else posed.vertices.cpu(),
    )


def _join(parts: Sequence[TrackPrediction]) -> TrackPrediction:
    first = parts[0]
    meshes = [p.vertices for p in parts if p.vertices is not None]
    return TrackPrediction(
        params=SMPLParams.cat([p.params for p in parts]),
        camera=torch.cat([p.camera for p in parts]),
        intrinsics=torch.cat([p.intrinsics for p in parts]),
        joints={
            name: torch.cat([p.joints[name] for p in parts])
            for name in first.joints
        },
        joints2d=torch.cat([p.joints2d for p in parts]),
        vertices=torch.cat(meshes) if meshes else None,
    )
