"""The motion denoiser at the end of an epoch."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Literal, get_args

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor

from ...checkpoints.weights import load_weights, weights_exist
from ...models.adaptors import Session
from ...models.adaptors.denoise import (
    Average,
    RunWindows,
    adapt_denoiser,
    run_windows,
    smooth_targets,
    targets_of,
)
from ...registry import HOOKS, MODELS
from ...utils.required_files import RequiredFile
from ..adaptor import adaptor_of, require

Motion = Literal['refresh', 'step']
Targets = Literal['pass', 'training']


@HOOKS.register_module()
class DenoiserHook(Hook):
    """Adapts the denoiser to the predicted motion, and computes the targets.

    Args:
        denoiser: Config of the denoiser.
        weights: Pre-trained weights of it: a shipped name or a file.
        lr: Learning rate of its Adam; CycleAdapt's is 5e-5. 0 keeps its
            weights.
        batch_size: Windows a step.
        follows_schedule: Whether its learning rate changes in the same
            proportion as the network's, as in CycleAdapt.
        motion: ``'refresh'``: of the refresh pass, in eval mode; or
            ``'step'``, as in CycleAdapt: what training steps predicted, with
            dropout and each before its update. Needs an adaptor that keeps
            it.
        targets: ``'pass'``: outputs for whole windows after the epoch; or
            ``'training'``, as in CycleAdapt: those of the epoch's own steps,
            with half of the frames hidden. With ``lr=0`` always the former.
        average: See :func:`.smooth_targets`; of ``'training'`` it is always
            the raw outputs.
        hidden_only: See :func:`.denoiser_steps`; CycleAdapt's is True.

    Raises:
        ValueError: If ``motion``, ``targets`` or ``average`` is unknown.
    """

    priority = 55

    required_files = (
        RequiredFile(
            'weights',
            'MDNet',
            "CycleAdapt's md_basemodel.pt; mdnet_open is in the package",
            weights_exist,
        ),
    )

    def __init__(
        self,
        denoiser: dict[str, Any],
        weights: str | None = None,
        lr: float = 5e-5,
        batch_size: int = 32,
        follows_schedule: bool = False,
        motion: Motion = 'refresh',
        targets: Targets = 'pass',
        average: Average = 'matrix',
        hidden_only: bool = True,
    ) -> None:
        for name, value, known in (
            ('motion', motion, Motion),
            ('targets', targets, Targets),
            ('average', average, Average),
        ):
            if value not in get_args(known):
                raise ValueError(f'{name}: {value!r} is not in {known}')
        self.denoiser = MODELS.build(denoiser)
        if weights is not None:
            load_weights(self.denoiser, weights)
        self._start = deepcopy(self.denoiser.state_dict())
        self.lr = lr
        self.batch_size = batch_size
        self.follows_schedule = follows_schedule
        self.motion, self.targets, self.average = motion, targets, average
        self.hidden_only = hidden_only

    def before_train(self, runner: Runner) -> None:
        """Restore the pre-trained weights for each track."""
        require(runner, self, 'smooth_targets')
        if self.motion == 'step':
            require(runner, self, 'step_bodies')
        self.denoiser.load_state_dict(self._start)
        self.optimizer = torch.optim.Adam(
            self.denoiser.parameters(), lr=self.lr, betas=(0.5, 0.9)
        )

    def after_train_epoch(self, runner: Runner) -> None:
        """Adapt to the predicted motion, then denoise it."""
        session = adaptor_of(runner).session
        pose, betas = self._bodies(session)
        track = session.frames.track
        windows = list(
            run_windows(
                pose,
                track.frame_ids,
                track.stride,
                track.rate,
                self.denoiser.frames,
            )
        )
        outputs = None
        if self.lr > 0:
            outputs = self._adapt(runner, session, windows)
        self.denoiser.eval()
        if outputs is not None and self.targets == 'training':
            session.targets = targets_of(windows, outputs, betas)
            return
        session.targets = smooth_targets(
            self.denoiser, windows, betas, self.average
        )

    def _bodies(self, session: Session) -> tuple[Tensor, Tensor]:
        """Pose ``[T, 24, 3, 3]`` and betas ``[T, 10]`` to denoise."""
        params = session.refreshed.params
        if self.motion == 'step' and session.step_bodies is not None:
            return session.step_bodies.filled(params.pose, params.betas)
        return params.pose, params.betas

    def _adapt(
        self, runner: Runner, session: Session, windows: list[RunWindows]
    ) -> list[Tensor]:
        """One epoch of the denoiser; its raw outputs."""
        if self.follows_schedule:
            network = runner.optim_wrapper.param_groups[0]
            share = network['lr'] / network.get('initial_lr', network['lr'])
            self.optimizer.param_groups[0]['lr'] = self.lr * share
        _, outputs = adapt_denoiser(
            self.denoiser,
            self.optimizer,
            windows,
            session.generator,
            self.batch_size,
            self.hidden_only,
        )
        return outputs
