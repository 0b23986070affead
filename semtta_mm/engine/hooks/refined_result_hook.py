"""The adapted motion, moved to the keypoints, as the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor

from ...models.adaptors import BaseAdaptor
from ...models.adaptors.network_errors import network_errors
from ...models.adaptors.posed_prediction import posed_prediction
from ...models.adaptors.precision import ExpectedErrors, combine_rotations
from ...models.adaptors.rays import track_rays
from ...models.adaptors.refinement import Refinement, refine_track
from ...registry import HOOKS
from ..adaptor import adaptor_of


@HOOKS.register_module()
class RefinedResultHook(Hook):
    """Moves the last prediction to the detected keypoints.

    Beyond the paper. After the last epoch the network's rotations, combined
    by precision with the lifted ones if there is a lifter, are moved to the
    keypoints as far as their expected errors allow. Translation is fitted
    again. With a lifter the shape is the mean of its betas: 2D adapts the
    network's betas to whatever explains the keypoints. The weights of the
    network are not changed.

    Args:
        errors: Fields of
            :class:`~semtta_mm.models.adaptors.precision.ExpectedErrors` of
            the adapted network, in degrees.
        refine: Settings of
            :class:`~semtta_mm.models.adaptors.refinement.Refinement`.
    """

    priority = 43

    def __init__(
        self,
        errors: Mapping[str, Any],
        refine: Mapping[str, Any] | None = None,
    ) -> None:
        self.errors = ExpectedErrors(**errors)
        self.refinement = Refinement(**(refine or {}))

    def after_train_epoch(self, runner: Runner) -> None:
        """Replace ``session.prediction`` after the last epoch."""
        if runner.epoch + 1 < runner.max_epochs:
            return
        adaptor = adaptor_of(runner)
        session = adaptor.session
        pose, error = self._combined(adaptor)
        lifted, betas = session.lifted, session.refreshed.params.betas
        if lifted is not None:
            betas = lifted.betas.mean(0).expand_as(betas)
        body, rays = adaptor.body, track_rays(session)
        pose = refine_track(
            pose, error, betas, body, session, rays, self.refinement
        )
        session.prediction = posed_prediction(session, body, pose, betas)

    def _combined(self, adaptor: BaseAdaptor) -> tuple[Tensor, Tensor]:
        """Rotations and their expected errors."""
        session = adaptor.session
        pose = session.refreshed.params.pose
        error = network_errors(self.errors, session)
        lifted = session.lifted
        if lifted is None:
            return pose, error
        pose, _, error = combine_rotations(
            (pose, lifted.pose), (error, lifted.error)
        )
        return pose, error
