"""Which tracks are adapted to: some, the rest of an earlier run, a share."""

import json
import socket

import numpy as np
import pytest
import torch
from mmengine.config import Config
from test_semtta_runner import FreeEstimator, config, report_of  # noqa: F401

from semtta_mm.engine import SemTTARunner
from semtta_mm.engine.runners.semtta_runner import pick_device
from semtta_mm.registry import MODELS
from semtta_mm.utils import InputError
from semtta_mm.utils.setup_env import register_all_modules


@pytest.fixture
def three(config, tmp_path):  # noqa: F811
    """Three tracks, one epoch of three steps."""
    first = tmp_path / 'tracks' / 'someone.npz'
    data = dict(np.load(first))
    for name in ('twin', 'third'):
        data['name'] = np.array(name)
        np.savez(tmp_path / 'tracks' / f'{name}.npz', **data)
    config.train_cfg.max_epochs = 1
    config.train_dataloader.min_steps_per_epoch = 3
    return config


def adapted(cfg, name):
    cfg.experiment_name = name
    runner = SemTTARunner.from_cfg(cfg)
    runner.train()
    return report_of(runner)


def without_cost(report):
    tracks = report['tracks'].items()
    return {
        **report,
        'tracks': {
            name: {k: v for k, v in track.items() if k != 'cost'}
            for name, track in tracks
        },
    }


def test_some_tracks_only(three):
    whole = adapted(three, 'whole')
    three.train_cfg.only = ['twin']
    one = adapted(three, 'one')
    assert list(one['tracks']) == ['twin']
    # Its seed is its own, whoever else is there.
    assert one['tracks']['twin']['after'] == whole['tracks']['twin']['after']
    three.train_cfg.only = ['nobody']
    with pytest.raises(InputError, match=r'nobody.*someone, third, twin'):
        adapted(three, 'none')


def test_a_resumed_run_ends_as_an_uninterrupted_one(three, tmp_path):
    whole = adapted(three, 'whole')
    work = tmp_path / 'work'
    kept = (work / 'someone' / 'result.npz').stat().st_mtime_ns
    # As if the run had died in the second track.
    (work / 'third' / 'metrics.json').unlink()
    (work / 'twin' / 'metrics.json').write_text('{"name": ')
    three.train_cfg.resume = True
    again = adapted(three, 'again')
    assert without_cost(again) == without_cost(whole)
    assert (work / 'someone' / 'result.npz').stat().st_mtime_ns == kept
    assert (
        again['tracks']['someone']['cost']
        == (whole['tracks']['someone']['cost'])
    )


def test_other_settings_are_another_run(three, tmp_path):
    adapted(three, 'whole')
    path = tmp_path / 'work' / 'someone' / 'metrics.json'
    old = json.loads(path.read_text())
    three.train_cfg.resume = True
    three.optim_wrapper.optimizer.lr = 1e-4
    adapted(three, 'other')
    new = json.loads(path.read_text())
    assert new['after'] != old['after']
    assert new['resume']['config'] != old['resume']['config']


def one_of_two(rank, cfg, port, folder):
    """A process of two, as torchrun starts it."""
    import os

    os.environ |= {
        'RANK': str(rank),
        'LOCAL_RANK': str(rank),
        'WORLD_SIZE': '2',
        'MASTER_ADDR': '127.0.0.1',
        'MASTER_PORT': str(port),
    }
    torch.set_num_threads(1)
    register_all_modules()
    MODELS.register_module(
        name='FreeEstimator', module=FreeEstimator, force=True
    )
    cfg = Config(cfg)
    cfg.launcher = 'pytorch'
    report = adapted(cfg, 'shared')
    (folder / f'{rank}.json').write_text(json.dumps(report))


def known(values):
    return {k: v for k, v in values.items() if v is not None}


def test_two_processes_share_the_tracks(three, tmp_path):
    whole = without_cost(adapted(three, 'whole'))
    three.work_dir = str(tmp_path / 'shared')
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    args = (three.to_dict(), port, tmp_path)
    torch.multiprocessing.spawn(one_of_two, args, nprocs=2)
    for rank in range(2):
        report = json.loads((tmp_path / f'{rank}.json').read_text())
        for name, track in without_cost(report)['tracks'].items():
            for stage in ('before', 'after'):
                assert known(track[stage]) == pytest.approx(
                    known(whole['tracks'][name][stage]), rel=1e-4
                )
        assert len(report['tracks']) == 3


def test_a_device_that_is_not_there():
    assert pick_device('cpu') == 'cpu'
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match='--device'):
            pick_device('cuda:1')
