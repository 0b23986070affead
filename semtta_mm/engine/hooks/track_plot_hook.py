"""Curves of each track's adaptation, as a picture."""

from __future__ import annotations

from pathlib import Path

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...evaluation import MAIN
from ...registry import HOOKS
from ...visualization.plots import PLOT_FILE, plot_track
from ..adaptor import adaptor_of


@HOOKS.register_module()
class TrackPlotHook(Hook):
    """Writes ``{work_dir}/{track}/curves.png``.

    Losses by name, similarity, reprojection error and, with a reference, 3D
    errors, by epoch. It draws what ``TrackMetricsHook`` measured.
    """

    priority = 93

    def after_train(self, runner: Runner) -> None:
        """Draw the track's history."""
        session = adaptor_of(runner).session
        before = session.errors.get('before')
        name = session.frames.name
        plot_track(
            Path(runner.work_dir) / name / PLOT_FILE,
            session.history,
            before[MAIN].values if before else None,
            name,
        )
