"""BOA and DynaBOA on the open network: head and whole, source, stop rule."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.optim import OptimWrapper

from semtta_mm.apis.config import find_config
from semtta_mm.datasets import TrackDataset
from semtta_mm.datasets.source_bank import SourceBank, encode_jpeg, write_bank
from semtta_mm.models.adaptors import BOA, DynaBOA
from semtta_mm.models.adaptors.online.functional import cosine_distance
from semtta_mm.models.adaptors.online.source import pooled
from semtta_mm.models.adaptors.online.stop_feature import stop_feature
from semtta_mm.models.estimators import ConstantEstimator
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

ONE = {'windows': torch.tensor([0])}


@pytest.fixture
def frames(dataset):
    """Frames of the fixture in the size of the open network."""
    return TrackDataset(tracks=[dataset[0].track], input_size=128)[0]


@pytest.fixture
def bank_file(tmp_path):
    """Four crops in four colours; two clusters to be made."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (4, 128, 128, 3)).astype(np.uint8)
    images[2:] = images[2:] // 8
    bank = SourceBank(
        name='x',
        jpeg=[encode_jpeg(image) for image in images],
        pose=np.tile(np.eye(3, dtype=np.float32), (4, 24, 1, 1)),
        betas=np.zeros((4, 10), np.float32),
        joints2d=np.zeros((4, 24, 2), np.float32),
        visible=np.ones((4, 24), bool),
    )
    return str(write_bank(bank, tmp_path / 'bank.npz'))


def build(name, **options):
    register_all_modules()
    cfg = Config.fromfile(find_config(f'{name}_hmr_demo.py'))
    cfg.model.update(options)
    torch.manual_seed(0)
    return MODELS.build(cfg.model)


def optimizer(model, lr=1e-4):
    learning = [p for p in model.parameters() if p.requires_grad]
    return OptimWrapper(torch.optim.Adam(learning, lr=lr))


def fit(model):
    """2D error of the first frame's window, px."""
    session = model.session
    error = model.predict_track().joints2d[0] - session.bank.keypoints[0]
    return float(error.norm(dim=-1).mean())


@pytest.mark.parametrize('name', ['boa', 'dynaboa'])
@pytest.mark.parametrize('adapts', ['head', 'network'])
def test_steps_lower_the_error(name, adapts, frames):
    model = build(name, adapts=adapts, window_frames=1)
    model.begin(frames)
    before = fit(model)
    wrapper = optimizer(model, 1e-5)
    for _ in range(2):
        log = model.train_step(ONE, wrapper)
    assert fit(model) < before
    assert log['loss_source'] == 0  # source-free
    trunk = model.estimator.backbone.state_dict()
    start = build(name).estimator.backbone.state_dict()
    same = all(torch.equal(trunk[k], start[k]) for k in trunk)
    assert same == (adapts == 'head')


def test_teacher_follows_the_network(frames):
    model = build('boa', window_frames=1)
    model.begin(frames)
    start = {k: v.clone() for k, v in model.teacher.items()}
    model.train_step(ONE, optimizer(model))
    now = model.part.parameters_now()
    for name, value in model.teacher.items():
        want = 0.1 * start[name] + 0.9 * now[name].detach()
        assert torch.allclose(value, want, atol=1e-7)
    moved = [k for k in start if not torch.equal(start[k], now[k])]
    assert moved
    model.begin(frames)  # a new track
    for name, value in model.teacher.items():
        assert torch.equal(value, start[name])
    assert not len(model.history)
    assert all(k.startswith('estimator.') for k in model.state_dict())


class Undefined(torch.nn.Module):
    """A finite loss whose gradient is not: sqrt at 0."""

    def forward(self, step):
        return (0 * step.prediction.params.betas).sqrt().sum()


def test_a_gradient_that_is_undefined_changes_nothing(frames):
    model = build('boa', window_frames=1)
    model.losses['undefined'] = Undefined()
    model.upper_only |= {'undefined'}
    model.begin(frames)
    log = model.train_step(ONE, optimizer(model))
    assert torch.isfinite(log['loss'])
    for name, value in model.estimator.state_dict().items():
        assert torch.equal(value, model._start[name])


def test_going_on_keeps_teacher_and_history(frames):
    model = build('boa', window_frames=1)
    model.begin(frames)
    model.train_step(ONE, optimizer(model, 1e-2))
    taught = {k: v.clone() for k, v in model.teacher.items()}
    weight = model.estimator.head.fc1.weight.detach().clone()
    model.begin(frames, restore=0)
    assert len(model.history) == 1
    assert torch.equal(model.estimator.head.fc1.weight, weight)
    assert all(torch.equal(v, taught[k]) for k, v in model.teacher.items())
    start = model._start['head.fc1.weight']
    model.restore(0.25)
    want = weight + 0.25 * (start - weight)
    assert torch.allclose(model.estimator.head.fc1.weight, want, atol=1e-7)


def test_orders_differ_as_the_chain_rule_says(frames):
    """Second order: g - lr H g, with H g by finite differences of g."""
    gradients = {}
    lr = 1e-3
    for second in (True, False):
        model = build('boa', window_frames=1, inner_lr=lr, second_order=second)
        model.begin(frames)
        model.train_step(ONE, optimizer(model, 0.0))
        batch = one_frame(model)
        now = model.part.parameters_now()
        gradients[second] = upper_gradient(model, batch, now, lr, second)
    full, first = gradients[True], gradients[False]
    # Hessian of the lower loss times the first-order gradient.
    eps = 1e-2 / torch.sqrt(sum(g.square().sum() for g in first.values()))
    ends = []
    for sign in (1, -1):
        moved = {
            k: (p.detach() + sign * eps * first[k]).requires_grad_()
            for k, p in now.items()
        }
        ends.append(lower_gradient(model, batch, moved))
    product = {k: (ends[0][k] - ends[1][k]) / (2 * eps) for k in first}
    difference = flat({k: full[k] - first[k] for k in first})
    expected = -lr * flat(product)
    cosine = torch.cosine_similarity(difference, expected, dim=0)
    assert cosine > 0.99
    assert float(difference.norm() / expected.norm()) == pytest.approx(
        1, abs=0.05
    )


def one_frame(model):
    from semtta_mm.models.adaptors import WindowBatch
    from semtta_mm.models.adaptors.online.step import OnlineFrames

    batch = WindowBatch.gather(model.session, torch.tensor([0]), model.device)
    model.estimator.eval()
    return OnlineFrames(batch, None, None)


def flat(values):
    return torch.cat([values[k].flatten() for k in sorted(values)])


def lower_gradient(model, frames, parameters):
    total = model.parse_losses(model.level(frames, parameters, upper=False))[0]
    found = torch.autograd.grad(total, list(parameters.values()))
    return dict(zip(parameters, found, strict=True))


def upper_gradient(model, frames, parameters, lr, second_order):
    from semtta_mm.models.adaptors.online import inner_step

    lower = model.parse_losses(model.level(frames, parameters, upper=False))[0]
    moved = inner_step(lower, parameters, lr, second_order)
    total = model.parse_losses(model.level(frames, moved))[0]
    found = torch.autograd.grad(total, list(parameters.values()))
    return dict(zip(parameters, found, strict=True))


def test_boa_reads_the_source_in_order(frames, bank_file):
    source = dict(type='SourceBankFile', path=bank_file)
    model = build('boa', source=source, window_frames=1)
    assert isinstance(model, BOA)
    model.begin(frames)
    drawn = []
    model.sample = drawn.append
    for _ in range(5):
        model.draw_source(None)
    assert drawn == [[0], [1], [2], [3], [0]]
    del model.sample
    log = model.train_step(ONE, optimizer(model))
    assert log['loss_source'] > 0
    assert model.bank.joints3d.shape == (4, 24, 3)  # of pose and betas


def test_dynaboa_draws_from_the_nearest_cluster(frames, bank_file):
    source = dict(type='SourceBankFile', path=bank_file)
    model = build('dynaboa', source=source, clusters=2, window_frames=1)
    model.begin(frames)
    assert len(model.bank.centres) == 2
    drawn = []
    model.sample = lambda rows: drawn.extend(rows)
    batch = one_frame(model).batch
    for _ in range(20):
        model.draw_source(batch)
    query = pooled(batch.inputs)[0].numpy()
    cosines = model.bank.centres @ query
    assert set(drawn) == set(model.bank.members(int(cosines.argmax())))
    del model.sample
    log = model.train_step(ONE, optimizer(model))
    assert log['loss_source'] > 0


def test_clusters_of_another_network_are_refused(frames, bank_file):
    source = dict(type='SourceBankFile', path=bank_file)
    model = build('dynaboa', source=source, window_frames=1)
    model.begin(frames)
    with pytest.raises(InputError, match=r'centres.*absent.*clusters'):
        model.train_step(ONE, optimizer(model))
    model.bank = model.bank.replaced(
        centres=np.eye(2, 7, dtype=np.float32), cluster=np.arange(4) % 2
    )
    with pytest.raises(InputError, match='have 7 numbers'):
        model.train_step(ONE, optimizer(model))


@pytest.mark.parametrize(
    ('features', 'extra'),
    [
        ([0.0, 0.0], 0),  # the bilevel step moved nothing
        ([0.0, 1.0, 1.0], 1),
        ([0.0, 1.0, 2.0, 2.0], 2),
        (range(20), 7),  # never still: seven further steps
    ],
)
def test_stop_rule(frames, monkeypatch, features, extra):
    model = build('dynaboa', window_frames=1)
    assert isinstance(model, DynaBOA)
    model.begin(frames)
    angles = iter(features)

    def feature(batch):
        angle = 0.1 * torch.tensor(float(next(angles)))
        return torch.stack((angle.cos(), angle.sin()))

    monkeypatch.setattr(model, 'feature', feature)
    updates = []
    monkeypatch.setattr(
        'semtta_mm.models.adaptors.online.online_adaptor.ema_update',
        lambda *args: updates.append(args),
    )
    log = model.train_step(ONE, optimizer(model))
    assert log['extra_steps'] == extra
    assert len(updates) == 1 + extra  # the teacher follows each step


def test_the_threshold_is_exclusive():
    register_all_modules()
    model = DynaBOA.__new__(DynaBOA)
    limit = torch.tensor(3.1e-4, dtype=torch.float64)
    rule = SimpleNamespace(stop_distance=float(limit), max_extra_steps=7)
    still = torch.tensor([1.0, 0.0], dtype=torch.float64)

    def at(distance):
        cosine = 1 - distance
        return torch.tensor([cosine, (1 - cosine**2) ** 0.5]).double()

    assert not type(model).goes_on(rule, still, at(3.0e-4), 0)
    assert type(model).goes_on(rule, still, at(3.2e-4), 0)
    assert type(model).goes_on(rule, still, at(3.2e-4), 6)
    assert not type(model).goes_on(rule, still, at(3.2e-4), 7)
    assert float(cosine_distance(still, at(3.0e-4))) < limit


def test_feature_is_fc1_of_the_third_iteration(frames):
    """As the head itself computes it, with all modules called."""
    model = build('dynaboa', window_frames=1)
    model.begin(frames)
    head = model.estimator.head
    seen = []
    handle = head.fc1.register_forward_hook(lambda *args: seen.append(args[2]))
    features = model.session.features[:1]
    mixed = model.estimator.neck.mix(features)
    head.eval()
    head(mixed[:, :, None, None], n_iter=3)
    handle.remove()
    found = stop_feature(model.estimator.eval(), features, head=True)
    assert len(seen) == 3
    assert torch.allclose(found, seen[-1], atol=1e-5)
    crops = frames.images[:1]
    whole = stop_feature(model.estimator, crops, head=False)
    assert torch.allclose(whole, found, atol=1e-4)


def test_feature_of_other_heads():
    constant = ConstantEstimator(input_size=8)
    images = torch.zeros(2, 3, 8, 8)
    assert stop_feature(constant, images, head=False).shape == (2, 216)
    register_all_modules()
    path = find_config('semtta_hmr_demo.py').parent
    cfg = Config.fromfile(path / '_base_/estimators/hmr2_vit-small.py')
    hmr2 = MODELS.build(cfg.estimator).eval()
    size = hmr2.input_size
    crops = torch.zeros(1, 3, size, size)
    found = stop_feature(hmr2, crops, head=False)
    assert found.shape == (1, hmr2.head.decpose.in_features)
    tokens = hmr2.extract_features(crops)
    assert torch.allclose(found, stop_feature(hmr2, tokens, head=True))
    assert pooled(tokens).shape == tokens.shape[:2]
