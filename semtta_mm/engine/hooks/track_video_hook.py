"""A video of each track: 2D evidence, mesh before, mesh after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...models.bodies import SMPLBody
from ...registry import HOOKS
from ...structures import TrackPrediction
from ...structures.pose_bank import Source
from ...visualization.mesh_video import write_mesh_video
from ..session_of import adaptor_of
from .pose_bank_hooks import refreshed


@HOOKS.register_module()
class TrackVideoHook(Hook):
    """Writes ``{work_dir}/{track}/before_after.mp4``.

    The evidence is the pose bank's at the end: what was detected in the
    colours of left and right, what was filled in in green. Tracks without a
    video are left out.

    Args:
        height: Of the panels, px, at most.
    """

    priority = 91

    def __init__(self, height: int = 480) -> None:
        self.height = height
        self._before: TrackPrediction | None = None

    def before_train(self, runner: Runner) -> None:
        """Keep what the pre-trained network sees."""
        self._before = refreshed(adaptor_of(runner).session)

    def after_train(self, runner: Runner) -> None:
        """Draw it beside what the adapted network sees."""
        model = adaptor_of(runner)
        session, track = model.session, model.session.frames.track
        if track.video is None or self._before is None:
            return
        body = model.body
        stages = {'before': self._before, 'after': refreshed(session)}
        evidence = replace(
            track,
            keypoints=session.bank.keypoints.numpy(),
            scores=session.bank.visible.double().numpy(),
        )
        folder = Path(runner.work_dir) / track.name
        write_mesh_video(
            evidence,
            {name: with_mesh(body, p) for name, p in stages.items()},
            body.faces.cpu().numpy(),
            folder / 'before_after.mp4',
            self.height,
            (session.bank.source == int(Source.FILLED)).numpy(),
        )


@torch.no_grad()
def with_mesh(body: SMPLBody, prediction: TrackPrediction) -> TrackPrediction:
    """The prediction with vertices, which the refresh pass leaves out.

    Args:
        body: The body, on any device.
        prediction: On the CPU.
    """
    params = prediction.params.to(body.v_template.device)
    vertices = body(params, keypoints=()).vertices
    assert vertices is not None
    return replace(prediction, vertices=vertices.cpu())
