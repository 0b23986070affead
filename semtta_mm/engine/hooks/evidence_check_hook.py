"""Leaves out detected keypoints that the un-adapted network contradicts."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor

from ...models.adaptors import Session
from ...models.adaptors.lifted_residual import network_distance
from ...registry import HOOKS
from ...structures.pose_bank import PoseBank
from ..adaptor import require


@HOOKS.register_module()
class EvidenceCheckHook(Hook):
    """Leaves out gross errors of the detector, before the first epoch.

    Beyond the paper. A keypoint counts as missing for all that adapts if it
    is farther from the un-adapted network's than ``least`` and than
    ``factor`` times the median of the track: where the network is far off
    everywhere, that median is large and nothing is left out. Metrics still
    compare with all detected keypoints.

    Args:
        least: Distance in sides of the box.
        factor: Distance in medians of the track.
    """

    priority = 40

    def __init__(self, least: float = 0.2, factor: float = 4.0) -> None:
        for name, value in (('least', least), ('factor', factor)):
            if not value > 0:
                raise ValueError(f'{name}: expected above 0, got {value}')
        self.least, self.factor = least, factor

    def before_train(self, runner: Runner) -> None:
        """Check the keypoints; the log has how many are left out."""
        session = require(runner, self, 'pose_bank').session
        session.rejected = self.rejected(session)
        count = int(session.rejected.sum())
        if not count:
            return
        frames = session.frames
        session.bank = PoseBank.from_detections(
            frames.keypoints, session.scores
        )
        seen = int((frames.scores > 0).sum())
        runner.logger.info(
            f'{frames.name}: {count} of {seen} keypoints are far from the '
            'prediction and are left out'
        )

    def rejected(self, session: Session) -> Tensor:
        """Keypoints that are left out ``[T, K]``, bool.

        Args:
            session: After a refresh pass.
        """
        seen = session.frames.scores > 0
        away = network_distance(session)
        if not seen.any():
            return seen
        limit = max(self.least, self.factor * float(away[seen].median()))
        return seen & (away > limit)
