"""Reports of adapt and evaluate: rows of comparison, absent entries."""

import pytest
from mmengine.config import Config

from semtta_mm.apis import adapt, evaluate
from semtta_mm.datasets.track_io import save_track
from semtta_mm.setup_env import register_all_modules


@pytest.fixture
def parts(tmp_path, dataset, film):
    """Entries that both commands read."""
    register_all_modules()
    save_track(tmp_path / 'tracks' / 'someone.npz', dataset[0].track)
    return dict(
        tracks=dict(
            type='TrackDataset',
            reader=dict(
                type='NpzTrackReader', keypoints=str(tmp_path / 'tracks')
            ),
            input_size=film.side,
        ),
        estimator=dict(type='ConstantEstimator', input_size=film.side),
        body=dict(type='SMPLBody'),
        metric=dict(type='MeshMetric', root='mid_hip', joint_set='limbs_12'),
    )


STILL = dict(
    other=dict(type='ConstantEstimator', input_size=64, focal_length=2500.0)
)


def test_evaluate_without_other_protocols(parts):
    """None, as a child config writes it, means no other protocol."""
    report = evaluate(
        Config({**parts, 'other_metrics': None, 'baselines': STILL})
    )
    assert report['other_protocols'] == {}
    assert report['overall']['after'] is None
    assert list(report['baselines']) == [
        'constant pose',
        'best constant',
        'other',
    ]
    same, other = (
        report['baselines'][name]['overall']
        for name in ('constant pose', 'other')
    )
    assert other['pa_mpjpe'] == pytest.approx(same['pa_mpjpe'], rel=1e-4)


def test_adapt_compares_without_a_detectors_3d(parts, tmp_path):
    cfg = Config(
        dict(
            default_scope='semtta_mm',
            work_dir=str(tmp_path / 'work'),
            model=dict(
                type='BaseAdaptor',
                estimator=dict(
                    type='HMREstimator',
                    backbone=dict(
                        type='mmpose.MobileNetV2',
                        widen_factor=0.1,
                        out_indices=(7,),
                    ),
                    head=dict(type='mmhuman3d.HMRHead', feat_dim=1280),
                    mean_params='standing',
                    input_size=64,
                ),
                body=parts['body'],
                losses=dict(keypoints=dict(type='Keypoint2DLoss')),
            ),
            metric=parts['metric'],
            baselines=STILL,
            train_dataloader=dict(dataset=parts['tracks'], batch_size=1),
            train_cfg=dict(type='VideoAdaptLoop', max_epochs=1),
            optim_wrapper=dict(optimizer=dict(type='Adam', lr=1e-4)),
            hooks=dict(
                refresh=dict(type='RefreshHook'),
                metrics=dict(type='TrackMetricsHook'),
            ),
            default_hooks=dict(checkpoint=None),
            log_level='WARNING',
        )
    )
    report = adapt(cfg)
    assert {'constant pose', 'other'} <= set(report['baselines'])
    assert report['method'] == 'BaseAdaptor'
    assert report['dataset'] == ''
    assert report['overall']['after']['mpjpe'] > 0
