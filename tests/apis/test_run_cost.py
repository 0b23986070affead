"""The estimate of the plan: by hand, from the table that ships."""

import pytest

from semtta_mm.apis.config import read_config
from semtta_mm.apis.run_cost import (
    Work,
    kernel_seconds,
    machine_speed,
    network_key,
    read_costs,
    run_cost,
)


@pytest.fixture(scope='module')
def config():
    return read_config('semtta_hmr_demo_lifter')


def test_the_sum_by_hand(config):
    row = read_costs()['networks'][network_key(config)]
    works = [Work(100, 2, 40), Work(300, 2, 40, detects=False)]
    cost = run_cost(config, works, speed=2.0)
    seconds = (
        row['start']
        + 100 * row['detect_frame']
        + 400 * (row['frame'] + 2 * row['epoch_frame'])
        + 80 * row['step']
    )
    assert cost.seconds == pytest.approx(seconds / 2)
    memory = row['memory_mb'] + 300 * row['memory_frame_mb']
    assert cost.memory_mb == pytest.approx(memory)
    assert 'bench_run.py' in cost.source


def test_the_fit_held_for_a_longer_clip():
    for row in read_costs()['networks'].values():
        ratio = row['check_estimated'] / row['check_measured']
        assert 0.7 < ratio < 1.4


def test_no_estimate_of_what_was_not_measured(config):
    other = read_config('semtta_hmr2_demo')
    assert network_key(other) != network_key(config)
    assert run_cost(other, [Work(10, 1, 20)], speed=1.0) is None
    whole = read_config(config, {'model.adapts': 'network'})
    assert run_cost(whole, [Work(10, 1, 20)], speed=1.0) is None


def test_the_speed_is_measured_here():
    wanted = read_costs()['kernel_seconds'] / kernel_seconds()
    assert machine_speed() == pytest.approx(wanted)
    assert 0.01 < machine_speed() < 100
