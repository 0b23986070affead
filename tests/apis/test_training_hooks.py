"""Hooks of a training, named by role in mmengine's ``default_hooks``."""

from pathlib import Path

import pytest
from mmengine.hooks import EMAHook
from mmengine.runner import Runner
from torch import nn

from semtta_mm.apis.train import training_config
from semtta_mm.engine.hooks import PlainCheckpointHook

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


@pytest.mark.parametrize(('name', 'momentum'), MOMENTA.items())
def test_hooks_of_our_trainings(name, momentum):
    hooks = training_config(CONFIGS / f'{name}.py').default_hooks
    assert hooks.average == dict(
        type='EMAHook', momentum=momentum, update_buffers=True
    )
    assert hooks.plain_checkpoint.type == 'PlainCheckpointHook'


@pytest.mark.parametrize('left_out', [None, 'average', 'plain_checkpoint'])
def test_an_ordinary_runner_registers_them(tmp_path, left_out):
    cfg = training_config(CONFIGS / 'train_mdnet.py')
    hooks = dict(cfg.default_hooks)
    if left_out is not None:
        del hooks[left_out]
    runner = Runner(
        nn.Linear(1, 1),
        str(tmp_path),
        default_hooks=hooks,
        default_scope='semtta_mm',
        experiment_name=f'{tmp_path.name}-{left_out}',
    )
    kinds = [type(hook) for hook in runner.hooks]
    assert (EMAHook in kinds) == (left_out != 'average')
    assert (PlainCheckpointHook in kinds) == (left_out != 'plain_checkpoint')
