"""Losses, refresh pass, pose bank and results project with one camera."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from semtta_mm.datasets import TrackDataset
from semtta_mm.engine.hooks.pose_bank_hooks import smoothed_points
from semtta_mm.engine.hooks.track_result_hook import result_arrays
from semtta_mm.models.adaptors import BaseAdaptor, LossInput, WindowBatch
from semtta_mm.models.adaptors.denoise import SmoothTargets
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules

INTRINSICS = [[900.0, 0, 130], [0, 880, 95], [0, 0, 1]]


@pytest.fixture
def adaptor(oracle, monkeypatch):
    """Of the oracle; the argument selects the camera."""
    register_all_modules()
    build = MODELS.build
    monkeypatch.setattr(
        MODELS,
        'build',
        lambda cfg, *a, **k: (
            oracle if cfg.get('type') == 'Oracle' else build(cfg, *a, **k)
        ),
    )

    def make(true_camera):
        return BaseAdaptor(
            estimator=dict(type='Oracle'),
            body=dict(type='SMPLBody'),
            losses=dict(keypoints=dict(type='Keypoint2DLoss')),
            true_camera=true_camera,
        )

    return make


@pytest.fixture
def frames(dataset):
    """The same track with true intrinsics, the tracks' own camera."""
    track = dataset[0].track
    intrinsics = np.tile(np.float32(INTRINSICS), (len(track), 1, 1))
    with_camera = replace(track, intrinsics=intrinsics)
    return TrackDataset(tracks=[with_camera], input_size=dataset.input_size)[0]


def projections(model, frames):
    """Pixels of the loss, of the refresh pass and of written files."""
    session = model.begin(frames)
    windows = torch.arange(len(session.segments))
    batch = WindowBatch.gather(session, windows, model.device)
    step = LossInput(batch, model.predict(batch.inputs), session, model)
    session.prediction = model.predict_track()
    count = len(frames)
    still = session.prediction.params.pose
    session.targets = SmoothTargets(
        still, torch.zeros(count, 10), torch.ones(count, dtype=torch.bool)
    )
    bank = session.bank.ema(session.prediction.joints2d, 0.0)
    written = result_arrays(session)
    return {
        'loss': step.joints2d.detach(),
        'refresh': session.prediction.joints2d,
        'bank': bank.keypoints,
        'smoothed fill': smoothed_points(model.body, session),
        'result': torch.from_numpy(written['joints2d']),
    }, torch.from_numpy(written['cam_intrinsics'])


@pytest.mark.parametrize('true_camera', [False, True])
def test_all_parts_use_one_camera(adaptor, frames, true_camera):
    pixels, camera = projections(adaptor(true_camera), frames)
    for name, values in pixels.items():
        assert (values - pixels['loss']).abs().max() < 0.02, name
    is_true = torch.allclose(camera, torch.tensor(INTRINSICS), atol=1e-3)
    assert is_true == true_camera


def test_without_intrinsics_the_crop_camera_stays(adaptor, dataset):
    crop, _ = projections(adaptor(False), dataset[0])
    true, _ = projections(adaptor(True), dataset[0])
    for name in crop:
        assert torch.equal(crop[name], true[name]), name


def test_the_true_camera_changes_the_loss(adaptor, frames):
    values = []
    for true_camera in (False, True):
        model = adaptor(true_camera)
        model.begin(frames)
        values.append(model(torch.tensor([0]))['loss_keypoints'].item())
    assert values[0] < 0.01  # evidence was made with the crop camera
    assert values[1] > 5 * max(values[0], 1e-3)
