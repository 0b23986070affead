"""Output of the progress hook."""

import re

from test_semtta_runner import config  # noqa: F401

from semtta_mm.engine import SemTTARunner
from semtta_mm.engine.hooks.progress_hook import shown_values


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
