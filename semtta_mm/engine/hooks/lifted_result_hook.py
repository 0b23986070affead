"""The lifted motion as the result: a row of comparison."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...models.adaptors.posed_prediction import posed_prediction
from ...registry import HOOKS
from ..adaptor import adaptor_of


@HOOKS.register_module()
class LiftedResultHook(Hook):
    """Replaces the refresh pass of an epoch by the lifted motion.

    With a learning rate of 0 this is the lifter alone, without adaptation.
    Translation is fitted to the keypoints. Needs :class:`LifterHook`.
    """

    priority = 42

    def after_train_epoch(self, runner: Runner) -> None:
        """Replace ``session.prediction``."""
        adaptor = adaptor_of(runner)
        session, lifted = adaptor.session, adaptor.session.lifted
        if lifted is None:
            raise RuntimeError('LiftedResultHook: add LifterHook')
        betas = lifted.betas.mean(0).expand_as(lifted.betas)
        session.prediction = posed_prediction(
            session, adaptor.body, lifted.pose, betas
        )
