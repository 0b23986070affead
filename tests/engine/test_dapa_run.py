"""DAPA from its config's parts to a report, on a miniature track."""

import pytest
import tiny_network  # noqa: F401  (registers TinyEstimator)
from mmengine.config import Config

from semtta_mm.apis.config import find_config
from semtta_mm.datasets.track_io import save_track
from semtta_mm.engine import SemTTARunner
from semtta_mm.setup_env import register_all_modules


@pytest.mark.parametrize('adapts', ['head', 'network'])
def test_an_adaptation_lowers_the_reprojection_error(
    tmp_path, dataset, film, adapts
):
    register_all_modules()
    save_track(tmp_path / 'tracks' / 'someone.npz', dataset[0].track)
    cfg = Config.fromfile(
        find_config('semtta_hmr_demo.py').parent / '_base_/methods/dapa.py'
    )
    cfg.merge_from_dict(
        dict(
            default_scope='semtta_mm',
            work_dir=str(tmp_path / 'work'),
            experiment_name='dapa',
            model=dict(
                estimator=dict(type='TinyEstimator'),
                body=dict(type='SMPLBody'),
                adapts=adapts,
            ),
            train_dataloader=dict(
                dataset=dict(
                    type='TrackDataset',
                    reader=dict(
                        type='NpzTrackReader',
                        keypoints=str(tmp_path / 'tracks'),
                    ),
                    input_size=film.side,
                )
            ),
            train_cfg=dict(max_epochs=12),
            optim_wrapper=dict(optimizer=dict(lr=3e-3)),
            metric=dict(
                type='MeshMetric', root='mid_hip', joint_set='limbs_12'
            ),
            hooks=dict(progress=None),
        )
    )
    runner = SemTTARunner.from_cfg(cfg)
    runner.train()
    assert runner.train_loop.max_iters == 12  # a batch has all nine frames
    report = runner.train_loop.report()
    before, after = (report['overall'][k] for k in ('before', 'after'))
    assert after['reproj_px'] < 0.8 * before['reproj_px']
    losses = report['tracks']['someone']['epochs'][-1]['losses']
    assert losses['fake_pose'] >= 0 and 'keypoints' in losses
