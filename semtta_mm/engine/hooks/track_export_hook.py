"""Files of each track for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...export import ExportTrack, ResultFile, check_formats, export_track
from ...registry import HOOKS
from ..adaptor import adaptor_of
from .track_result_hook import result_arrays


@HOOKS.register_module()
class TrackExportHook(Hook):
    """Writes a finished track in formats of :mod:`semtta_mm.export`.

    Files go to ``{work_dir}/{track}/`` (docs/results_files.md). ``semtta
    export`` writes the same files later.

    Args:
        formats: Names of formats, e.g. ``('amass', 'bvh')``.
        world: Whether to place the person on a level floor; the camera must
            not have moved.

    Raises:
        InputError: If a format is unknown.
    """

    priority = 91

    def __init__(self, formats: Sequence[str], world: bool = False) -> None:
        check_formats(formats)
        self.formats, self.world = tuple(formats), world

    def after_train(self, runner: Runner) -> None:
        """Write the track's files."""
        adaptor = adaptor_of(runner)
        name = adaptor.session.frames.name
        result = ResultFile.from_arrays(
            result_arrays(adaptor.session, adaptor.body), name
        )
        track = ExportTrack(result, adaptor.body, self.world)
        export_track(track, Path(runner.work_dir) / name, self.formats)
