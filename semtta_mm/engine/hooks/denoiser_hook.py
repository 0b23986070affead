"""The motion denoiser at the end of an epoch."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...checkpoints.weights import load_weights, weights_exist
from ...models.adaptors.denoise import (
    adapt_denoiser,
    run_windows,
    smooth_targets,
)
from ...registry import HOOKS, MODELS
from ...utils.required_files import RequiredFile
from ..adaptor import adaptor_of, require


@HOOKS.register_module()
class DenoiserHook(Hook):
    """Adapts the denoiser to the predicted motion, and computes the targets.

    Args:
        denoiser: Config of the denoiser.
        weights: Pre-trained weights of it: a shipped name or a file.
        lr: Learning rate of its Adam; CycleAdapt's is 5e-5. 0 keeps its
            weights.
        batch_size: Windows a step.
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
    ) -> None:
        self.denoiser = MODELS.build(denoiser)
        if weights is not None:
            load_weights(self.denoiser, weights)
        self._start = deepcopy(self.denoiser.state_dict())
        self.lr = lr
        self.batch_size = batch_size

    def before_train(self, runner: Runner) -> None:
        """Restore the pre-trained weights for each track."""
        require(runner, self, 'smooth_targets')
        self.denoiser.load_state_dict(self._start)
        self.optimizer = torch.optim.Adam(
            self.denoiser.parameters(), lr=self.lr, betas=(0.5, 0.9)
        )

    def after_train_epoch(self, runner: Runner) -> None:
        """Adapt to the refresh pass, then denoise it."""
        session = adaptor_of(runner).session
        params = session.refreshed.params
        track = session.frames.track
        windows = list(
            run_windows(
                params.pose,
                track.frame_ids,
                track.stride,
                track.rate,
                self.denoiser.frames,
            )
        )
        if self.lr > 0:
            adapt_denoiser(
                self.denoiser,
                self.optimizer,
                windows,
                session.generator,
                self.batch_size,
            )
        self.denoiser.eval()
        session.targets = smooth_targets(self.denoiser, windows, params.betas)
