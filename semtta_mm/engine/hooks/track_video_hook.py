"""Videos of each track: 2D evidence, mesh before and after, other views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner
from numpy.typing import NDArray

from ...models.adaptors import BaseAdaptor
from ...models.estimators import with_vertices
from ...registry import HOOKS
from ...structures import PersonTrack, TrackPrediction
from ...structures.pose_bank import Source
from ...visualization import Scene, mesh_track, write_view
from ...visualization.mesh_video import write_mesh_video
from ...visualization.track_video import shown_frames
from ...visualization.views import BEFORE_AFTER, check_views, view_file
from ..adaptor import adaptor_of


@HOOKS.register_module()
class TrackVideoHook(Hook):
    """Writes ``{work_dir}/{track}/before_after.mp4``, or other views.

    The evidence is the pose bank's at the end: detected keypoints in the
    colours of left and right, filled ones in green. Tracks without a video
    are left out.

    Args:
        height: Of the panels, px, at most.
        views: ``'before_after'``, or names of panels: ``'evidence'``,
            ``'before'``, ``'overlay'``, ``'side'``, ``'top'``. Each gives a
            file of its name; names joined by ``+`` are panels of one file,
            such as ``overlay_side.mp4``. A single panel in the frame has the
            size of the video.

    Raises:
        InputError: If a view is unknown.
    """

    priority = 91

    def __init__(
        self, height: int = 480, views: Sequence[str] = (BEFORE_AFTER,)
    ) -> None:
        check_views(views)
        self.height, self.views = height, tuple(views)
        self._before: TrackPrediction | None = None

    def before_train(self, runner: Runner) -> None:
        """Keep the prediction of the pre-trained network."""
        self._before = adaptor_of(runner).session.result

    def after_train(self, runner: Runner) -> None:
        """Draw it and the prediction of the adapted network."""
        model = adaptor_of(runner)
        session, track = model.session, model.session.frames.track
        if track.video is None or self._before is None or not self.views:
            return
        body = model.body
        stages = {
            'before': with_vertices(body, self._before),
            'after': with_vertices(body, session.result),
        }
        faces = body.faces.cpu().numpy()
        evidence, filled = bank_evidence(model)
        folder = Path(runner.work_dir) / track.name
        scene = Scene(
            video=track.video,
            frame_ids=shown_frames(
                track.video, track.frame_ids, track.stride, track.numbering
            ),
            fps=track.fps,
            faces=faces,
            people=[mesh_track(track.name, track.frame_ids, stages['after'])],
            before=[mesh_track(track.name, track.frame_ids, stages['before'])],
            evidence=[evidence],
            filled=[filled],
            step=track.stride,
            numbering=track.numbering,
            up=_mean_up(track),
        )
        for view in self.views:
            path = folder / view_file(view)
            if view == BEFORE_AFTER:
                write_mesh_video(
                    evidence, stages, faces, path, self.height, filled
                )
            else:
                write_view(scene, view, path, self.height)


def bank_evidence(adaptor: BaseAdaptor) -> tuple[PersonTrack, NDArray[Any]]:
    """The pose bank as a track, and its filled-in keypoints ``[T, K]``."""
    session = adaptor.session
    evidence = replace(
        session.frames.track,
        keypoints=session.bank.keypoints.numpy(),
        scores=session.bank.visible.double().numpy(),
    )
    return evidence, (session.bank.source == int(Source.FILLED)).numpy()


def _mean_up(track: PersonTrack) -> tuple[float, float, float]:
    """Upward direction of a track; that of a level camera if unknown."""
    if track.up is None:
        return (0.0, -1.0, 0.0)
    x, y, z = track.up.mean(axis=0).tolist()
    return (x, y, z)
