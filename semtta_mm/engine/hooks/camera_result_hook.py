"""The result in the camera that filmed the track."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...models.adaptors.viewed import TrackPlacement, viewed_prediction
from ...registry import HOOKS
from ..adaptor import adaptor_of


@HOOKS.register_module()
class CameraResultHook(Hook):
    """Gives what is written and drawn one camera, one shape, and metres.

    ``session.prediction``, which losses and metrics use, stays in the axes of
    the estimator's crops. Hooks that write or draw use ``session.result``,
    which is in the camera of the video: its intrinsics if known, else
    guessed from the size of its images. The un-adapted prediction keeps the
    place in the image that it has in each frame; the adapted one is placed
    by the detected keypoints of all frames.

    Args:
        placement: Fields of
            :class:`~semtta_mm.models.adaptors.viewed.TrackPlacement`.
    """

    priority = 46

    def __init__(self, placement: Mapping[str, Any] | None = None) -> None:
        self.placement = TrackPlacement(**(placement or {}))

    def before_train(self, runner: Runner) -> None:
        """The un-adapted prediction."""
        adaptor = adaptor_of(runner)
        session = adaptor.session
        session.viewed = viewed_prediction(
            session, adaptor.body, session.refreshed
        )

    def after_train(self, runner: Runner) -> None:
        """The adapted prediction."""
        adaptor = adaptor_of(runner)
        session = adaptor.session
        session.viewed = viewed_prediction(
            session, adaptor.body, session.refreshed, self.placement
        )
