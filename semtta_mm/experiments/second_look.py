"""What a run's own metrics leave out: steps, turns, what others do not see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config

from ..datasets import TrackDataset
from ..evaluation import evaluate_track
from ..evaluation.functional.gait import gait_report
from ..evaluation.track_sample import reference_fields, unseen_joints
from ..geometry import axis_angle_to_matrix, rotation_angle
from ..models.adaptors.seen import seen_rotations
from ..models.bodies import SMPLBody
from ..registry import DATASETS, METRICS
from ..structures import PersonTrack
from .plan import Run

Values = dict[str, float | None]


def looked_at_again(run: Run, cfg: Config, folder: Path) -> dict[str, Values]:
    """Further values of each adapted track, from its ``result.npz``.

    Args:
        run: The run.
        cfg: Its config.
        folder: Of the run.

    Returns:
        Track to the fields of
        :class:`~semtta_mm.evaluation.functional.gait.GaitReport` and of
        :func:`turns`; with true
        evidence also to ``mpjpe_visible`` and ``mpjpe_occluded`` of the
        joints that the other rows see and do not see.
    """
    detected = replace(run, evidence='detected').configured(folder)
    dataset: TrackDataset = DATASETS.build(detected.train_dataloader.dataset)
    body, out = SMPLBody(), {}
    for track in dataset.tracks:
        with np.load(folder / track.name / 'result.npz') as result:
            joints = torch.from_numpy(result['joints3d']).float()
            orient = torch.from_numpy(result['global_orient']).float()
            local = torch.from_numpy(result['body_pose']).float()
        out[track.name] = steps(track, joints, orient, body)
        out[track.name] |= turns(track, orient, local)
        if run.evidence == 'true':
            out[track.name] |= hidden(track, joints, cfg, body)
    return out


def steps(
    track: PersonTrack,
    joints: torch.Tensor,
    orient: torch.Tensor,
    body: SMPLBody,
) -> Values:
    """How the legs step.

    Args:
        track: With a reference that has a pose.
        joints: Predicted, ``smpl_24`` ``[T, 24, 3]``, m.
        orient: Predicted root rotations ``[T, 3]``, axis-angle.
        body: Of the reference.
    """
    truth = reference_fields(track.reference, body)
    if truth is None or track.reference is None:
        return {}
    assert track.reference.pose is not None
    true = torch.as_tensor(track.reference.pose)[:, 0].float()
    report = gait_report(
        joints,
        truth['joints'],
        axis_angle_to_matrix(orient),
        axis_angle_to_matrix(true),
        track.rate,
    )
    return dict(report._asdict())


def turns(
    track: PersonTrack, orient: torch.Tensor, local: torch.Tensor
) -> Values:
    """Errors of rotations, whatever they do to the joints below.

    Args:
        track: With the evidence, and a reference that has a pose.
        orient: Predicted root rotations ``[T, 3]``, axis-angle.
        local: Predicted other rotations ``[T, 69]``, axis-angle.

    Returns:
        ``root_deg``, mean angle between predicted and true root, and
        ``hidden_deg``, the same of rotations that no keypoint of the
        evidence shows; None where there is none.
    """
    if track.reference is None or track.reference.pose is None:
        return {}
    pose = torch.cat((orient[:, None], local.view(-1, 23, 3)), dim=1)
    true = torch.as_tensor(track.reference.pose).float()
    angle = rotation_angle(
        axis_angle_to_matrix(pose), axis_angle_to_matrix(true)
    ).rad2deg()
    seen = seen_rotations(torch.from_numpy(track.scores > 0), track.convention)
    hidden = angle[~seen]
    return {
        'root_deg': float(angle[:, 0].mean()),
        'hidden_deg': float(hidden.mean()) if len(hidden) else None,
    }


def hidden(
    track: PersonTrack, joints: torch.Tensor, cfg: Config, body: SMPLBody
) -> Values:
    """Errors of the joints that a track's own evidence lacks, and has.

    Args:
        track: With the evidence.
        joints: Predicted, ``smpl_24`` ``[T, 24, 3]``, m.
        cfg: Of the run, for its protocol.
        body: Of the reference.
    """
    protocol = METRICS.build(cfg.metric).protocol
    sample = {
        'name': track.name,
        'frame_ids': track.frame_ids,
        'fps': track.fps,
        'stride': track.stride,
        'prediction': {'joints': {'smpl_24': joints}},
        'reference': reference_fields(track.reference, body, protocol.frame),
        'occluded': unseen_joints(track, track.reference),
    }
    values = evaluate_track(sample, protocol).values
    return {k: values[k] for k in ('mpjpe_visible', 'mpjpe_occluded')}
