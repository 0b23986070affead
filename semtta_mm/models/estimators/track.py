"""Prediction of a whole track: every frame once, in eval mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import torch
from torch import Tensor, nn

from ...datasets import TrackFrames
from ...geometry import project_points
from ...structures import MeshPrediction, SMPLParams, TrackPrediction
from ..bodies import SMPLBody
from .base import MeshEstimator

PredictFrames = Callable[[slice], MeshPrediction]
"""Bodies of the frames of a slice of the track."""


@contextmanager
def evaluation_mode(module: nn.Module) -> Iterator[None]:
    """Eval mode inside the block; the old mode is restored after it."""
    training = module.training
    module.eval()
    try:
        yield
    finally:
        module.train(training)


@torch.no_grad()
def predict_track(
    estimator: MeshEstimator,
    body: SMPLBody,
    frames: TrackFrames,
    conventions: Sequence[str] = ('smpl_24',),
    vertices: bool = False,
    intrinsics: Tensor | None = None,
    batch_size: int = 64,
    predict: PredictFrames | None = None,
    mean_shape: bool = False,
) -> TrackPrediction:
    """Predict a whole track.

    The mode of the estimator is restored.

    Args:
        estimator: The network, on any device; owns crop and camera.
        body: The body, on the same device.
        frames: The track.
        conventions: Conventions of 3D joints, in addition to that of the
            evidence.
        vertices: Whether to return meshes.
        intrinsics: Camera of each frame ``[T, 3, 3]``, px; None projects
            with the estimator's crop camera.
        batch_size: Frames of a batch.
        predict: Returns the bodies of some frames; None runs the estimator on
            their crops.
        mean_shape: Whether all frames get the mean shape of the track.

    Returns:
        The prediction, on the CPU.

    Raises:
        InputError: If the video is missing or lacks a frame.
    """
    device = estimator.mean.device
    names = tuple(dict.fromkeys((frames.convention, *conventions)))
    starts = range(0, len(frames), batch_size)
    slices = [slice(start, start + batch_size) for start in starts]
    if predict is None:
        predict = _from_crops(estimator, frames)
    with evaluation_mode(estimator):
        # Without heatmaps, which are large.
        bodies = [
            replace(predict(part), keypoints=None, keypoint_logits=None)
            for part in slices
        ]
    if mean_shape:
        betas = torch.cat([out.params.betas for out in bodies]).mean(dim=0)
        bodies = [out.with_mean_shape(betas) for out in bodies]
    parts = []
    for part, out in zip(slices, bodies, strict=True):
        transl, camera = estimator.locate(
            out.camera,
            frames.boxes[part].to(device),
            None if intrinsics is None else intrinsics[part].to(device),
        )
        params = replace(out.params, transl=transl)
        view = out.camera, camera
        parts.append(_posed(body, params, view, names, vertices))
    return _join(parts)


@torch.no_grad()
def with_vertices(
    body: SMPLBody, prediction: TrackPrediction
) -> TrackPrediction:
    """Add meshes to a prediction.

    Args:
        body: The body, on any device.
        prediction: The prediction, on the CPU.

    Returns:
        The same prediction with ``vertices`` ``[T, V, 3]``, m.
    """
    params = prediction.params.to(body.v_template.device)
    vertices = body(params, keypoints=()).vertices
    assert vertices is not None
    return replace(prediction, vertices=vertices.cpu())


@torch.no_grad()
def extract_track_features(
    estimator: MeshEstimator, frames: TrackFrames, batch_size: int = 64
) -> Tensor:
    """Features of every frame by the backbone, in eval mode.

    Args:
        estimator: The network, on any device; its mode is restored.
        frames: The track.
        batch_size: Frames of a batch.

    Returns:
        ``[T, ...]``, on the CPU.
    """
    device = estimator.mean.device
    with evaluation_mode(estimator):
        return torch.cat(
            [
                estimator.extract_features(part.to(device)).cpu()
                for part in frames.images.split(batch_size)
            ]
        )


def _from_crops(
    estimator: MeshEstimator, frames: TrackFrames
) -> PredictFrames:
    """Bodies of the crops of some frames."""

    def predict(part: slice) -> MeshPrediction:
        out: MeshPrediction = estimator(
            frames.images[part].to(estimator.mean.device)
        )
        return out

    return predict


def _posed(
    body: SMPLBody,
    params: SMPLParams,
    view: tuple[Tensor, Tensor],
    conventions: Sequence[str],
    vertices: bool,
) -> TrackPrediction:
    """Prediction of some frames; 2D keypoints of the first convention."""
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
