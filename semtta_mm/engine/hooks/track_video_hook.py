"""A video of each track: 2D evidence, mesh before, mesh after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...models.estimators import with_vertices
from ...registry import HOOKS
from ...structures import TrackPrediction
from ...structures.pose_bank import Source
from ...visualization.mesh_video import write_mesh_video
from ..adaptor import adaptor_of


@HOOKS.register_module()
class TrackVideoHook(Hook):
    """Writes ``{work_dir}/{track}/before_after.mp4``.

    The evidence is the pose bank's at the end: detected keypoints in the
    colours of left and right, filled ones in green. Tracks without a video
    are left out.

    Args:
        height: Of the panels, px, at most.
    """

    priority = 91

    def __init__(self, height: int = 480) -> None:
        self.height = height
        self._before: TrackPrediction | None = None

    def before_train(self, runner: Runner) -> None:
        """Keep the prediction of the pre-trained network."""
        self._before = adaptor_of(runner).session.result

    def after_train(self, runner: Runner) -> None:
        """Draw it beside the prediction of the adapted network."""
        model = adaptor_of(runner)
        session, track = model.session, model.session.frames.track
        if track.video is None or self._before is None:
            return
        body = model.body
        stages = {'before': self._before, 'after': session.result}
        evidence = replace(
            track,
            keypoints=session.bank.keypoints.numpy(),
            scores=session.bank.visible.double().numpy(),
        )
        folder = Path(runner.work_dir) / track.name
        write_mesh_video(
            evidence,
            {name: with_vertices(body, p) for name, p in stages.items()},
            body.faces.cpu().numpy(),
            folder / 'before_after.mp4',
            self.height,
            (session.bank.source == int(Source.FILLED)).numpy(),
        )
