"""Latent spaces of poses: round trips, and VPoser's official layout."""

import pytest
import torch
from torch.nn import functional as F
from vposer_stand_in import official_state

from semtta_mm.geometry import axis_angle_to_matrix, rotation_angle
from semtta_mm.models.priors import LinearPoseSpace, VPoserSpace
from semtta_mm.models.priors.linear_space import fit_components
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError


@pytest.fixture(autouse=True)
def modules():
    register_all_modules()


def poses(count, scale=0.4, seed=0):
    generator = torch.Generator().manual_seed(seed)
    vectors = torch.randn(count, 24, 3, generator=generator) * scale
    return axis_angle_to_matrix(vectors)


def fitted(pose, components):
    space = LinearPoseSpace(None, components)
    space.load_state_dict(fit_components(pose, components))
    return space


def test_all_components_give_the_pose_back():
    pose = poses(300)
    space = fitted(pose, 126)
    latent, spread = space.encode(pose)
    assert (spread == 0).all()
    torch.testing.assert_close(
        space.decode(latent), pose[:, 1:22], atol=1e-4, rtol=0
    )
    # Unit variance along each component.
    torch.testing.assert_close(
        latent.square().mean(0), torch.ones(126), atol=1e-2, rtol=0
    )


def test_fewer_components_are_rotations_and_worse():
    pose = poses(300)
    errors = []
    for components in (8, 60, 120):
        out = fitted(pose, components)
        found = out.decode(out.encode(pose)[0])
        eye = torch.eye(3).expand_as(found)
        torch.testing.assert_close(found @ found.mT, eye, atol=1e-5, rtol=0)
        errors.append(float(rotation_angle(found, pose[:, 1:22]).mean()))
    assert errors[0] > errors[1] > errors[2]


def test_root_and_hands_are_kept():
    pose = poses(5)
    space = fitted(poses(300), 20)
    out = space.with_body(pose, space.encode(pose)[0])
    torch.testing.assert_close(out[:, [0, 22, 23]], pose[:, [0, 22, 23]])
    assert not torch.allclose(out[:, 1:22], pose[:, 1:22], atol=1e-3)


def test_the_shipped_space_knows_a_natural_pose(truth):
    space = LinearPoseSpace()
    pose = truth.pose
    found = space.decode(space.encode(pose)[0])
    angle = rotation_angle(found, pose[:, 1:22]).mean().rad2deg()
    noise = rotation_angle(
        space.decode(space.encode(poses(9))[0]), poses(9)[:, 1:22]
    )
    assert float(angle) < 3 < float(noise.mean().rad2deg())
    space.train()
    assert not space.training
    assert not any(p.requires_grad for p in space.parameters())


def test_no_variance_is_no_division_by_zero():
    space = fitted(torch.eye(3).repeat(4, 24, 1, 1), 8)
    latent, _ = space.encode(poses(2))
    assert space.decode(latent).isfinite().all()


def by_hand(state, pose):
    """Formulas of the release; the decoder's layout is interleaved."""

    def linear(name, x):
        name = f'vp_model.{name}'
        return x @ state[f'{name}.weight'].T + state[f'{name}.bias']

    def norm(name, x):
        name = f'vp_model.{name}'
        mean, var = (state[f'{name}.running_{k}'] for k in ('mean', 'var'))
        x = (x - mean) / (var + 1e-5).sqrt()
        return x * state[f'{name}.weight'] + state[f'{name}.bias']

    def leaky(x):
        return torch.where(x > 0, x, 0.01 * x)

    x = norm('encoder_net.1', pose)
    x = norm('encoder_net.4', leaky(linear('encoder_net.2', x)))
    x = linear('encoder_net.7', linear('encoder_net.6', x))
    mean = linear('encoder_net.8.mu', x)
    spread = F.softplus(linear('encoder_net.8.logvar', x))
    x = leaky(linear('decoder_net.0', mean))
    x = linear('decoder_net.5', leaky(linear('decoder_net.3', x)))
    pairs = x.view(-1, 21, 3, 2)
    first = F.normalize(pairs[..., 0], dim=-1)
    second = pairs[..., 1]
    second = second - (first * second).sum(-1, keepdim=True) * first
    second = F.normalize(second, dim=-1)
    third = torch.cross(first, second, dim=-1)
    return mean, spread, torch.stack([first, second, third], dim=-1)


def test_vposers_release_is_read(tmp_path):
    content = official_state()
    torch.save(content, tmp_path / 'vposer.ckpt')
    space = VPoserSpace(tmp_path / 'vposer.ckpt', width=16, latent=4)
    vectors = torch.randn(5, 24, 3, generator=torch.Generator().manual_seed(1))
    vectors = 0.4 * vectors
    mean, spread = space.encode(axis_angle_to_matrix(vectors))
    want = by_hand(content['state_dict'], vectors[:, 1:22].reshape(5, 63))
    torch.testing.assert_close(mean, want[0], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(spread, want[1], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(
        space.decode(mean), want[2], atol=1e-4, rtol=1e-4
    )
    # Dropout never acts, and names are official.
    space.train()
    torch.testing.assert_close(space.decode(mean), space.decode(mean))
    prefix = 'vp_model.'
    names = {n.removeprefix(prefix) for n in content['state_dict']}
    assert set(space.state_dict()) == names - {'bm_train.v_template'}


def test_an_incomplete_release_is_refused(tmp_path):
    content = official_state()
    del content['state_dict']['vp_model.decoder_net.3.bias']
    torch.save(content, tmp_path / 'vposer.ckpt')
    with pytest.raises(InputError, match=r'decoder_net\.3\.bias'):
        VPoserSpace(tmp_path / 'vposer.ckpt', width=16, latent=4)
