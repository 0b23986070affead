"""Targets for unobserved rotations, after those of the denoiser."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...checkpoints.weights import load_weights, weights_exist
from ...models.adaptors.inpaint import inpaint_targets
from ...registry import HOOKS, MODELS
from ...utils import InputError
from ...utils.required_files import RequiredFile
from ..adaptor import adaptor_of, require


@HOOKS.register_module()
class InpaintHook(Hook):
    """Predicts unobserved rotations from the observed ones and the text.

    Beyond the paper. The smoothing loss (Eq. 9) pulls every rotation to the
    denoiser's motion, which is the network's own smoothed prediction where
    no keypoint was detected. Here such rotations get the inpainter's output
    as their target. Runs after :class:`DenoiserHook`, and works without
    one.

    Args:
        inpainter: Config of the network, such as ``TextInpainter``.
        weights: Pre-trained weights of it: a shipped name or a file.
        texts: Whether it is conditioned on the texts; False is a control.
        trust: Share of the way from the current target, 0, to the
            inpainter's output, 1. Half of it had the lowest error on the dev
            split (docs/results_history.md).
    """

    priority = 56

    required_files = (
        RequiredFile(
            'weights',
            'weights of TextInpainter',
            '`semtta train configs/train_inpainter.py`; inpainter_open is in '
            'the package',
            weights_exist,
        ),
    )

    def __init__(
        self,
        inpainter: dict[str, Any],
        weights: str | None = None,
        texts: bool = True,
        trust: float = 0.5,
    ) -> None:
        if not 0 <= trust <= 1:
            raise ValueError(f'trust: expected 0 to 1, got {trust}')
        self.inpainter = MODELS.build(inpainter)
        if weights is not None:
            load_weights(self.inpainter, weights)
        self.inpainter.eval()
        self.texts = texts
        self.trust = trust

    def before_train(self, runner: Runner) -> None:
        """Refuse a dictionary of another text space."""
        dictionary = require(runner, self, 'smooth_targets').dictionary
        if dictionary is None:
            return
        want = self.inpainter.no_text.shape[0]
        have = dictionary.embedding.shape[1]
        if want != have:
            raise InputError(
                'config',
                'InpaintHook.inpainter',
                f'reads texts of dimension {want}, the dictionary has {have}',
                'give weights and text_dim that belong to the dictionary',
            )

    def after_train_epoch(self, runner: Runner) -> None:
        """Write the targets of the next epoch."""
        adaptor = adaptor_of(runner)
        dictionary, texts = adaptor.dictionary, None
        if self.texts and dictionary is not None:
            texts = dictionary.embedding
        inpaint_targets(self.inpainter, texts, adaptor.session, self.trust)
