import pickle

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal

from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.models.discriminators import MotionDiscriminator
from semtta_mm.models.priors import (
    GMMPriorLoss,
    MotionPriorLoss,
    VPoserEncoder,
    VPoserPriorLoss,
)
from semtta_mm.models.priors.motion import pieces
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

TINY = dict(type='MotionDiscriminator', hidden=4)


@pytest.fixture(autouse=True)
def modules():
    register_all_modules()


def poses(*shape, scale=0.4, seed=0):
    generator = torch.Generator().manual_seed(seed)
    vectors = torch.randn(*shape, 24, 3, generator=generator) * scale
    return vectors, axis_angle_to_matrix(vectors)


@pytest.fixture
def mixture():
    rng = np.random.default_rng(0)
    roots = rng.normal(size=(8, 69, 69)) * 0.05
    return {
        'means': rng.normal(size=(8, 69)) * 0.2,
        'covars': roots @ roots.transpose(0, 2, 1) + 0.05 * np.eye(69),
        'weights': rng.dirichlet(np.ones(8)),
    }


def gmm_file(path, content):
    path.write_bytes(pickle.dumps(content, protocol=2))
    return path


def test_mixture_against_scipy(tmp_path, mixture):
    prior = GMMPriorLoss(gmm_file(tmp_path / 'gmm_08.pkl', mixture), 2.0)
    vectors, pose = poses(5)
    x = vectors[:, 1:].reshape(5, 69).double().numpy()
    logs = np.stack(
        [
            np.log(w) + multivariate_normal(m, c).logpdf(x)
            for m, c, w in zip(
                mixture['means'],
                mixture['covars'],
                mixture['weights'],
                strict=True,
            )
        ]
    )
    # The lineage takes determinants relative to the smallest.
    least = min(np.linalg.slogdet(c)[1] for c in mixture['covars']) / 2
    want = -(logs + least).max(0)
    np.testing.assert_allclose(prior.energy(pose), want, rtol=2e-4)
    valid = torch.tensor([[True, True, False], [True, False, False]])
    batch = torch.zeros(2, 3, 24, 3, 3)
    batch[valid] = pose[:3]
    batch[~valid] = torch.nan
    loss = prior.compute(batch, valid, 30.0)
    assert float(loss) == pytest.approx(2 * want[:3].mean(), rel=1e-3)
    assert prior.compute(batch, valid & False, 30.0) == 0
    assert not prior.state_dict()


def test_the_mean_of_a_component_is_its_likeliest_pose(tmp_path, mixture):
    one = {name: value[:1] for name, value in mixture.items()}
    one['weights'] = np.ones(1)
    prior = GMMPriorLoss(gmm_file(tmp_path / 'gmm.pkl', one))
    vector = torch.tensor(mixture['means'][0]).float().view(1, 23, 3)
    vector = torch.cat([torch.zeros(1, 1, 3), vector], 1)
    at_mean = prior.energy(axis_angle_to_matrix(vector))
    for seed in range(5):
        noise = 0.1 * poses(1, seed=seed)[0]
        assert prior.energy(axis_angle_to_matrix(vector + noise)) > at_mean


@pytest.mark.parametrize(
    ('field', 'change', 'problem'),
    [
        ('means', lambda a: a[:, :60], 'expected [8, 69]'),
        ('covars', lambda a: -a, 'not positive definite'),
        ('covars', lambda a: a * np.nan, 'NaN'),
        ('weights', lambda a: a * 2, 'do not sum to one'),
        ('weights', None, 'is absent'),
    ],
)
def test_bad_mixtures_are_named(tmp_path, mixture, field, change, problem):
    content = dict(mixture)
    if change is None:
        del content[field]
    else:
        content[field] = change(content[field])
    with pytest.raises(InputError) as info:
        GMMPriorLoss(gmm_file(tmp_path / 'gmm_08.pkl', content))
    assert info.value.field == field
    assert problem in info.value.problem


def test_a_pickled_sklearn_model_is_refused(tmp_path):
    path = tmp_path / 'gmm_08.pkl'
    path.write_bytes(b'csklearn.mixture.gmm\nGMM\n.')
    with pytest.raises(InputError, match='refused'):
        GMMPriorLoss(path)


def vposer_state(version, width=16, latent=4):
    """Names and shapes of a release, with random content."""
    generator = torch.Generator().manual_seed(version)

    def linear(name, out, size):
        return {
            f'{name}.weight': torch.randn(out, size, generator=generator) / 4,
            f'{name}.bias': torch.randn(out, generator=generator) / 4,
        }

    def norm(name, size):
        return {
            f'{name}.weight': torch.rand(size, generator=generator) + 0.5,
            f'{name}.bias': torch.randn(size, generator=generator) / 4,
            f'{name}.running_mean': torch.randn(size, generator=generator),
            f'{name}.running_var': torch.rand(size, generator=generator) + 1,
            f'{name}.num_batches_tracked': torch.tensor(9),
        }

    if version == 2:
        net, prefix = 'encoder_net', 'vp_model.'
        state = {
            **norm(f'{net}.1', 63),
            **linear(f'{net}.2', width, 63),
            **norm(f'{net}.4', width),
            **linear(f'{net}.6', width, width),
            **linear(f'{net}.7', width, width),
            **linear(f'{net}.8.mu', latent, width),
            **linear(f'{net}.8.logvar', latent, width),
            **linear('decoder_net.0', width, latent),
        }
        state = {prefix + name: value for name, value in state.items()}
        return {'state_dict': {**state, 'bm_train.v_template': torch.ones(1)}}
    pre = 'bodyprior_enc_'
    return {
        **norm(f'{pre}bn1', 63),
        **linear(f'{pre}fc1', width, 63),
        **norm(f'{pre}bn2', width),
        **linear(f'{pre}fc2', width, width),
        **linear(f'{pre}mu', latent, width),
        **linear(f'{pre}logvar', latent, width),
        **linear('bodyprior_dec_fc1', width, latent),
    }


def encode_by_hand(version, content, x):
    """The formula of the release, with its names."""
    state, names, slope = content, ['bn1', 'fc1', 'bn2', 'fc2', 'mu'], 0.2
    names = [f'bodyprior_enc_{name}' for name in names]
    if version == 2:
        state, slope = content['state_dict'], 0.01
        names = [f'vp_model.encoder_net.{i}' for i in (1, 2, 4, 6, '8.mu')]

    def linear(name, x):
        return x @ state[f'{name}.weight'].T + state[f'{name}.bias']

    def norm(name, x):
        mean, var = (state[f'{name}.running_{k}'] for k in ('mean', 'var'))
        x = (x - mean) / (var + 1e-5).sqrt()
        return x * state[f'{name}.weight'] + state[f'{name}.bias']

    def leaky(x):
        return torch.where(x > 0, x, slope * x)

    x = norm(names[2], leaky(linear(names[1], norm(names[0], x))))
    x = linear(names[3], x)
    x = linear('vp_model.encoder_net.7', x) if version == 2 else leaky(x)
    return linear(names[4], x)


@pytest.mark.parametrize('version', [1, 2])
def test_vposers_releases_are_read(tmp_path, version):
    content = vposer_state(version)
    path = tmp_path / 'vposer.ckpt'
    torch.save(content, path)
    encoder = dict(type='VPoserEncoder', version=version, width=16, latent=4)
    prior = VPoserPriorLoss(path, encoder, loss_weight=3.0)
    vectors, pose = poses(2, 3)
    valid = torch.tensor([[True, True, True], [True, False, False]])
    latent = encode_by_hand(
        version, content, vectors[valid][:, 1:22].reshape(4, 63)
    )
    want = 3 * latent.square().sum(-1).mean()
    torch.testing.assert_close(
        prior.compute(pose, valid, 30.0), want, rtol=1e-4, atol=1e-5
    )
    assert prior.compute(pose, valid & False, 30.0) == 0
    prior.train()
    assert not prior.encoder.training


def test_the_other_version_is_refused(tmp_path):
    torch.save(vposer_state(1), tmp_path / 'vposer.pt')
    encoder = dict(type='VPoserEncoder', version=2, width=16, latent=4)
    with pytest.raises(InputError, match='set version=1'):
        VPoserPriorLoss(tmp_path / 'vposer.pt', encoder)
    with pytest.raises(ValueError, match='version'):
        VPoserEncoder(version=3)


def test_an_unknown_entry_of_vposer_is_named(tmp_path):
    content = vposer_state(2)
    content['state_dict']['vp_model.encoder_net.9.weight'] = torch.ones(1)
    torch.save(content, tmp_path / 'vposer.ckpt')
    encoder = dict(type='VPoserEncoder', width=16, latent=4)
    with pytest.raises(InputError, match=r'encoder_net\.9\.weight'):
        VPoserPriorLoss(tmp_path / 'vposer.ckpt', encoder)


def test_pieces_are_whole_and_in_order():
    pose = torch.arange(2 * 20.0).view(2, 20, 1, 1, 1)
    pose = pose.expand(2, 20, 24, 3, 3)
    valid = torch.ones(2, 20, dtype=torch.bool)
    valid[1, 12:] = False
    found = pieces(pose, valid, 25.0, 8)
    assert found[:, :, 0, 0, 0].tolist() == [
        list(range(8)),
        list(range(8, 16)),
        list(range(20, 28)),
    ]
    assert len(pieces(pose, valid, 25.0, 21)) == 0


def test_pieces_are_at_the_discriminators_rate():
    """The speed of a rotation does not depend on the frame rate."""
    angle = torch.arange(60) * 0.02
    vectors = torch.zeros(1, 60, 24, 3)
    vectors[0, :, 4, 0] = angle
    valid = torch.ones(1, 60, dtype=torch.bool)
    found = pieces(axis_angle_to_matrix(vectors), valid, 30.0, 16)
    assert len(found) == 3  # 60 frames at 30 fps are 50 at 25
    sine = found[0, 1, 4, 2, 1]
    assert float(sine) == pytest.approx(np.sin(0.02 * 30 / 25), rel=1e-3)


def test_motion_prior_raises_the_score_of_the_discriminator(tmp_path):
    torch.manual_seed(0)
    judge = MotionDiscriminator(hidden=4)
    path = tmp_path / 'model_best.pth.tar'
    torch.save({'disc_motion_state_dict': judge.state_dict()}, path)
    prior = MotionPriorLoss(path, TINY, loss_weight=0.5)
    vectors, _ = poses(2, 16)
    vectors.requires_grad_()
    valid = torch.ones(2, 16, dtype=torch.bool)
    pose = axis_angle_to_matrix(vectors)
    loss = prior.compute(pose, valid, 25.0)
    want = 0.5 * (judge.eval()(pose) - 1).square().mean()
    torch.testing.assert_close(loss, want)
    loss.backward()
    slope = vectors.grad
    assert slope[:, :, 1:].abs().max() > 0 and (slope[:, :, 0] == 0).all()
    after = axis_angle_to_matrix(vectors - 0.1 * slope / slope.norm())
    assert prior.compute(after, valid, 25.0) < loss
    assert prior.compute(pose[:, :9], valid[:, :9], 25.0) == 0
    assert not any(p.requires_grad for p in prior.parameters())


def test_gradients_are_finite_at_the_rest_pose(tmp_path, mixture):
    torch.save(vposer_state(2), tmp_path / 'v.ckpt')
    encoder = dict(type='VPoserEncoder', width=16, latent=4)
    for prior in (
        GMMPriorLoss(gmm_file(tmp_path / 'gmm_08.pkl', mixture)),
        VPoserPriorLoss(tmp_path / 'v.ckpt', encoder),
        MotionPriorLoss(None, TINY),
    ):
        pose = torch.eye(3).repeat(1, 16, 24, 1, 1).requires_grad_()
        prior.compute(
            pose, torch.ones(1, 16, dtype=torch.bool), 25.0
        ).backward()
        assert pose.grad.isfinite().all()
        assert pose.grad.abs().max() > 0
