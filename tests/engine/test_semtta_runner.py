"""The whole loop on a network whose parameters are the bodies themselves."""

import json

import numpy as np
import pytest
import torch
from mmengine.config import Config
from torch import nn

from semtta_mm.datasets import read_frames, video_info
from semtta_mm.datasets.track_io import load_track, save_track
from semtta_mm.engine import SemTTARunner
from semtta_mm.engine.adaptor import adaptor_of
from semtta_mm.geometry import (
    axis_angle_to_matrix,
    matrix_to_rot6d,
    project_points,
    rot6d_to_matrix,
)
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.models.estimators import MeshEstimator
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.structures import MeshPrediction, SMPLParams
from semtta_mm.structures.pose_bank import Source


class FreeEstimator(MeshEstimator):
    """One free body a frame; the brightness gives the frame."""

    def __init__(self, start: str, level: float, input_size: int) -> None:
        super().__init__(input_size, mean=(0, 0, 0), std=(1, 1, 1))
        given = torch.load(start, weights_only=True)
        self.level = level
        self.rot6d = nn.Parameter(given['rot6d'])
        self.betas = nn.Parameter(torch.zeros(len(self.rot6d), 10))
        self.camera = nn.Parameter(given['camera'])

    def predict(self, images):
        level = images.mean(dim=(1, 2, 3)) * 255
        frame = (level / self.level).round().long()
        pose = rot6d_to_matrix(self.rot6d[frame], 'columns')
        params = SMPLParams.from_pose(pose, self.betas[frame])
        return MeshPrediction(params, self.camera[frame])


@pytest.fixture
def config(tmp_path, dataset, truth, film):
    """Bodies start 15 degrees off the truth."""
    register_all_modules()
    MODELS.register_module(
        name='FreeEstimator', module=FreeEstimator, force=True
    )
    torch.manual_seed(0)
    noise = torch.randn(len(truth), 24, 3) * 0.15
    start = truth.pose @ axis_angle_to_matrix(noise)
    path = tmp_path / 'start.pth'
    values = {
        'rot6d': matrix_to_rot6d(start, 'columns'),
        'camera': film.camera.repeat(len(truth), 1),
    }
    torch.save(values, path)
    track = dataset[0].track
    save_track(tmp_path / 'tracks' / 'someone.npz', track)
    return Config(
        dict(
            default_scope='semtta_mm',
            work_dir=str(tmp_path / 'work'),
            model=dict(
                type='SemTTA',
                estimator=dict(
                    type='FreeEstimator',
                    start=str(path),
                    level=film.level,
                    input_size=film.side,
                ),
                body=dict(type='SMPLBody'),
                losses=dict(
                    keypoints=dict(type='Keypoint2DLoss'),
                    smooth=dict(type='SmoothLoss'),
                ),
            ),
            train_dataloader=dict(
                dataset=dict(
                    type='TrackDataset',
                    reader=dict(
                        type='NpzTrackReader',
                        keypoints=str(tmp_path / 'tracks'),
                    ),
                    input_size=film.side,
                ),
                batch_size=2,
                min_steps_per_epoch=20,
            ),
            train_cfg=dict(type='VideoAdaptLoop', max_epochs=3),
            optim_wrapper=dict(
                optimizer=dict(type='Adam', lr=5e-3, betas=(0.5, 0.9))
            ),
            param_scheduler=dict(
                type='CosineAnnealingLR', eta_min=1e-4, T_max=3
            ),
            metric=dict(
                type='MeshMetric', root='mid_hip', joint_set='limbs_12'
            ),
            hooks=dict(
                refresh=dict(type='RefreshHook'),
                metrics=dict(type='TrackMetricsHook'),
                denoiser=dict(
                    type='DenoiserHook', denoiser=dict(type='MDNet', frames=7)
                ),
                ema=dict(type='PoseBankEMAHook'),
                fill=dict(type='PoseBankFillInHook'),
                reweight=dict(type='SegmentReweightHook'),
                result=dict(type='TrackResultHook'),
            ),
            default_hooks=dict(checkpoint=None),
            log_level='WARNING',
            experiment_name='test',
        )
    )


def report_of(runner):
    return runner.train_loop.report()


def test_adaptation_lowers_the_3d_error(config):
    runner = SemTTARunner.from_cfg(config)
    runner.train()
    report = report_of(runner)
    before, after = report['overall']['before'], report['overall']['after']
    assert after['reproj_px'] < 0.7 * before['reproj_px']
    assert after['mpjpe'] < before['mpjpe']
    assert before['mpvpe'] > 0
    epochs = report['tracks']['someone']['epochs']
    assert len(epochs) == 3
    assert epochs[0]['similarity'] is None


def test_steps_and_targets(config):
    config.train_cfg.max_epochs = 2
    runner = SemTTARunner.from_cfg(config)
    runner.train()
    assert runner.train_loop.max_iters == 2 * 20
    session = adaptor_of(runner).session
    assert session.targets.valid.all()
    # Without labels nothing is filled in; detected keypoints stay.
    assert session.bank.count(Source.DETECTED) == len(session.frames) * 17
    assert session.bank.count(Source.FILLED) == 0


def test_the_seed_determines_the_result(config):
    config.train_cfg.max_epochs = 1
    reports = []
    for name in ('a', 'b'):
        config.experiment_name = name
        runner = SemTTARunner.from_cfg(config)
        runner.train()
        reports.append(report_of(runner)['overall'])
    assert reports[0] == reports[1]


def test_each_track_starts_from_the_pretrained_weights(config, tmp_path):
    """The second track, a copy of the first, has the pre-trained weights."""
    first = tmp_path / 'tracks' / 'someone.npz'
    data = dict(np.load(first))
    data['name'] = np.array('twin')
    np.savez(tmp_path / 'tracks' / 'twin.npz', **data)
    config.train_cfg.max_epochs = 1
    runner = SemTTARunner.from_cfg(config)
    runner.train()
    tracks = report_of(runner)['tracks']
    assert list(tracks) == ['someone', 'twin']
    assert tracks['someone']['before'] == tracks['twin']['before']
    assert tracks['twin']['after'] != tracks['twin']['before']


def test_written_results_are_consistent(config, tmp_path):
    """The projection of the written body is the written 2D, within 0.1 px."""
    config.train_cfg.max_epochs = 1
    SemTTARunner.from_cfg(config).train()
    folder = tmp_path / 'work' / 'someone'
    with np.load(folder / 'result.npz', allow_pickle=False) as file:
        result = dict(file)
    params = SMPLParams.from_axis_angle(
        torch.from_numpy(
            np.concatenate(
                [result['global_orient'], result['body_pose']], axis=1
            )
        ),
        torch.from_numpy(result['betas']),
        torch.from_numpy(result['transl']),
    )
    out = SMPLBody()(params, keypoints=('coco_17',))
    pixels = project_points(
        out.keypoints['coco_17'], torch.from_numpy(result['cam_intrinsics'])
    )
    assert np.abs(pixels.numpy() - result['joints2d']).max() < 0.1
    np.testing.assert_allclose(
        out.joints.numpy(), result['joints3d'], atol=1e-4
    )
    own = project_points(
        torch.from_numpy(result['keypoints3d']),
        torch.from_numpy(result['cam_intrinsics']),
    )
    assert np.abs(own.numpy() - result['joints2d']).max() < 0.1
    assert result['bank_source'].shape == (len(params), 17)
    state = torch.load(folder / 'adapted.pth', weights_only=True)
    assert 'rot6d' in state['state_dict']
    assert (folder / 'metrics.json').is_file()


def test_a_video_of_before_and_after(config, tmp_path):
    config.train_cfg.max_epochs = 1
    config.hooks.video = dict(type='TrackVideoHook')
    config.custom_hooks = [dict(type='AdaptProgressHook')]
    SemTTARunner.from_cfg(config).train()
    video = tmp_path / 'work' / 'someone' / 'before_after.mp4'
    info = video_info(video)
    assert info.frame_count == 9
    images = [image for _, image in read_frames(video, [0, 8])]
    assert images[0].shape[1] == 3 * 240  # evidence, before, after
    middle, right = images[0][:, 240:480], images[0][:, 480:]
    assert np.abs(middle.astype(int) - right).mean() > 0.5


def test_other_views_and_curves(config, tmp_path):
    config.train_cfg.max_epochs = 2
    config.hooks.video = dict(
        type='TrackVideoHook', height=60, views=['overlay', 'before+side+top']
    )
    config.hooks.plots = dict(type='TrackPlotHook')
    SemTTARunner.from_cfg(config).train()
    folder = tmp_path / 'work' / 'someone'
    assert not (folder / 'before_after.mp4').exists()
    source = load_track(tmp_path / 'tracks' / 'someone.npz').video
    overlay = video_info(folder / 'overlay.mp4')
    whole = video_info(source)
    assert (overlay.width, overlay.height) == (whole.width, whole.height)
    assert (overlay.fps, overlay.frame_count) == (25.0, 9)
    ((_, image),) = read_frames(folder / 'before_side_top.mp4', [4])
    assert image.shape[0] == 60
    assert (folder / 'curves.png').read_bytes()[:4] == b'\x89PNG'
    epochs = json.loads((folder / 'metrics.json').read_text())['epochs']
    assert set(epochs[1]['losses']) == {'keypoints', 'smooth'}
    assert epochs[1]['losses']['keypoints'] < epochs[0]['losses']['keypoints']


def test_no_keypoint_is_visible(config, tmp_path):
    """Without evidence losses are finite and the network does not change."""
    path = tmp_path / 'tracks' / 'someone.npz'
    data = dict(np.load(path))
    data['scores'] = np.zeros_like(data['scores'])
    np.savez(path, **data)
    config.model.losses.smooth = None
    config.train_cfg.max_epochs = 1
    runner = SemTTARunner.from_cfg(config)
    start = runner.model.estimator.rot6d.detach().clone()
    runner.train()
    assert torch.equal(runner.model.estimator.rot6d.detach(), start)
    assert report_of(runner)['overall']['after']['mpjpe'] > 0


@pytest.mark.parametrize('count', [1, 6, 7, 8])
def test_tracks_about_a_windows_length(config, tmp_path, count):
    """Shorter than the denoiser's window of 7, as long, longer."""
    path = tmp_path / 'tracks' / 'someone.npz'
    save_track(path, load_track(path)[:count])
    config.train_cfg.max_epochs = 2
    runner = SemTTARunner.from_cfg(config)
    runner.train()
    session = adaptor_of(runner).session
    # Less than half a window: the denoiser was never trained for that.
    assert bool(session.targets.valid.all()) == (count >= 4)
    report = report_of(runner)
    assert report['coverage']['frames'] == count
    for value in report['overall']['after'].values():
        assert value is None or np.isfinite(value)


def test_losses_know_the_epoch_and_check_the_method(config):
    seen = []

    class Recorder(nn.Module):
        def check(self, adaptor):
            seen.append(type(adaptor).__name__)

        def forward(self, step):
            seen.append(step.session.epoch)
            return step.prediction.params.pose.sum() * 0

    MODELS.register_module(name='Recorder', module=Recorder, force=True)
    config.model.losses.recorder = dict(type='Recorder')
    config.train_cfg.max_epochs = 2
    config.train_dataloader.min_steps_per_epoch = 3
    SemTTARunner.from_cfg(config).train()
    assert seen == ['SemTTA', 0, 0, 0, 1, 1, 1]
