"""The refresh pass of an epoch, which all other hooks of it share."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...evaluation.track_sample import reference_convention
from ...models.adaptors import SemTTA
from ...registry import HOOKS
from ..refresh import refresh
from ..session_of import adaptor_of


@HOOKS.register_module()
class RefreshHook(Hook):
    """Predicts every frame once, in eval mode, and compares with the text.

    Before the first epoch it gives the un-adapted prediction, after each
    epoch the new one: ``session.prediction`` and ``session.cosines``.

    Args:
        batch_size: Frames at a time.
        true_camera: Project with the track's own intrinsics, if there are.
    """

    priority = 40

    def __init__(
        self, batch_size: int = 64, true_camera: bool = False
    ) -> None:
        self.batch_size = batch_size
        self.true_camera = true_camera

    def before_train(self, runner: Runner) -> None:
        """Predict with the pre-trained weights."""
        self._refresh(adaptor_of(runner))

    def after_train_epoch(self, runner: Runner) -> None:
        """Predict with the weights that the epoch leaves."""
        self._refresh(adaptor_of(runner))

    def _refresh(self, model: SemTTA) -> None:
        session = model.session
        convention = reference_convention(session.frames.reference)
        session.prediction = refresh(
            model.estimator,
            model.body,
            session.frames,
            (convention, 'smpl_24'),
            vertices=False,
            true_camera=self.true_camera,
            batch_size=self.batch_size,
            described=session.described,
        )
        session.cosines = model.session_cosines(session.prediction.params.pose)
