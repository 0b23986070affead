"""MeshMetric: all errors of adapted or un-adapted tracks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmengine.evaluator import BaseMetric

from ...registry import METRICS
from ...utils import InputError
from ..functional import AccelUnit
from ..protocol import Protocol
from ..report import Report, stage_report
from ..track_errors import TrackErrors, evaluate_track


@METRICS.register_module()
class MeshMetric(BaseMetric):
    """MPJPE, PA-MPJPE, MPVPE, acceleration, reprojection error and PCK.

    Each track is reduced to sums as soon as it is processed; joints and
    vertices are not kept. Overall numbers weigh every evaluated frame alike.
    To print a second protocol beside the first, use a second ``MeshMetric``
    with another ``prefix``.

    Note:
        - frames of the track: T; joints of the reference's convention: J
        - vertices: V; 2D keypoints: K

    A sample is one track, arrays or tensors::

        {'name': str, 'frame_ids': [T], 'fps': float,
         'stride': int,   # of PersonTrack; 1 if left out
         'prediction': {
             'joints': {convention: [T, J, 3]},   # m, camera frame
             'vertices': [T, V, 3] | None,        # m, same frame
             'joints2d': [T, K, 2] | None},       # px
         'reference': None | {
             'joints': [T, J, 3], 'convention': str,   # m
             'valid': [T] | None, 'joints_valid': [T, J] | None,  # bool
             'vertices': [T, V, 3] | None},
         'evidence': None | {
             'keypoints': [T, K, 2], 'visible': [T, K],  # px, bool
             'box_size': [T] | None},              # px, longer side
         'occluded': [T, J] | None}   # unobserved in 2D

    The last three keys may be left out. The prediction must contain the
    reference's convention. The body of the reference (gender, shape) is
    chosen by the code that computes it.

    Args:
        root: ``'h36m_pelvis'`` (the lineage's), ``'mid_hip'``, ``'pelvis'``
            (SMPL's joint 0) or ``'none'``. It is subtracted from joints and
            vertices before the joint set is selected.
        joint_set: Joints that count, by name of a convention.
        accel_unit: ``'m/s^2'`` or the lineage's ``'mm/frame^2'``.
        frame: Frame of reference of the dataset's 3D, ``'camera'`` or
            ``'pelvis_ray'``; by default what the dataset's ``metainfo``
            states under ``'frame'``, else ``'camera'``.
        pck_threshold: Share of the box's longer side.
        **kwargs: ``collect_device``, ``prefix``, ``collect_dir`` of
            :class:`mmengine.evaluator.BaseMetric`.

    Raises:
        InputError: On an unknown name, and from ``process`` on samples that
            are wrong; the message names track, field and frame.
    """

    default_prefix = 'mesh'

    def __init__(
        self,
        root: str = 'h36m_pelvis',
        joint_set: str = 'h36m_14',
        accel_unit: AccelUnit = 'm/s^2',
        frame: str | None = None,
        pck_threshold: float = 0.05,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._frame = frame
        self._options: dict[str, Any] = {
            'root': root,
            'joint_set': joint_set,
            'accel_unit': accel_unit,
            'pck_threshold': pck_threshold,
        }
        self._report: Report | None = None
        # Check names here, not after the first track.
        _ = self.protocol

    @property
    def protocol(self) -> Protocol:
        """How this metric compares bodies."""
        stated = (self.dataset_meta or {}).get('frame', 'camera')
        return Protocol(frame=self._frame or stated, **self._options)

    def process(
        self, data_batch: Any, data_samples: Sequence[dict[str, Any]]
    ) -> None:
        """Reduce tracks to sums.

        Args:
            data_batch: Not used.
            data_samples: One dict per track.
        """
        for sample in data_samples:
            self.results.append(evaluate_track(sample, self.protocol))

    def compute_metrics(self, results: list[TrackErrors]) -> dict[str, float]:
        """Frame-weighted means over all tracks.

        Args:
            results: Errors of each track, of all ranks.

        Returns:
            Metric to value, in mm where the name has no unit; ``frames``
            and ``evaluated`` are numbers of frames. A metric without
            reference is left out, because mmengine's logs have no null;
            :meth:`report` has it as None.
        """
        self._report = stage_report(results, self.protocol)
        overall, coverage = self._report['overall'], self._report['coverage']
        flat = {k: v for k, v in overall.items() if v is not None}
        return flat | {k: coverage[k] for k in ('frames', 'evaluated')}

    def report(self) -> Report:
        """One stage in the structure of ``metrics.json``.

        Returns:
            Report of the tracks processed since the last ``evaluate``, or,
            if there is none, of the last ``evaluate`` (main process only).

        Raises:
            InputError: If no track was processed yet.
        """
        if self.results:
            return stage_report(self.results, self.protocol)
        if self._report is None:
            raise InputError(
                'MeshMetric',
                'report',
                'no track was processed',
                'call process() with at least one track first',
            )
        return self._report
