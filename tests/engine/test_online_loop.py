"""One pass over each track, with BOA, DynaBOA and the plain adaptor."""

import numpy as np
import pytest
import torch
from mmengine.hooks import Hook
from test_semtta_runner import config, report_of  # noqa: F401

from semtta_mm.engine import SemTTARunner
from semtta_mm.engine.adaptor import adaptor_of
from semtta_mm.engine.loops.online_frames import frame_batches
from semtta_mm.structures.pose_bank import PoseBank
from semtta_mm.utils import InputError

LOSSES = dict(
    keypoints=dict(type='NormalizedKeypointLoss'),
    shape=dict(type='ShapePriorLoss'),
    source=dict(type='SourceLabelLoss'),
    teacher=dict(type='TeacherLoss'),
    motion=dict(type='DisplacementLoss'),
)


@pytest.fixture
def online(config):  # noqa: F811
    """BOA without source; one track of 9 frames."""
    config.model.type = 'BOA'
    config.model.losses = LOSSES
    config.train_cfg = dict(type='OnlineAdaptLoop')
    del config.train_dataloader['min_steps_per_epoch']
    config.train_dataloader.batch_size = 1
    config.optim_wrapper.optimizer.lr = 2e-2
    config.param_scheduler = None
    for role in ('refresh', 'denoiser', 'ema', 'fill', 'reweight'):
        config.hooks[role] = None
    return config


def with_twin(cfg, tmp_path):
    data = dict(np.load(tmp_path / 'tracks' / 'someone.npz'))
    data['name'] = np.array('twin')
    np.savez(tmp_path / 'tracks' / 'twin.npz', **data)
    return cfg


def adapted(cfg, name='run', hook=None):
    cfg.experiment_name = name
    cfg.custom_hooks = []
    runner = SemTTARunner.from_cfg(cfg)
    if hook is not None:
        runner.register_hook(hook)
    runner.train()
    return runner, report_of(runner)


@pytest.mark.parametrize('method', ['BOA', 'DynaBOA', 'BaseAdaptor'])
def test_reprojection_falls(online, method):
    online.model.type = method
    if method == 'BaseAdaptor':  # any method can go through a track once
        online.model.losses = dict(keypoints=dict(type='Keypoint2DLoss'))
    runner, report = adapted(online)
    before, after = report['overall']['before'], report['overall']['after']
    assert after['reproj_px'] < 0.95 * before['reproj_px']
    track = report['tracks']['someone']
    assert len(track['epochs']) == 1
    assert track['epochs'][0]['reproj_px'] == after['reproj_px']
    assert runner.train_loop.iter == track['frames'] == 9


class Watch(Hook):
    """The current frame's prediction, right after its step."""

    priority = 'LOWEST'

    def __init__(self):
        self.poses, self.seen, self.memory, self.modes = [], [], [], []

    def after_train_iter(self, runner, batch_idx, data_batch, outputs):
        adaptor = adaptor_of(runner)
        part = adaptor.session.segments[data_batch['windows']]
        frames = part.index[part.valid]
        self.modes.append(adaptor.estimator.training)
        with torch.no_grad():
            found = adaptor.predict(adaptor.session.inputs[frames])
        self.poses.append(found.params.pose)
        self.seen += frames.tolist()
        if hasattr(adaptor, 'history'):
            self.memory.append(len(adaptor.history))
        self.outputs = outputs

    def after_train(self, runner):
        self.result = adaptor_of(runner).session.prediction


@pytest.mark.parametrize('batch_size', [1, 4])
def test_the_result_is_made_of_the_online_predictions(online, batch_size):
    online.train_dataloader.batch_size = batch_size
    watch = Watch()
    runner, _ = adapted(online, hook=watch)
    assert watch.seen == list(range(9))
    poses = torch.cat(watch.poses)
    assert torch.equal(watch.result.params.pose, poses)
    last = adaptor_of(runner).predict_track().params.pose
    assert len(last) == 9
    assert max(watch.memory) == 5  # of the motion term, no more
    assert {'loss', 'loss_keypoints', 'loss_teacher'} <= set(watch.outputs)
    result = np.load(runner.work_dir + '/someone/result.npz')
    assert len(result['frame_ids']) == 9


def test_later_frames_do_not_change_earlier_predictions(online, tmp_path):
    """Causal: the same frames of a shorter track give the same."""
    _, _ = adapted(online, 'long', long := Watch())
    path = tmp_path / 'tracks' / 'someone.npz'
    online.train_dataloader.dataset.max_frames = 6
    _, _ = adapted(online, 'short', short := Watch())
    assert path.is_file() and len(short.result) == 6
    assert torch.equal(long.result.params.pose[:6], short.result.params.pose)


def test_one_frame(online):
    online.train_dataloader.dataset.max_frames = 1
    _, report = adapted(online)
    assert report['coverage']['frames'] == 1
    after = report['overall']['after']['reproj_px']
    assert after < report['overall']['before']['reproj_px']


def test_each_track_starts_anew(online, tmp_path):
    _, report = adapted(with_twin(online, tmp_path))
    one, two = report['tracks']['someone'], report['tracks']['twin']
    assert one['after'] == two['after']
    assert one['before'] == two['before']


def test_carried_over(online, tmp_path):
    online = with_twin(online, tmp_path)
    online.train_cfg.reset = 'never'
    runner, report = adapted(online, 'never')
    one, two = report['tracks']['someone'], report['tracks']['twin']
    # It goes on where the first ended, and is compared with the same start.
    assert two['after']['reproj_px'] < one['after']['reproj_px']
    assert two['before'] == one['before']
    adam = runner.optim_wrapper.optimizer
    steps = {int(state['step']) for state in adam.state.values()}
    assert steps == {18}
    online.train_cfg.soft_reset = 0.9
    _, soft = adapted(online, 'soft')
    reached = soft['tracks']['twin']['after']['reproj_px']
    assert two['after']['reproj_px'] < reached < one['after']['reproj_px'] + 1


@pytest.mark.parametrize(
    ('changes', 'problem'),
    [
        ({'train_cfg.max_epochs': 2}, 'each frame comes once'),
        ({'train_cfg.reset': 'often'}, 'often'),
        ({'train_cfg.soft_reset': 1.0}, 'soft_reset'),
        (
            {'train_cfg.reset': 'never', 'train_cfg.resume': True},
            'resume',
        ),
        ({'train_dataloader.batch_size': 0}, 'batch_size'),
        ({'model.shape': 'track'}, 'shape'),
        ({'hooks.refresh': {'type': 'RefreshHook'}}, 'hooks.refresh'),
        ({'hooks.ema': {'type': 'PoseBankEMAHook'}}, 'pose_bank'),
    ],
)
def test_what_does_not_fit_is_refused(online, changes, problem):
    for key, value in changes.items():
        part, name = key.split('.')
        online[part][name] = value
    with pytest.raises((InputError, ValueError), match=problem):
        adapted(online)


def test_resumed(online, tmp_path):
    online = with_twin(online, tmp_path)
    _, whole = adapted(online, 'whole')
    kept = tmp_path / 'work' / 'someone' / 'result.npz'
    time = kept.stat().st_mtime_ns
    (tmp_path / 'work' / 'twin' / 'metrics.json').unlink()
    online.train_cfg.resume = True
    _, again = adapted(online, 'again')
    assert again['overall'] == whole['overall']
    assert kept.stat().st_mtime_ns == time


def test_without_any_keypoint(online, monkeypatch):
    """Nothing to fit: the teacher and the priors remain, all finite."""
    empty = PoseBank.from_detections

    def nothing(keypoints, scores):
        return empty(keypoints, torch.zeros_like(scores))

    monkeypatch.setattr(PoseBank, 'from_detections', nothing)
    _, report = adapted(online, hook=(watch := Watch()))
    assert torch.isfinite(watch.result.params.pose).all()
    assert watch.outputs['loss_keypoints'] == 0
    assert watch.outputs['loss_motion'] == 0
    del report


def test_batches_follow_frame_numbers():
    found = frame_batches(np.array([0, 2, 4, 10, 12]), 2, 2)
    rows = [
        i[v].tolist() for i, v in zip(found.index, found.valid, strict=True)
    ]
    assert rows == [[0, 1], [2], [3, 4]]
    alone = frame_batches(np.array([7]), 1, 3)
    assert alone.index[alone.valid].tolist() == [0]
