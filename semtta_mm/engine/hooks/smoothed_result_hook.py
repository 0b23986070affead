"""The adapted motion, smoothed over time, as the result."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...datasets.rates import contiguous_runs
from ...geometry.smoothing import smooth_rotations
from ...models.adaptors.posed_prediction import posed_prediction
from ...registry import HOOKS
from ..adaptor import adaptor_of


@HOOKS.register_module()
class SmoothedResultHook(Hook):
    """Smooths the last prediction, and gives the track one shape.

    Beyond the paper. A network sees each frame alone, so its rotations
    jitter. After the last epoch they are averaged over neighbouring frames,
    the shape is the mean over the track, and translation is fitted again.
    The weights of the network are not changed.

    Args:
        seconds: Standard deviation of the Gaussian, s; 0 keeps rotations.
    """

    priority = 44

    def __init__(self, seconds: float = 0.035) -> None:
        self.seconds = seconds

    def after_train_epoch(self, runner: Runner) -> None:
        """Replace ``session.prediction`` after the last epoch."""
        if runner.epoch + 1 < runner.max_epochs:
            return
        adaptor = adaptor_of(runner)
        session, track = adaptor.session, adaptor.session.frames.track
        params = session.refreshed.params
        pose = params.pose.clone()
        for run in contiguous_runs(track.frame_ids, track.stride):
            pose[run] = smooth_rotations(pose[run], self.seconds * track.rate)
        betas = params.betas.mean(0).expand_as(params.betas).contiguous()
        session.prediction = posed_prediction(
            session, adaptor.body, pose, betas
        )
