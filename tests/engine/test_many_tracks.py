"""Selected tracks, tracks left by an earlier run, shares of processes."""

import json
import socket

import numpy as np
import pytest
import torch
from mmengine.config import Config
from test_semtta_runner import FreeEstimator, config, report_of  # noqa: F401

from semtta_mm.engine import SemTTARunner
from semtta_mm.engine.runners.processes import (
    LONG_TIMEOUT,
    end_group,
    with_long_timeout,
)
from semtta_mm.engine.runners.semtta_runner import pick_device
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError


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
    # Its seed does not depend on the other tracks.
    assert one['tracks']['twin']['after'] == whole['tracks']['twin']['after']
    three.train_cfg.only = ['nobody']
    with pytest.raises(InputError, match=r'nobody.*someone, third, twin'):
        adapted(three, 'none')


def test_a_resumed_run_ends_as_an_uninterrupted_one(three, tmp_path):
    whole = adapted(three, 'whole')
    work = tmp_path / 'work'
    kept = (work / 'someone' / 'result.npz').stat().st_mtime_ns
    # As if the run had been interrupted in the second track.
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


def test_other_settings_are_not_resumed(three, tmp_path):
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
    end_group()


@pytest.fixture
def one_thread():
    """As in each of several processes: sums depend on it."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_two_processes_share_the_tracks(three, tmp_path, one_thread):
    whole = json.loads(json.dumps(without_cost(adapted(three, 'whole'))))
    three.work_dir = str(tmp_path / 'shared')
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    args = (three.to_dict(), port, tmp_path)
    torch.multiprocessing.spawn(one_of_two, args, nprocs=2)
    for rank in range(2):
        report = json.loads((tmp_path / f'{rank}.json').read_text())
        assert without_cost(report) == whole


def test_a_process_waits_for_longer_tracks():
    """A share may take hours longer than another."""
    assert (
        with_long_timeout({})['dist_cfg']['timeout']
        == LONG_TIMEOUT.total_seconds()
    )
    given = {'dist_cfg': {'timeout': 5, 'backend': 'nccl'}, 'a': 1}
    assert with_long_timeout(given) == given


def test_a_device_that_does_not_exist():
    assert pick_device('cpu') == 'cpu'
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match='--device'):
            pick_device('cuda:1')


def test_an_interrupted_run_leaves_no_old_numbers(
    three, tmp_path, monkeypatch
):
    """New results with old numbers would count as complete."""
    three.train_cfg.only = ['someone']
    adapted(three, 'whole')
    path = tmp_path / 'work' / 'someone' / 'metrics.json'
    assert path.is_file()
    monkeypatch.setattr(
        'semtta_mm.engine.hooks.TrackResultHook.after_train', broken_off
    )
    with pytest.raises(KeyboardInterrupt):
        adapted(three, 'broken')
    assert not path.exists()


def broken_off(hook, runner):
    """Raises as Ctrl-C does."""
    raise KeyboardInterrupt


def test_missing_labels_are_logged(three, tmp_path):
    three.train_cfg.only = ['someone']
    three.log_level = 'INFO'
    adapted(three, 'unlabelled')
    logs = [p.read_text() for p in (tmp_path / 'work').rglob('*.log')]
    assert any('someone: no labels are given' in t for t in logs)
    assert (tmp_path / 'work' / 'config.py').is_file()


def test_labels_are_checked_before_the_first_track(three, tmp_path):
    labels = tmp_path / 'labels'
    labels.mkdir()
    (labels / 'someone.json').write_text('[]')
    three.train_cfg.labeler = dict(type='FileLabeler', path=str(labels))
    with pytest.raises(InputError, match='third, twin: has no labels'):
        adapted(three, 'labelled')
    assert not (tmp_path / 'work' / 'someone').exists()
