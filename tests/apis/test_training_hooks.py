"""Hooks of a training, named by role."""

import warnings
from pathlib import Path

import pytest
from mmengine.config import Config

from semtta_mm.apis.train import training_config, with_custom_hooks
from semtta_mm.utils import InputError

CONFIGS = Path(__file__).parents[2] / 'configs'
MOMENTA = {
    'train_hmr_head': 0.001,
    'train_hmr_synthetic': 0.001,
    'train_hmr_longer2': 0.001,
    'train_hmr2_small': 0.001,
    'train_mdnet': 0.002,
    'train_inpainter': 0.005,
    'train_motion_text': 0.01,
    'train_motion_text_robust': 0.01,
}


@pytest.fixture
def config() -> Config:
    return training_config(CONFIGS / 'train_mdnet.py')


def types_of(cfg: Config) -> list[str]:
    return [hook['type'] for hook in with_custom_hooks(cfg).custom_hooks]


@pytest.mark.parametrize(('name', 'momentum'), MOMENTA.items())
def test_hooks_of_our_trainings(name, momentum):
    cfg = with_custom_hooks(training_config(CONFIGS / f'{name}.py'))
    assert 'hooks' not in cfg
    assert cfg.custom_hooks == [
        dict(type='EMAHook', momentum=momentum, update_buffers=True),
        dict(type='PlainCheckpointHook'),
    ]


def test_none_leaves_a_hook_out(config):
    config.hooks.average = None
    assert types_of(config) == ['PlainCheckpointHook']


def test_custom_hooks_follow(config):
    config.custom_hooks = [dict(type='EmptyCacheHook')]
    expected = ['EMAHook', 'PlainCheckpointHook', 'EmptyCacheHook']
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        assert types_of(config) == expected
        assert types_of(config) == expected  # the config is unchanged


def test_a_list_of_an_older_config_replaces_the_roles(config):
    config.custom_hooks = [dict(type='mmengine.EMAHook')]
    with pytest.warns(FutureWarning, match='repeats EMAHook'):
        assert types_of(config) == ['mmengine.EMAHook']


def test_a_config_without_roles(config):
    config.pop('hooks')
    assert types_of(config) == []
    config.custom_hooks = [dict(type='EMAHook')]
    assert types_of(config) == ['EMAHook']


def test_a_role_without_a_type_is_named(config):
    config.hooks.avrage = dict(momentum=0.1)
    with pytest.raises(InputError, match=r'hooks\.avrage: has no type'):
        types_of(config)
