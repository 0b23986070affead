"""ISO from its config to a report, on a miniature track."""

import pytest
from mmengine.config import Config

from semtta_mm.apis.config import find_config
from semtta_mm.datasets.track_io import save_track
from semtta_mm.engine import SemTTARunner
from semtta_mm.setup_env import register_all_modules


@pytest.mark.parametrize('name', ['iso_hmr_demo', 'iso_online_hmr_demo'])
def test_an_adaptation_lowers_the_ssl_loss(tmp_path, dataset, name):
    register_all_modules()
    save_track(tmp_path / 'tracks' / 'someone.npz', dataset[0].track)
    cfg = Config.fromfile(find_config(f'{name}.py'))
    cfg.train_dataloader.dataset = dict(
        type='TrackDataset',
        reader=dict(type='NpzTrackReader', keypoints=str(tmp_path / 'tracks')),
        input_size=128,
    )
    cfg.merge_from_dict(
        dict(
            work_dir=str(tmp_path / 'work'),
            experiment_name=name,
            model=dict(fit=dict(pool=64, steps=40), views=dict(count=2)),
            optim_wrapper=dict(optimizer=dict(lr=3e-4)),
            metric=dict(frame='camera'),
            other_metrics=None,
            hooks=dict(progress=None),
        )
    )
    runner = SemTTARunner.from_cfg(cfg)
    runner.train()
    assert runner.train_loop.max_iters == 9  # a step a frame
    report = runner.train_loop.report()
    losses = report['tracks']['someone']['epochs'][0]['losses']
    assert losses['ssl_after'] < losses['ssl_before']
    before, after = (report['overall'][k] for k in ('before', 'after'))
    assert after['reproj_px'] != before['reproj_px']
