"""Numbers of further protocols beside the main one."""

import json

import pytest
from rich.console import Console
from test_semtta_runner import config, report_of  # noqa: F401

from semtta_mm.engine import SemTTARunner
from semtta_mm.evaluation import protocols_table


@pytest.fixture
def two(config):  # noqa: F811
    """Two more protocols in the config: the first again, and without root."""
    first = config.metric
    config.other_metrics = {
        'same': first,
        'absolute': {**first, 'root': 'none', 'accel_unit': 'mm/frame^2'},
    }
    config.train_cfg.max_epochs = 1
    return config


def adapted(cfg, name):
    cfg.experiment_name = name
    runner = SemTTARunner.from_cfg(cfg)
    runner.train()
    return report_of(runner)


def test_other_protocols_are_reported_and_resumed(two, tmp_path):
    report = adapted(two, 'whole')
    others = report['other_protocols']
    assert list(others) == ['same', 'absolute']
    assert others['same']['overall'] == report['overall']
    assert others['absolute']['protocol']['root'] == 'none'
    for stage in ('before', 'after'):
        mine = others['absolute']['overall'][stage]
        first = report['overall'][stage]
        assert mine['mpjpe'] != first['mpjpe']
        assert mine['pa_mpjpe'] == pytest.approx(first['pa_mpjpe'])
    two.train_cfg.resume = True
    again = adapted(two, 'again')
    assert again['other_protocols'] == others
    # With another protocol earlier results are not reused.
    two.other_metrics.absolute.root = 'mid_hip'
    asked = adapted(two, 'other')['other_protocols']['absolute']
    assert asked['protocol']['root'] == 'mid_hip'
    assert (
        asked['overall']['before']['mpjpe']
        < (others['absolute']['overall']['before']['mpjpe'])
    )


def test_the_table_describes_each_protocol(two):
    report = json.loads(json.dumps(adapted(two, 'table')))
    console = Console(width=80, record=True)
    console.print(protocols_table(report))
    text = console.export_text()
    assert 'absolute: root none' in text and 'accel in mm/frame^2' in text
    overall = report['other_protocols']['absolute']['overall']
    rows = [line.split()[:3] for line in text.splitlines()]
    for stage in ('before', 'after'):
        assert ['absolute', stage, f'{overall[stage]["mpjpe"]:.1f}'] in rows
