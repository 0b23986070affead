"""CycleAdapt's denoiser, read from its files."""

import argparse

import pytest
import torch
from torch import nn

from semtta_mm.checkpoints.weights import load_weights
from semtta_mm.models.denoisers import MDNet
from semtta_mm.utils import InputError

OFFICIAL = {
    'motion_fc_in.weight': (144, 144),
    'motion_fc_in.bias': (144,),
    'motion_fc_out.weight': (144, 144),
    'motion_fc_out.bias': (144,),
} | {
    f'motion_mlp.mlps.{i}.{name}': shape
    for i in range(4)
    for name, shape in {
        'fc0.fc.weight': (49, 49),
        'fc0.fc.bias': (49,),
        'norm0.alpha': (1, 144, 1),
        'norm0.beta': (1, 144, 1),
    }.items()
}
"""Names and shapes of the reference, Sec. 2.4."""


def state(prefix: str = '') -> dict:
    generator = torch.Generator().manual_seed(2)
    return {
        prefix + name: torch.randn(shape, generator=generator)
        for name, shape in OFFICIAL.items()
    }


def official(x: torch.Tensor) -> torch.Tensor:
    """The network's formula on ``[B, 49, 144]``, written out."""
    w = state()
    x = x @ w['motion_fc_in.weight'].T + w['motion_fc_in.bias']
    for i in range(4):
        part = {k.split(f'mlps.{i}.')[-1]: v for k, v in w.items()}
        y = part['fc0.fc.weight'] @ x + part['fc0.fc.bias'][:, None]
        scale = part['norm0.alpha'].flatten(), part['norm0.beta'].flatten()
        x = x + nn.functional.layer_norm(y, (144,), *scale, 1e-5)
    return x @ w['motion_fc_out.weight'].T + w['motion_fc_out.bias']


@pytest.mark.parametrize(
    'content',
    [
        state(),
        {'model': state()},
        {'model': state('module.')},
        {
            'model_state_dict': state('md_net.')
            | {
                'hmr_net.conv1.weight': torch.ones(2),
                'smpl_layer.x': torch.ones(2),
            },
            'test_log': argparse.Namespace(),
        },
        {
            'model_state_dict': state('module.md_net.')
            | {'module.hmr_net.conv1.weight': torch.ones(2)}
        },
    ],
    ids=['plain', 'input', 'parallel', 'output', 'parallel output'],
)
def test_outputs_equal_the_formula(tmp_path, content):
    path = tmp_path / 'md_basemodel.pt'
    torch.save(content, path)
    net = MDNet()
    load_weights(net, path)
    pose = torch.eye(3).expand(2, 49, 24, 3, 3)
    pose = pose + 0.3 * torch.randn(pose.shape)
    # Interleaved columns: two numbers of each row (reference, Sec. 5.4 A).
    x = pose[..., :2].flatten(2)
    with torch.no_grad():
        found = net.rot6d(pose)
    wanted = official(x)
    assert wanted.std() > 1
    torch.testing.assert_close(found, wanted, atol=1e-3, rtol=1e-4)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        ({'md_net.extra': torch.ones(1)}, 'has unexpected extra'),
        ({'vae.w': torch.ones(1)}, r'unknown to mdnet: vae\.w'),
        (
            {'md_net.motion_mlp.mlps.0.fc0.fc.weight': torch.ones(60, 60)},
            r'fc0\.fc\.weight \[60, 60\] not \[49, 49\]',
        ),
    ],
)
def test_wrong_entries_are_listed(tmp_path, change, message):
    path = tmp_path / 'a.pt'
    torch.save({'model_state_dict': state('md_net.') | change}, path)
    with pytest.raises(InputError, match=message):
        load_weights(MDNet(), path)
