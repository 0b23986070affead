"""Metrics beyond those of a run, from the results it wrote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config

from ..datasets import TrackDataset
from ..evaluation.functional.gait import gait_report
from ..evaluation.track_sample import reference_fields
from ..geometry import axis_angle_to_matrix
from ..models.bodies import SMPLBody
from ..registry import DATASETS, METRICS
from ..structures import PersonTrack, SMPLParams
from .plan import Run
from .unobserved_errors import Values, bounds, by_visibility, true_pose, turns


def extra_metrics(run: Run, cfg: Config, folder: Path) -> dict[str, Values]:
    """Further values of each adapted track, from its ``result.npz``.

    Args:
        run: The run.
        cfg: Its config.
        folder: Of the run.

    Returns:
        Track to the fields of
        :class:`~semtta_mm.evaluation.functional.gait.GaitReport`, of
        :func:`.turns` and :func:`.bounds`; with true evidence also to
        ``mpjpe_visible`` and ``mpjpe_occluded`` of the joints that the other
        rows see and do not see.
    """
    detected = replace(run, evidence='detected').configured(folder)
    dataset: TrackDataset = DATASETS.build(detected.train_dataloader.dataset)
    protocol = METRICS.build(cfg.metric).protocol
    body, out = SMPLBody(), {}
    for track in dataset.tracks:
        params, joints = _result(folder / track.name / 'result.npz')
        values = _steps(track, joints, params, body)
        truth = true_pose(track, body, protocol.frame)
        if truth is not None:
            values |= turns(track, params.pose, truth)
            values |= bounds(track, params, truth, protocol, body)
        if run.evidence == 'true':
            values |= by_visibility(track, joints, protocol, body)
        out[track.name] = values
    return out


def _result(path: Path) -> tuple[SMPLParams, torch.Tensor]:
    """Bodies that a run wrote, and their joints ``smpl_24``."""
    with np.load(path) as result:
        orient = torch.from_numpy(result['global_orient']).float()
        local = torch.from_numpy(result['body_pose']).float()
        betas = torch.from_numpy(result['betas']).float()
        joints = torch.from_numpy(result['joints3d']).float()
    pose = torch.cat((orient[:, None], local.view(-1, 23, 3)), dim=1)
    return SMPLParams.from_pose(axis_angle_to_matrix(pose), betas), joints


def _steps(
    track: PersonTrack,
    joints: torch.Tensor,
    params: SMPLParams,
    body: SMPLBody,
) -> Values:
    """How the legs step."""
    truth = reference_fields(track.reference, body)
    if truth is None or track.reference is None:
        return {}
    assert track.reference.pose is not None
    true = torch.as_tensor(track.reference.pose)[:, 0].float()
    report = gait_report(
        joints,
        truth['joints'],
        params.pose[:, 0],
        axis_angle_to_matrix(true),
        track.rate,
    )
    return dict(report._asdict())
