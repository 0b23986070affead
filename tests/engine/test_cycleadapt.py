"""CycleAdapt on a network whose parameters are the bodies themselves."""

from copy import deepcopy

import pytest
import torch
from mmengine.hooks import Hook
from test_semtta_runner import FreeEstimator, config, report_of  # noqa: F401

from semtta_mm.engine import SemTTARunner
from semtta_mm.engine.adaptor import adaptor_of
from semtta_mm.engine.hooks.best_epoch_hook import detected_error
from semtta_mm.engine.schedulers import cycleadapt_lr
from semtta_mm.models.adaptors import BaseAdaptor, CycleAdapt
from semtta_mm.registry import HOOKS, MODELS
from semtta_mm.utils import InputError

LR = 5e-3


class NoisyEstimator(FreeEstimator):
    """Train mode turns the knee by a random angle, as dropout does."""

    def predict(self, images):
        out = super().predict(images)
        if self.training:
            out.params.body_pose[:, 3, 0, 1] += torch.randn(len(images))
        return out


class Recorder(Hook):
    """Keeps what each step and each cycle had."""

    priority = 80

    def __init__(self):
        self.frames, self.rates, self.losses, self.masks = [], [], [], []
        self.cycles = []

    def before_train_epoch(self, runner):
        self.cycles.append([])

    def after_train_iter(self, runner, batch_idx, data_batch, outputs):
        session = adaptor_of(runner).session
        windows = data_batch['windows']
        part = session.segments[windows]
        self.cycles[-1] += part.index[part.valid].tolist()
        self.rates.append(runner.optim_wrapper.param_groups[0]['lr'])
        self.losses.append(float(outputs['loss_smooth'].detach()))


@pytest.fixture
def cycle(config):  # noqa: F811
    """The config of the paper's method, changed to CycleAdapt's."""
    for name, module in (('Noisy', NoisyEstimator),):
        MODELS.register_module(name=name, module=module, force=True)
    HOOKS.register_module(name='Recorder', module=Recorder, force=True)
    cfg = deepcopy(config)
    cfg.model.type = 'CycleAdapt'
    cfg.model.window_frames = 0
    dataset = cfg.train_dataloader.dataset
    cfg.train_dataloader = dict(
        dataset=dataset, sampler='CoverSampler', batch_size=4
    )
    cfg.train_cfg.max_epochs = 13
    cfg.param_scheduler = dict(type='CycleAdaptLR', eta_min=1e-4)
    cfg.hooks.ema = cfg.hooks.fill = cfg.hooks.reweight = None
    cfg.hooks.denoiser.update(
        motion='step',
        targets='training',
        average='rot6d',
        follows_schedule=True,
    )
    cfg.hooks.recorder = dict(type='Recorder')
    return cfg


def adapted(cfg, kind=Recorder):
    runner = SemTTARunner.from_cfg(cfg)
    runner.train()
    found = [hook for hook in runner.hooks if isinstance(hook, kind)]
    return runner, found[0] if found else None


def test_thirteen_cycles_lower_the_error_of_their_own_2d(cycle):
    runner, recorder = adapted(cycle)
    report = report_of(runner)
    before, after = report['overall']['before'], report['overall']['after']
    assert after['reproj_px'] < 0.7 * before['reproj_px']
    assert after['mpjpe'] < before['mpjpe']
    assert len(report['tracks']['someone']['epochs']) == 13
    for frames in recorder.cycles:  # every frame once a cycle
        assert sorted(frames) == list(range(9))
    assert len({tuple(frames) for frames in recorder.cycles}) > 1
    rates = [cycleadapt_lr(k, LR, 12, 3, 1e-4) for k in range(13)]
    want = [rate for rate in rates for _ in range(3)]  # 4 + 4 + 1 frames
    assert recorder.rates == pytest.approx(want)


def test_the_first_cycle_is_2d_only(cycle):
    cycle.train_cfg.max_epochs = 2
    _, recorder = adapted(cycle)
    first, second = recorder.losses[:3], recorder.losses[3:]
    assert first == [0, 0, 0]
    assert min(second) > 0


def test_tracks_shorter_than_half_a_window_stay_2d_only(cycle):
    cycle.train_cfg.max_epochs = 2
    cycle.hooks.denoiser.denoiser.frames = 49
    runner, recorder = adapted(cycle)
    assert recorder.losses == [0] * 6
    assert not adaptor_of(runner).session.targets.valid.any()
    overall = report_of(runner)['overall']
    assert overall['after']['reproj_px'] < overall['before']['reproj_px']


def test_the_cache_is_the_train_mode_forward(dataset, film, cycle):
    """With the step's noise and before its update; other frames are kept."""
    model = MODELS.build(
        dict(cycle.model, estimator=dict(cycle.model.estimator, type='Noisy'))
    )
    session = model.begin(dataset[0])
    assert not session.step_bodies.seen.any()
    model.train()
    torch.manual_seed(5)
    model(torch.tensor([7, 2]))
    torch.manual_seed(5)
    inputs = session.inputs[[2, 7]]
    want = model.predict(inputs).params
    cache = session.step_bodies
    assert cache.seen.nonzero()[:, 0].tolist() == [2, 7]
    assert torch.equal(cache.pose[[2, 7]], want.pose)
    assert torch.equal(cache.betas[[2, 7]], want.betas)
    model.eval()
    still = model.predict(inputs).params
    assert not torch.equal(cache.pose[[2, 7]], still.pose)
    # What no step predicted comes from the refresh pass.
    rest = torch.eye(3).expand(9, 24, 3, 3) * 2
    pose, betas = cache.filled(rest, torch.ones(9, 10))
    assert torch.equal(pose[7], cache.pose[7])
    assert torch.equal(pose[3], rest[3]) and betas[3].eq(1).all()
    assert not model.begin(dataset[0]).step_bodies.seen.any()


def test_the_denoiser_reads_the_cache_and_follows_the_schedule(cycle):
    cycle.train_cfg.max_epochs = 4
    cycle.hooks.denoiser.update(lr=1e-3)
    seen, rates = [], []

    class Spy(Hook):
        priority = 54

        def after_train_epoch(self, runner):
            session = adaptor_of(runner).session
            seen.append((session.step_bodies, session.refreshed.params))

    class After(Hook):
        priority = 56

        def after_train_epoch(self, runner):
            (hook,) = [
                h for h in runner.hooks if type(h).__name__ == 'DenoiserHook'
            ]
            rates.append(hook.optimizer.param_groups[0]['lr'])

    HOOKS.register_module(name='Spy', module=Spy, force=True)
    HOOKS.register_module(name='After', module=After, force=True)
    cycle.custom_hooks = [dict(type='Spy'), dict(type='After')]
    adapted(cycle)
    for bodies, params in seen:
        assert bodies.seen.all()
        assert not torch.equal(bodies.pose, params.pose)  # before updates
    share = [cycleadapt_lr(k, LR, 3, 3, 1e-4) / LR for k in range(4)]
    assert rates == pytest.approx([1e-3 * s for s in share])


def test_other_methods_keep_no_step_bodies(cycle):
    cycle.model.type = 'BaseAdaptor'
    assert 'step_bodies' not in BaseAdaptor.provides
    assert 'step_bodies' in CycleAdapt.provides
    with pytest.raises(InputError, match='needs step_bodies'):
        adapted(cycle)


@pytest.mark.parametrize('name', ['motion', 'targets', 'average'])
def test_unknown_options_of_the_denoiser(cycle, name):
    cycle.hooks.denoiser[name] = 'other'
    with pytest.raises(ValueError, match=f"{name}: 'other'"):
        SemTTARunner.from_cfg(cycle)


def test_the_best_cycle_by_its_2d_error(cycle, tmp_path):
    """A rising learning rate: the last cycle is worse than an earlier one."""
    cycle.param_scheduler = dict(type='ExponentialLR', gamma=10)
    cycle.train_cfg.max_epochs = 4
    cycle.hooks.best = dict(type='BestEpochHook')
    runner, _ = adapted(cycle)
    track = report_of(runner)['tracks']['someone']
    errors = [epoch['reproj_px'] for epoch in track['epochs']]
    assert errors.index(min(errors)) < 3
    assert track['after']['reproj_px'] == pytest.approx(min(errors), rel=1e-5)
    adaptor = adaptor_of(runner)
    kept = detected_error(adaptor.session)
    adaptor.session.prediction = adaptor.predict_track()
    assert detected_error(adaptor.session) == pytest.approx(kept, rel=1e-4)
    path = tmp_path / 'work' / 'someone' / 'adapted.pth'
    state = torch.load(path, weights_only=True)['state_dict']
    assert torch.equal(state['rot6d'], adaptor.estimator.rot6d)


def labelled(cfg, loss):
    cfg.model.dictionary = 'open'
    cfg.model.window_frames = 60
    cfg.model.losses.term = loss
    cfg.train_cfg.labeler = dict(type='FixedLabeler', text='wave a hand')
    cfg.train_cfg.max_epochs = 4
    cfg.train_dataloader.update(batch_size=1, min_steps_per_epoch=10)
    return cfg


def test_unpaired_poses_beside_cycleadapt(cycle):
    loss = dict(type='UnpairedPoseLoss')
    runner, _ = adapted(labelled(cycle, loss))
    track = report_of(runner)['tracks']['someone']
    losses = [epoch['losses']['term'] for epoch in track['epochs']]
    assert losses[-1] < 0.9 * losses[0]
    assert track['after']['reproj_px'] < track['before']['reproj_px']


def test_a_discriminator_learns_beside_cycleadapt(cycle):
    loss = dict(
        type='MotionAdversarialLoss',
        discriminator=dict(type='MotionDiscriminator', hidden=16),
        frames=5,
    )
    cfg = labelled(cycle, loss)
    cfg.hooks.discriminator = dict(
        type='DiscriminatorHook', loss='term', lr=1e-2
    )
    runner = SemTTARunner.from_cfg(cfg)
    network = adaptor_of(runner).losses['term'].discriminator
    start = deepcopy(network.state_dict())
    runner.train()
    hub = runner.message_hub.get_scalar('train/discriminator')
    values = hub.data[0]
    assert len(values) == 4 * 10
    assert values[-5:].mean() < values[:5].mean()
    assert not torch.equal(network.fc.weight, start['fc.weight'])
    assert not any(p.requires_grad for p in network.parameters())
    track = report_of(runner)['tracks']['someone']
    assert track['after']['reproj_px'] < track['before']['reproj_px']
    # The next track has the first weights.
    (hook,) = [
        h for h in runner.hooks if type(h).__name__ == 'DiscriminatorHook'
    ]
    hook.before_train(runner)
    assert torch.equal(network.fc.weight, start['fc.weight'])


def test_the_hook_needs_its_loss(cycle):
    cycle.hooks.discriminator = dict(type='DiscriminatorHook')
    runner = SemTTARunner.from_cfg(cycle)
    with pytest.raises(InputError, match=r'losses\.adversarial'):
        runner.train()
