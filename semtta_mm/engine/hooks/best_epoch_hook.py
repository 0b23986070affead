"""Which epoch of a track is its result."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...models.adaptors import Session
from ...registry import HOOKS
from ...structures import TrackPrediction
from ..adaptor import adaptor_of


@HOOKS.register_module()
class BestEpochHook(Hook):
    """Reports the epoch of the least reprojection error, not the last one.

    CycleAdapt and the paper report the last epoch, which is what happens
    without this hook. The error is that to the detected keypoints; no
    reference is used. Weights and prediction of that epoch are restored
    before errors and files of the track are written.
    """

    priority = 42

    def __init__(self) -> None:
        self._least = math.inf
        self._state: dict[str, Any] | None = None
        self._prediction: TrackPrediction | None = None

    def before_train(self, runner: Runner) -> None:
        """Forget the last track."""
        self._least, self._state, self._prediction = math.inf, None, None

    def after_train_epoch(self, runner: Runner) -> None:
        """Keep the epoch if it is the best one so far."""
        adaptor = adaptor_of(runner)
        error = detected_error(adaptor.session)
        if error < self._least:
            self._least = error
            self._state = deepcopy(adaptor.estimator.state_dict())
            self._prediction = adaptor.session.refreshed

    def after_train(self, runner: Runner) -> None:
        """Restore the best epoch; none is if no keypoint was detected."""
        adaptor = adaptor_of(runner)
        if self._state is None or self._prediction is None:
            return
        adaptor.estimator.load_state_dict(self._state)
        session = adaptor.session
        session.prediction = self._prediction
        session.cosines = adaptor.session_cosines(self._prediction.params.pose)


def detected_error(session: Session) -> float:
    """Mean distance of the prediction from detected keypoints, px.

    Args:
        session: After a refresh pass.

    Returns:
        Over all detected keypoints that are used; infinite if there is none.
    """
    seen = session.scores > 0
    if not seen.any():
        return math.inf
    distance = session.refreshed.joints2d - session.frames.keypoints
    return float(torch.linalg.vector_norm(distance, dim=-1)[seen].mean())
