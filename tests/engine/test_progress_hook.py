"""Output of the progress hook."""

import re

import pytest
from test_semtta_runner import config  # noqa: F401

from semtta_mm.engine import SemTTARunner
from semtta_mm.engine.hooks.progress_hook import (
    AdaptProgressHook,
    shown_values,
)
from semtta_mm.utils import stage_bar


def test_all_losses_the_similarity_first():
    outputs = {
        'loss_keypoints': 0.5,
        'loss': 3.5,
        'loss_mine': 1.0,
        'similarity': 0.875,
        'loss_prior_elbows': 2.0,
        'other': 7.0,
    }
    assert list(shown_values(outputs).items()) == [
        ('similarity', 0.875),
        ('keypoints', 0.5),
        ('mine', 1.0),
        ('prior_elbows', 2.0),
    ]


def test_a_pipe_gets_one_line_for_each_track(config, capsys):  # noqa: F811
    config.train_cfg.max_epochs = 2
    config.hooks.progress = dict(type='AdaptProgressHook')
    SemTTARunner.from_cfg(config).train()
    lines = [
        line
        for line in capsys.readouterr().out.splitlines()
        if line.startswith('adapt someone ')
    ]
    assert len(lines) == 1
    assert re.fullmatch(
        r'adapt someone (\d+)/\1 (similarity -?\d\.\d{3} )?'
        r'(\w+ \d+\.\d{3} )+\d:\d\d:\d\d',
        lines[0],
    )


def test_every_stage_of_a_track_has_its_name(
    config,  # noqa: F811
    capsys,
    monkeypatch,
):
    monkeypatch.setattr(stage_bar, 'SHORT', 0.0)
    config.hooks.progress = dict(type='AdaptProgressHook')
    SemTTARunner.from_cfg(config).train()
    words = [line.split() for line in capsys.readouterr().out.splitlines()]
    stages = [(x[0], x[2]) for x in words if x[1:2] == ['someone']]
    names = [name for name, _ in stages]
    assert names == ['labels', 'read', 'adapt', 'write']
    assert dict(stages)['read'] == '9/9'  # frames


def test_a_failure_closes_the_bar(config, monkeypatch):  # noqa: F811
    config.hooks.progress = dict(type='AdaptProgressHook')
    runner = SemTTARunner.from_cfg(config)
    hooks = [h for h in runner.hooks if isinstance(h, AdaptProgressHook)]
    monkeypatch.setattr(runner.model, 'train_step', interrupt)
    with pytest.raises(KeyboardInterrupt):
        runner.train()
    assert [hook._bar for hook in hooks] == [None]


def interrupt(*args, **kwargs):
    raise KeyboardInterrupt
