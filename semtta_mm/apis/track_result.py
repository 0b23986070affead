"""The result of adapting to one person, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from numpy.typing import NDArray
from torch import Tensor

from ..engine.adaptor import adaptor_of
from ..engine.hooks.track_result_hook import result_arrays, write_result
from ..evaluation import MAIN, TrackErrors, write_metrics_json
from ..export import ExportTrack, ResultFile, check_formats, export_track
from ..labeling import LabelSpan, write_labels
from ..models.adaptors import BaseAdaptor
from ..models.bodies import SMPLBody
from ..structures import PersonTrack, SMPLParams


@dataclass(frozen=True)
class TrackResult:
    """One adapted person; all tensors are on the CPU.

    Note:
        - frames of the track: T; vertices of the body: V
        - keypoints of the evidence's convention: K

    Attributes:
        track: The person's track, with the 2D evidence before adaptation.
        params: Pose (rotation matrices ``[T, 24, 3, 3]``), shape and
            translation, m, camera frame (x right, y down, z forward).
        joints3d: SMPL's joints ``[T, 24, 3]``, m, camera frame.
        joints2d: Projected keypoints ``[T, K, 2]``, px.
        camera: Intrinsics of each frame ``[T, 3, 3]``, px.
        labels: Action labels that the adaptation used.
        history: Numbers of each epoch.
        errors: Stage (``'before'``, ``'after'``) to the errors of the track;
            empty if nothing measured them.
        arrays: Content of ``result.npz`` (docs/results_files.md).
        state_dict: The adapted network.
    """

    track: PersonTrack
    params: SMPLParams
    joints3d: Tensor
    joints2d: Tensor
    camera: Tensor
    labels: Sequence[LabelSpan]
    history: Sequence[Mapping[str, Any]]
    errors: Mapping[str, TrackErrors]
    arrays: Mapping[str, NDArray[Any]] = field(repr=False)
    state_dict: Mapping[str, Tensor] = field(repr=False)
    body: SMPLBody = field(repr=False)

    @classmethod
    def from_adaptor(
        cls, adaptor: BaseAdaptor, labels: Sequence[LabelSpan] = ()
    ) -> TrackResult:
        """The result of an adaptor's session, after its last refresh pass.

        Args:
            adaptor: After its last epoch.
            labels: Of the track.
        """
        session, prediction = adaptor.session, adaptor.session.result
        state = adaptor.estimator.state_dict()
        return cls(
            track=session.frames.track,
            params=prediction.params,
            joints3d=prediction.joints['smpl_24'],
            joints2d=prediction.joints2d,
            camera=prediction.intrinsics,
            labels=tuple(labels),
            history=tuple(session.history),
            errors={
                stage: errors[MAIN] for stage, errors in session.errors.items()
            },
            arrays=result_arrays(session, adaptor.body),
            state_dict={k: v.detach().cpu().clone() for k, v in state.items()},
            body=adaptor.body,
        )

    @property
    def name(self) -> str:
        """Name of the track."""
        return self.track.name

    @property
    def frame_ids(self) -> NDArray[Any]:
        """Frame numbers in the video ``[T]``."""
        return self.track.frame_ids

    @property
    def metrics(self) -> dict[str, dict[str, float | None]]:
        """Stage to metric to value; None where there is no reference."""
        return {stage: e.values for stage, e in self.errors.items()}

    @cached_property
    def vertices(self) -> Tensor:
        """Meshes ``[T, V, 3]``, m, camera frame; computed on first use."""
        params = self.params.to(self.body.v_template.device)
        with torch.no_grad():
            vertices: Tensor = self.body(params, keypoints=()).vertices
        return vertices.cpu()

    @property
    def faces(self) -> Tensor:
        """Triangles of the mesh ``[F, 3]``."""
        return self.body.faces.cpu()

    def save(
        self,
        folder: str | PathLike[str],
        formats: Sequence[str] = (),
        world: bool = False,
    ) -> Path:
        """Write the person's files into ``{folder}/{name}/``.

        Args:
            folder: For all persons; it is created.
            formats: For other programs, e.g. ``('amass', 'bvh')``
                (docs/results_files.md).
            world: Whether these have the person on a level floor; the camera
                must not have moved.

        Returns:
            The person's folder, with ``result.npz``, ``adapted.pth``,
            ``labels.json`` and ``metrics.json`` (docs/adapting.md), and the
            files of the formats.

        Raises:
            InputError: If a format is unknown; nothing is written then.
        """
        check_formats(formats)
        place = Path(folder) / self.name
        write_result(place, self.arrays, self.state_dict)
        write_labels(place / 'labels.json', self.labels)
        write_metrics_json(
            place / 'metrics.json',
            {
                'name': self.name,
                'frames': len(self.frame_ids),
                **self.metrics,
                'epochs': [dict(epoch) for epoch in self.history],
            },
        )
        if formats:
            saved = ResultFile.from_arrays(self.arrays, self.name)
            export_track(ExportTrack(saved, self.body, world), place, formats)
        return place


class CollectResultsHook(Hook):
    """Keeps the result of each track."""

    priority = 92

    def __init__(self) -> None:
        self.results: list[TrackResult] = []

    def after_train(self, runner: Runner) -> None:
        """Store the result before the next track starts."""
        adaptor = adaptor_of(runner)
        spans = runner.train_loop.spans
        labels = spans.get(adaptor.session.frames.name, ())
        self.results.append(TrackResult.from_adaptor(adaptor, labels))
