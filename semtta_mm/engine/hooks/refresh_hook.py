"""The refresh pass of an epoch, used by all other hooks."""

from __future__ import annotations

import warnings

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...evaluation.track_sample import reference_convention
from ...registry import HOOKS
from ..adaptor import adaptor_of


@HOOKS.register_module()
class RefreshHook(Hook):
    """Predicts every frame once, in eval mode, and compares with the text.

    Before the first epoch it gives the un-adapted prediction, after each
    epoch the new one: ``session.prediction`` and ``session.cosines``.

    Args:
        batch_size: Frames at a time.
        true_camera: Old name of ``model.true_camera``.
    """

    priority = 39

    def __init__(
        self, batch_size: int = 64, true_camera: bool | None = None
    ) -> None:
        self.batch_size = batch_size
        self.true_camera = true_camera
        if true_camera is not None:
            warnings.warn(
                'RefreshHook.true_camera is deprecated: set model.true_camera',
                FutureWarning,
                stacklevel=2,
            )

    def before_train(self, runner: Runner) -> None:
        """Predict with the pre-trained weights."""
        if self.true_camera is not None:
            adaptor_of(runner).session.true_camera = self.true_camera
        self._refresh(runner)

    def after_train_epoch(self, runner: Runner) -> None:
        """Predict with the weights of this epoch."""
        self._refresh(runner)

    def _refresh(self, runner: Runner) -> None:
        adaptor = adaptor_of(runner)
        session = adaptor.session
        convention = reference_convention(session.frames.reference)
        session.prediction = adaptor.predict_track(
            (convention, 'smpl_24'), batch_size=self.batch_size
        )
        pose = session.prediction.params.pose
        session.cosines = adaptor.session_cosines(pose)
