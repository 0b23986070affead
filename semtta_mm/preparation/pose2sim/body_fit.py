"""Fit of a body to triangulated points: the reference for vertices.

Least squares with priors, as in Bogo et al., *Keep it SMPL*, ECCV 2016, but
to 3D points and over all frames at once: one shape, accelerations bounded.
The points determine the limbs of the mesh, not its back or hands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from ...conventions import NUM_BETAS, NUM_JOINTS, keypoint_names
from ...geometry import matrix_to_rot6d, rot6d_to_matrix
from ...models.bodies import SMPLBody
from ...models.bodies.output import BodyOutput
from ...structures import SMPLParams
from .body_frame import torso_rotation
from .body_prior import pose_penalty

LIMBS = ('shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle')


@dataclass(frozen=True)
class FitOptions:
    """Standard deviations of the terms and length of the optimisation.

    Attributes:
        sigma: Of a limb's point, m.
        others: Weight of points that are no limb, e.g. nose, ears, heels.
        huber: Residual in ``sigma`` above which the cost is linear.
        accelerations: Standard deviation of a joint's acceleration, m/s^2,
            stage by stage. A small one from the start slows convergence (47 mm
            remain after 1000 iterations instead of 10).
        shape: Weight of the squared betas.
        prior: Weight of the pose prior.
        iterations: Of L-BFGS in each stage.
    """

    sigma: float = 0.02
    others: float = 0.1
    huber: float = 2.0
    accelerations: tuple[float, ...] = (1e4, 100.0, 30.0)
    shape: float = 0.15
    prior: float = 0.1
    iterations: int = 250


@dataclass(frozen=True)
class BodyFit:
    """A body in each frame and its distances from the points.

    Attributes:
        params: T bodies of one shape, with ``transl``, m.
        residuals: ``[T, K]``, m; NaN where a point was not observed.
        convention: Convention of the K points.
    """

    params: SMPLParams
    residuals: np.ndarray
    convention: str

    def medians(self) -> dict[str, float]:
        """Median residual of each keypoint observed in any frame, mm."""
        names = keypoint_names(self.convention)
        columns = zip(names, self.residuals.T, strict=True)
        return {
            name: 1000 * float(np.nanmedian(column))
            for name, column in columns
            if np.isfinite(column).any()
        }


def fit_body(
    points: np.ndarray,
    observed: np.ndarray,
    body: SMPLBody,
    convention: str = 'limbs_12',
    fps: float = 60.0,
    options: FitOptions | None = None,
) -> BodyFit:
    """Fit one body to the points of all frames.

    Args:
        points: ``[T, K, 3]``, m, in any axes; used only where ``observed``.
        observed: ``[T, K]``, bool, True for observed points.
        body: The body model, which has these keypoints.
        convention: Convention of the points, one of the body's.
        fps: Of the frames, which are consecutive.
        options: Weights.

    Returns:
        Poses, translations and the shared betas, with the residuals.

    Raises:
        ValueError: On wrong shapes, a NaN marked as observed, fewer than
            three frames, or if no frame has both hips and shoulders.
    """
    options = options or FitOptions()
    _check(points, observed, convention)
    found = _start(points, observed, convention)
    target = torch.tensor(np.where(observed[..., None], points, 0)).float()
    weights = torch.tensor(observed).float() * _weights(convention, options)

    def offsets(params: SMPLParams) -> tuple[BodyOutput, Tensor]:
        out = body(params, vertices=False, keypoints=(convention,))
        return out, (out.keypoints[convention] - target).norm(dim=-1)

    def cost(variables: _Variables, acceleration: float) -> Tensor:
        params = variables.params()
        out, off = offsets(params)
        data = (weights * _huber(off / options.sigma, options.huber)).sum(-1)
        swing = _acceleration(out.joints, fps) / acceleration
        return data.mean() + _priors(params, swing, options)

    for spread in options.accelerations:
        stage = partial(cost, acceleration=spread)
        found = _minimise(found, stage, options.iterations)
    params = found.params().detach()
    off = offsets(params)[1].numpy()
    return BodyFit(params, np.where(observed, off, np.nan), convention)


@dataclass(frozen=True)
class _Variables:
    """Variables of the optimisation: ``[T, 24, 6]``, ``[10]``, ``[T, 3]``."""

    rotations: Tensor
    betas: Tensor
    transl: Tensor

    @classmethod
    def around(cls, turns: Tensor, places: Tensor) -> _Variables:
        """Rest poses with a global rotation and a translation."""
        rest = torch.eye(3).repeat(len(turns), NUM_JOINTS, 1, 1)
        rest[:, 0] = turns
        rotations = matrix_to_rot6d(rest, 'columns')
        return cls(rotations, torch.zeros(NUM_BETAS), places.float())

    def params(self) -> SMPLParams:
        """The bodies."""
        pose = rot6d_to_matrix(self.rotations, 'columns')
        betas = self.betas.expand(len(pose), -1)
        return SMPLParams.from_pose(pose, betas, self.transl)


def _priors(params: SMPLParams, swing: Tensor, options: FitOptions) -> Tensor:
    """Terms without points; ``swing`` in standard deviations."""
    return (
        swing.square().sum((-1, -2)).mean()
        + options.prior * pose_penalty(params.body_pose).mean()
        + options.shape * params.betas[0].square().sum()
    )


def _start(
    points: np.ndarray, observed: np.ndarray, convention: str
) -> _Variables:
    turns, places = torso_rotation(points, observed, convention)
    return _Variables.around(torch.tensor(turns), torch.tensor(places))


def _minimise(
    start: _Variables, cost: Callable[[_Variables], Tensor], iterations: int
) -> _Variables:
    leaves = [
        value.detach().clone().requires_grad_()
        for value in (start.rotations, start.betas, start.transl)
    ]
    optimizer = torch.optim.LBFGS(
        leaves,
        max_iter=iterations,
        history_size=20,
        line_search_fn='strong_wolfe',
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = cost(_Variables(*leaves))
        loss.backward()
        return loss

    optimizer.step(closure)
    return _Variables(*leaves)


def _check(points: np.ndarray, observed: np.ndarray, convention: str) -> None:
    shape = (len(points), len(keypoint_names(convention)))
    if points.shape != (*shape, 3):
        raise ValueError(f'points: expected {(*shape, 3)}, got {points.shape}')
    if observed.shape != shape or observed.dtype != bool:
        raise ValueError(
            f'observed: expected bool {shape}, got {observed.shape}'
        )
    if not np.isfinite(points[observed]).all():
        raise ValueError('points: an observed point is NaN')
    if len(points) < 3:
        raise ValueError(f'points: {len(points)} frames, at least 3')


def _weights(convention: str, options: FitOptions) -> Tensor:
    return torch.tensor(
        [
            1.0 if name.endswith(LIMBS) else options.others
            for name in keypoint_names(convention)
        ]
    )


def _huber(value: Tensor, threshold: float) -> Tensor:
    """Square up to the threshold, then a line of the same slope."""
    inside = value.clamp(max=threshold)
    return inside * (2 * value - inside)


def _acceleration(joints: Tensor, fps: float) -> Tensor:
    """Second difference ``[T - 2, J, 3]``, m/s^2."""
    return (joints[2:] - 2 * joints[1:-1] + joints[:-2]) * fps**2
