"""ISO on the open HMR: what is shared, what moves, what carries over."""

from copy import deepcopy

import pytest
import torch
from mmengine.config import Config
from mmengine.optim import OptimWrapper

from semtta_mm.apis.config import find_config
from semtta_mm.datasets import TrackDataset
from semtta_mm.models.adaptors import ISO
from semtta_mm.models.adaptors.hmr_parts import HMRParts
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError


@pytest.fixture(scope='module')
def demo():
    register_all_modules()
    return Config.fromfile(find_config('iso_hmr_demo.py'))


@pytest.fixture
def frames(dataset):
    """The miniature track in crops of the open HMR."""
    track = dataset[0].track
    return TrackDataset(tracks=[track], input_size=128)[0]


def adaptor(demo, **options):
    config = deepcopy(demo.model.to_dict())
    config |= {
        'fit': dict(pool=64, steps=30),
        'views': dict(count=4),
    } | options
    return MODELS.build(config)


def optimizer(model, lr=1e-3):
    return OptimWrapper(torch.optim.Adam(model.parameters(), lr=lr))


def state(model):
    return {k: v.clone() for k, v in model.estimator.state_dict().items()}


def moved(first, second):
    return {k for k, v in first.items() if not torch.equal(v, second[k])}


@pytest.mark.parametrize('adapts', ['head', 'network'])
def test_both_parts_are_the_whole_network(demo, frames, adapts):
    model = adaptor(demo, adapts=adapts, fit=dict(steps=0))
    model.begin(frames)
    inputs = model.session.inputs[:3]
    model.eval()
    with torch.no_grad():
        want = model.predict(inputs)
        found = model.parts.bodies(model.parts.shared(inputs))
    torch.testing.assert_close(
        found.params.pose, want.params.pose, atol=1e-4, rtol=0
    )
    torch.testing.assert_close(found.camera, want.camera, atol=1e-4, rtol=0)
    torch.testing.assert_close(
        found.params.betas, want.params.betas, atol=1e-4, rtol=0
    )


@pytest.mark.parametrize('adapts', ['head', 'network'])
def test_only_shared_weights_move(demo, frames, adapts):
    model = adaptor(demo, adapts=adapts, steps=1)
    model.begin(frames)
    before, lifter = state(model), deepcopy(model.lifter.state_dict())
    log = model.train_step({}, optimizer(model))
    changed = moved(before, state(model))
    expected = ('head.fc1.', 'neck.mix.')
    if adapts == 'network':
        expected += ('backbone.', 'neck.')
    assert {'head.fc1.weight', 'head.fc1.bias'} < changed
    assert all(name.startswith(expected) for name in changed)
    assert any(n.startswith('backbone.') for n in changed) == (
        adapts == 'network'
    )
    # Of the first layer only the columns that read the image.
    weight = 'head.fc1.weight'
    columns = (before[weight] != state(model)[weight]).any(dim=0)
    assert columns[:1024].any() and not columns[1024:].any()
    for name, value in model.lifter.state_dict().items():
        assert torch.equal(value, lifter[name])
    assert not [n for n in model.state_dict() if 'lifter' in n]
    assert {'loss', 'loss_ssl_before', 'loss_cycle3d'} < set(log)


def test_steps_lower_the_ssl_loss(demo, frames):
    """Measured in the same virtual views before and after."""
    model = adaptor(demo, steps=10, mode='online')
    model.begin(frames)
    wrapper = optimizer(model, 3e-4)
    logs = [model.train_step({}, wrapper) for _ in range(3)]
    for log in logs:
        assert log['loss_ssl_after'] < log['loss_ssl_before']
        terms = [log[f'loss_{k}'] for k in ('reproject', 'cycle2d', 'cycle3d')]
        assert float(log['loss']) == pytest.approx(float(sum(terms)))


def test_an_instance_starts_anew_and_online_goes_on(demo, frames):
    states = {}
    for mode in ('instance', 'online'):
        model = adaptor(demo, steps=2, mode=mode, fit=dict(steps=0))
        model.begin(frames)
        wrapper = optimizer(model)
        starts = []
        original = model.adapt_to

        def spy(batch, wrapper, starts=starts, original=original, m=model):
            steps = [int(v['step']) for v in wrapper.optimizer.state.values()]
            starts.append((state(m), max(steps, default=0)))
            return original(batch, wrapper)

        model.adapt_to = spy
        for _ in range(3):
            model.train_step({}, wrapper)
        states[mode] = starts
    first = states['instance'][0][0]
    for now, steps in states['instance']:
        assert not moved(first, now) and steps == 0
    for (last, _), (now, _) in zip(
        states['online'], states['online'][1:], strict=False
    ):
        assert moved(last, now)
    assert [steps for _, steps in states['online']] == [0, 2, 4]


def test_each_frame_keeps_its_own_prediction(demo, frames):
    model = adaptor(demo, mode='instance', steps=2, group=4)
    model.begin(frames)
    wrapper = optimizer(model)
    plain = model.predict_track().params.pose
    assert len(model.session.segments) == 3  # 4 + 4 + 1 frames
    kept = []
    for _ in range(3):
        model.train_step({}, wrapper)
        with torch.no_grad():
            kept.append(model.predict(model.session.inputs).params.pose)
    found = model.predict_track().params.pose
    assert (found - plain).abs().amax(dim=(1, 2, 3)).min() > 1e-5
    for number, frame in ((0, 2), (1, 5), (2, 8)):
        torch.testing.assert_close(
            found[frame], kept[number][frame], atol=1e-5, rtol=0
        )


def test_a_track_is_reset_and_the_seed_decides(demo, frames):
    model = adaptor(demo, mode='online', steps=1)
    runs = []
    for _ in range(2):
        model.begin(frames, seed=4)
        assert not model._kept
        wrapper = optimizer(model)
        runs.append([float(model.train_step({}, wrapper)['loss'])] * 2)
    assert runs[0] == pytest.approx(runs[1])


def test_the_lifter_sees_the_first_frames_only_if_asked(demo, frames):
    model = adaptor(demo, fit_frames=1)
    seen = []
    original = model.parts.shared
    model.parts.shared = lambda x: seen.append(len(x)) or original(x)
    model.begin(frames)
    assert seen == [1]


def test_a_frame_alone_and_frames_without_keypoints(demo, dataset):
    track = dataset[0].track[slice(0, 1)]
    one = TrackDataset(tracks=[track], input_size=128)[0]
    model = adaptor(demo, steps=1)
    for _ in range(2):
        model.begin(one)
        log = model.train_step({}, optimizer(model))
        assert log['loss'].isfinite()
        assert model.predict_track().params.pose.isfinite().all()
        one.scores.zero_()
    assert log['loss_reproject'] == 0


def test_other_networks_are_refused():
    register_all_modules()
    with pytest.raises(InputError, match='ConstantEstimator'):
        ISO(
            estimator=dict(type='ConstantEstimator', input_size=64),
            body=dict(type='SMPLBody'),
        )
    with pytest.raises(ValueError, match='mode'):
        ISO(
            estimator=dict(type='ConstantEstimator', input_size=64),
            body=dict(type='SMPLBody'),
            mode='of line',
        )


def test_the_rest_of_the_regressor_is_frozen(demo):
    model = adaptor(demo)
    learning = {
        n for n, p in model.estimator.named_parameters() if p.requires_grad
    }
    assert learning
    assert all(n.startswith(('head.fc1.', 'neck.mix.')) for n in learning)
    assert isinstance(model.parts, HMRParts) and model.parts.size == 1024
