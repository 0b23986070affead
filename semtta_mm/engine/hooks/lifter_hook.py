"""Targets from a text-conditioned lifter, beside those of the denoiser."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor

from ...checkpoints.weights import load_weights, weights_exist
from ...models.adaptors import BaseAdaptor, Session
from ...models.adaptors.denoise import SmoothTargets
from ...models.adaptors.lifted import LiftedMotion
from ...models.adaptors.lifted_residual import (
    network_residual,
    residual_ratio,
)
from ...models.adaptors.lifting import lift_track
from ...models.adaptors.network_errors import network_errors, observed
from ...models.adaptors.precision import (
    ExpectedErrors,
    combine_rotations,
    measured_root_error,
)
from ...models.adaptors.rays import track_rays
from ...models.adaptors.refinement import Refinement, refine_track
from ...models.lifters import TextLifter
from ...registry import HOOKS, MODELS
from ...utils import InputError
from ...utils.required_files import RequiredFile
from ..adaptor import adaptor_of, require

_REACH = 1.0
"""Seconds before and after a frame in which its residual is measured."""


@HOOKS.register_module()
class LifterHook(Hook):
    """Lifts the 2D evidence once, and mixes the result into the targets.

    Beyond the paper. Before the first epoch, ``session.lifted`` is the motion
    that a lifter predicts from the detected keypoints, the action's text and
    the un-adapted network's rotations, moved to the keypoints as far as its
    expected errors allow. From the first epoch on, the target
    of each rotation in the smoothing loss (Eq. 9) is the mean of the
    denoiser's motion, where there is one, else the network's, and of the
    lifted motion, weighted by precision: no switch between observed and
    unobserved rotations. Runs after :class:`DenoiserHook`, and works without
    one.

    Args:
        lifter: Config of the network, such as ``TextLifter``.
        weights: Pre-trained weights of it: a shipped name or a file.
        texts: Whether it is conditioned on the texts; False is a control.
        use_estimate: Whether it gets the un-adapted network's rotations.
        max_root_error: Degrees. It gets them only if the network's root is
            not farther off on the track, see
            :func:`~semtta_mm.models.adaptors.precision.measured_root_error`.
            The expected errors of the network's root then fall to the
            measured one. None measures nothing.
        max_residual: And only if its keypoints are not farther from the
            detected ones, see
            :func:`~semtta_mm.models.adaptors.lifted_residual.network_residual`.
        use_camera: Whether it gets the track's camera, if known.
        before: Fields of
            :class:`~semtta_mm.models.adaptors.precision.ExpectedErrors` of
            the un-adapted network, in degrees.
        after: The same of the targets of later epochs.
        scale: Factor on the lifter's predicted errors.
        gap_scale: Further factors on those of the ``root`` and of the other
            rotations, ``local``, in frames that do not observe a rotation
            which others of the track do: a person may turn meanwhile.
        refine: Settings of
            :class:`~semtta_mm.models.adaptors.refinement.Refinement`, which
            moves the lifted motion to the keypoints; None leaves it.
        typical_residual: Residual of the lifted motion to the keypoints,
            over the expected one, that ``scale`` belongs to. Where it is
            larger, the expected errors grow in proportion: the motion is
            unlike the training motions, or the text is wrong. None leaves
            the errors as they are.
    """

    priority = 57

    required_files = (
        RequiredFile(
            'weights',
            'weights of TextLifter',
            '`semtta train configs/train_lifter.py`; lifter_open is in the '
            'package',
            weights_exist,
        ),
    )

    def __init__(
        self,
        lifter: dict[str, Any],
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        weights: str | None = None,
        texts: bool = True,
        use_estimate: bool = True,
        max_root_error: float | None = None,
        max_residual: float = math.inf,
        use_camera: bool = True,
        scale: float = 1.0,
        gap_scale: Mapping[str, float] | None = None,
        refine: Mapping[str, Any] | None = None,
        typical_residual: float | None = None,
    ) -> None:
        self.lifter: TextLifter = MODELS.build(lifter)
        if weights is not None:
            load_weights(self.lifter, weights)
        self.lifter.eval()
        self.before, self.after = (
            ExpectedErrors(**before),
            ExpectedErrors(**after),
        )
        self.gap_scale = {'root': 1.0, 'local': 1.0} | dict(gap_scale or {})
        for name, value in {'scale': scale, **self.gap_scale}.items():
            if not value > 0:
                raise ValueError(f'{name}: expected above 0, got {value}')
        self.texts, self.scale = texts, scale
        self.typical_residual = typical_residual
        self.refinement = None if refine is None else Refinement(**refine)
        self.use_estimate, self.use_camera = use_estimate, use_camera
        self.max_root_error = max_root_error
        self.max_residual = max_residual

    def before_train(self, runner: Runner) -> None:
        """Lift the track; the targets of the first epoch.

        Raises:
            InputError: If the dictionary is of another text space.
        """
        adaptor = require(runner, self, 'smooth_targets')
        dictionary, texts = adaptor.dictionary, None
        if dictionary is not None:
            _check_texts(self.lifter, dictionary.embedding)
            texts = dictionary.embedding if self.texts else None
        session = adaptor.session
        self.lifter.to(adaptor.device)
        lifted = self._lifted(texts, session)
        factor = self.scale * self._gap_factor(observed(session))
        lifted = replace(lifted, error=factor * lifted.error)
        session.lifted = self._checked(lifted, adaptor)
        self._mix(session, self.before)

    def after_train_epoch(self, runner: Runner) -> None:
        """Mix the lifted motion into the targets of the next epoch."""
        self._mix(adaptor_of(runner).session, self.after)

    def _lifted(self, texts: Tensor | None, session: Session) -> LiftedMotion:
        """The motion, with the network's rotations if they are good."""
        lift = partial(
            lift_track,
            self.lifter,
            texts,
            session,
            use_camera=self.use_camera,
        )
        if self.max_root_error is None:
            return lift(use_estimate=self.use_estimate)
        lifted = lift(use_estimate=False)
        own = session.refreshed.params.pose[:, 0]
        error = measured_root_error(own, lifted.pose[:, 0], lifted.error[:, 0])
        # Without a certain root the keypoints are too few or too wrong to
        # judge the network by.
        good = error is None or (
            error <= math.radians(self.max_root_error)
            and network_residual(session) <= self.max_residual
        )
        if self.use_estimate and good:
            lifted = lift(use_estimate=True)
        return replace(lifted, root_error=error)

    def _gap_factor(self, observed: Tensor) -> Tensor:
        """See ``gap_scale`` ``[T, 24]``."""
        gap = ~observed & observed.any(dim=0)
        factor = torch.full(gap.shape, self.gap_scale['local'])
        factor[:, 0] = self.gap_scale['root']
        return factor.where(gap, 1.0)

    def _checked(
        self, lifted: LiftedMotion, adaptor: BaseAdaptor
    ) -> LiftedMotion:
        """The motion moved to the keypoints, with errors by its residual."""
        session, body = adaptor.session, adaptor.body
        rays, rate = track_rays(session), session.frames.track.rate
        residual = residual_ratio(lifted, body, rays, round(_REACH * rate))
        error = lifted.error
        if self.typical_residual is not None:
            factor = (residual / self.typical_residual).clamp(min=1)
            error = factor.nan_to_num(1.0)[:, None] * error
        lifted = replace(lifted, error=error, residual=residual)
        if self.refinement is None:
            return lifted
        pose = refine_track(
            lifted.pose,
            error,
            lifted.betas,
            body,
            session,
            rays,
            self.refinement,
        )
        return replace(lifted, pose=pose)

    def _mix(self, session: Session, errors: ExpectedErrors) -> None:
        lifted, targets = session.lifted, session.targets
        assert lifted is not None
        params = session.refreshed.params
        valid = targets.valid[:, None, None, None]
        own = torch.where(valid, targets.pose, params.pose)
        betas = torch.where(
            targets.valid[:, None], targets.betas, params.betas.mean(0)
        )
        expected = network_errors(errors, session)
        pose, share, error = combine_rotations(
            (own, lifted.pose), (expected, lifted.error)
        )
        session.lifted = replace(lifted, share=share[1], target_error=error)
        session.targets = SmoothTargets(
            pose, betas, torch.ones_like(targets.valid)
        )


def _check_texts(lifter: TextLifter, embedding: Tensor) -> None:
    want, have = lifter.no_text.shape[0], embedding.shape[1]
    if want != have:
        raise InputError(
            'config',
            'LifterHook.lifter',
            f'reads texts of dimension {want}, the dictionary has {have}',
            'give weights and text_dim that belong to the dictionary',
        )
