"""Targets for joints that nobody saw, after the denoiser's turn."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...checkpoints.weights import load_weights
from ...models.adaptors.inpaint import inpaint_targets
from ...registry import HOOKS, MODELS
from ...utils import InputError
from ..session_of import adaptor_of


@HOOKS.register_module()
class InpaintHook(Hook):
    """Lets the text and the seen joints say where the others are.

    Beyond the paper. The smoothing loss (Eq. 9) pulls every rotation to the
    denoiser's motion; where no keypoint was detected that is the network's
    own guess, smoothed. Here such rotations get another target, which the
    seen ones and the action's text suggest. Comes after
    :class:`DenoiserHook`, and works without one.

    Args:
        inpainter: Config of the network, such as ``TextInpainter``.
        weights: Pre-trained weights of it: a shipped name or a file.
        texts: Whether it is told the texts; False is a control.
        trust: How far targets go from the motion as it is, 0, to what the
            inpainter tells, 1. Both are guesses that err each in its way.
    """

    priority = 56

    def __init__(
        self,
        inpainter: dict,
        weights: str | None = None,
        texts: bool = True,
        trust: float = 1.0,
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
        """Refuse a dictionary of another space."""
        dictionary = adaptor_of(runner).dictionary
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
        words = adaptor.dictionary
        texts = words.embedding if self.texts and words is not None else None
        inpaint_targets(self.inpainter, texts, adaptor.session, self.trust)
