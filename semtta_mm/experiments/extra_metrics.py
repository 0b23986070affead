"""Further metrics of a run, computed from its result files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config
from torch import Tensor

from ..datasets import TrackDataset
from ..datasets.readers.test_set import (
    TestSetReader,
    hidden_keypoints,
    truth_path,
)
from ..engine.hooks.track_result_hook import RESULT_FILE
from ..evaluation.functional.gait import gait_report
from ..evaluation.protocol import Protocol
from ..evaluation.track_sample import reference_fields
from ..geometry import axis_angle_to_matrix
from ..labeling.test_set_labeler import TestSetLabeler
from ..models.bodies import SMPLBody
from ..models.classifiers import ActionClassifier
from ..registry import DATASETS, METRICS
from ..structures import PersonTrack, SMPLParams
from .action_scores import action_scores, open_classifier
from .fills import fill_values
from .plan import Run
from .unobserved_errors import (
    Values,
    errors_by_visibility,
    oracle_errors,
    rotation_errors,
    true_pose,
)
from .unobserved_motion import slide_of_feet, unobserved_motion
from .vertical import true_up

SHOWN = 0.25
"""Share of keypoints that a picture of the person shows at least."""


@dataclass(frozen=True)
class _Scorer:
    """What all tracks of a run are measured with."""

    protocol: Protocol
    folder: Path
    body: SMPLBody
    classifier: ActionClassifier | None


def extra_metrics(
    run: Run, cfg: Config, folder: Path
) -> dict[str, dict[str, Values]]:
    """Further values of each track, from its ``result.npz``.

    Observed and unobserved joints are those of the detected evidence, also
    for a row with true evidence.

    Args:
        run: The run.
        cfg: Its config.
        folder: Of the run.

    Returns:
        Track to stage (``'after'``, and ``'before'`` if there is a
        ``before.npz``) to the fields of
        :class:`~semtta_mm.evaluation.functional.gait.GaitReport`, of
        :func:`.errors_by_visibility`, :func:`.rotation_errors`,
        :func:`.oracle_errors`, :func:`.unobserved_motion`,
        :func:`.slide_of_feet`, :func:`.action_scores` and
        :func:`.fill_values`. Tracks that are not of a test set have the last
        and no exact keypoints.
    """
    if run.folder is None:
        return _of_own_tracks(folder)
    detected = replace(run, evidence='detected', labels='right')
    plain = detected.configured(folder)
    dataset: TrackDataset = DATASETS.build(plain.train_dataloader.dataset)
    labeler = TestSetLabeler(run.folder)
    exact = TestSetReader(run.folder, run.variants, 'true', clips=run.clips)
    true = {track.name: track.keypoints for track in exact()}
    protocol = METRICS.build(cfg.metric).protocol
    scorer = _Scorer(protocol, run.folder, SMPLBody(), open_classifier())
    out: dict[str, dict[str, Values]] = {}
    for track in dataset.tracks:
        label, place = labeler.text(track.name), folder / track.name
        out[track.name] = {
            stage: _track_values(scorer, track, label, *_result(path))
            for stage, path in _stages(place).items()
        }
        fills = fill_values(place / RESULT_FILE, true[track.name])
        out[track.name]['after'] |= fills
    return out


def _of_own_tracks(folder: Path) -> dict[str, dict[str, Values]]:
    """Values of tracks that are not of a test set."""
    return {
        path.parent.name: {'after': fill_values(path)}
        for path in folder.glob(f'*/{RESULT_FILE}')
    }


def _stages(folder: Path) -> dict[str, Path]:
    """Stage to the file of a track's predictions."""
    before = folder / 'before.npz'
    stages = {'before': before} if before.is_file() else {}
    return stages | {'after': folder / RESULT_FILE}


def _track_values(
    scorer: _Scorer,
    track: PersonTrack,
    label: str,
    params: SMPLParams,
    joints: Tensor,
) -> Values:
    """All values of one track; without a reference none."""
    protocol, body = scorer.protocol, scorer.body
    if track.reference is None:
        return {}
    values = _steps(track, joints, params, body)
    values |= errors_by_visibility(track, joints, protocol, body)
    values |= unobserved_motion(
        track, joints, protocol, body, values.get('step_hz_true')
    )
    values |= _action(scorer, track, joints, label)
    truth = true_pose(track, body, protocol.frame)
    if truth is None:
        return values
    up = true_up(track, scorer.folder, body, protocol.frame)
    shown = torch.from_numpy(shown_frames(scorer.folder, track))
    values |= rotation_errors(track, params.pose, truth, up, shown)
    values |= oracle_errors(track, params, truth, protocol, body)
    values |= slide_of_feet(track, joints, up, protocol, body)
    return values


def shown_frames(folder: Path, track: PersonTrack) -> np.ndarray:
    """Frames whose pictures show the person.

    Args:
        folder: Of a test set; without its truth, all frames show the person.
        track: One of its tracks.

    Returns:
        ``[T]``, bool: True where at least :data:`SHOWN` of the keypoints are
        in the image and not behind a thing.
    """
    if not truth_path(folder, track.name).is_file():
        return np.ones(len(track), bool)
    hidden = hidden_keypoints(folder, track)
    return np.asarray(1 - hidden.mean(axis=1) >= SHOWN)


def _action(
    scorer: _Scorer, track: PersonTrack, joints: Tensor, label: str
) -> Values:
    """Recognised actions; nothing without classifier or true joints."""
    true = reference_fields(track.reference, scorer.body, mesh=False)
    if scorer.classifier is None or true is None:
        return {}
    if true['convention'] != 'smpl_24':
        return {}
    return action_scores(
        scorer.classifier, joints, true['joints'], track.rate, label
    )


def _result(path: Path) -> tuple[SMPLParams, Tensor]:
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
    joints: Tensor,
    params: SMPLParams,
    body: SMPLBody,
) -> Values:
    """Tempo, phase and size of the steps."""
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
