"""From a data set as published to the paper's numbers, by two commands."""

import json

import pytest
from dataset_stand_ins import write_3dhp, write_egobody
from official_stand_ins import write_estimator, write_motion_parts
from stand_ins import write_smpl

from semtta_mm.apis.config import find_config
from semtta_mm.commands.adapt import main
from semtta_mm.commands.main import main as semtta
from semtta_mm.datasets import NpzTrackReader

SMALL_HMR2 = (
    'model.estimator.backbone.dim=32',
    'model.estimator.backbone.depth=1',
    'model.estimator.backbone.heads=2',
    'model.estimator.head.context_dim=32',
    'model.estimator.head.dim=32',
    'model.estimator.head.depth=1',
    'model.estimator.head.heads=2',
    'model.estimator.head.hidden=32',
)


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv('SMPL_MODEL_DIR', raising=False)
    write_smpl(tmp_path / 'data/body_models')
    write_motion_parts(tmp_path / 'data')
    return tmp_path / 'data'


def write_labels(data, name):
    folder = data / 'labels' / name
    folder.mkdir(parents=True)
    tracks = NpzTrackReader(data / 'tracks' / name)()
    for track in tracks:
        span = {'start': 0, 'end': 99999, 'text': 'walk'}
        (folder / f'{track.name}.json').write_text(json.dumps([span]))
    return tracks


def adapted(name, track, options, capsys):
    config = str(find_config(f'semtta_{name}.py'))
    options = ['--cfg-options', 'train_cfg.max_epochs=1', *options]
    options += ['--tracks', track.name]
    assert main([config, '--dry-run', *options]) == 0
    assert main([config, '--work-dir', 'out', *options]) == 0
    assert 'mid_hip' in capsys.readouterr().out
    with open('out/metrics.json') as file:
        return json.load(file)


def test_3dhp_with_hmr(data, capsys):
    write_3dhp(data / 'mpi_inf_3dhp')
    convert = ['convert', '3dhp', 'data/mpi_inf_3dhp', 'data/tracks/3dhp']
    options = ['--fps', '25', '--evidence', 'annot2', '--no-intrinsics']
    assert semtta([*convert, *options, '--allow-partial']) == 0
    tracks = write_labels(data, '3dhp')
    write_estimator(data / 'checkpoints/hmr_basemodel.pt', 'hmr_resnet50-gn')
    report = adapted('hmr_3dhp', tracks[0], [], capsys)
    assert report['dataset'] == '3dhp'
    protocol = report['protocol']
    assert (protocol['root'], protocol['joint_set']) == (
        'h36m_pelvis',
        'h36m_17',
    )
    assert report['coverage']['evaluated'] == len(tracks[0])
    for stage in report['overall'].values():
        assert stage['mpjpe'] > 0 and stage['pa_mpjpe'] > 0
        assert stage['mpvpe'] is None  # the truth has no bodies
    assert set(report['other_protocols']) == {'wham', 'joints_14'}


def test_egobody_with_hmr2(data, capsys):
    (data / 'egobody').mkdir()
    write_egobody(data / 'egobody')
    convert = ['convert', 'egobody', 'data/egobody', 'data/tracks/egobody']
    assert semtta([*convert, '--allow-partial']) == 0
    (track,) = write_labels(data, 'egobody')
    write_estimator(
        data / 'checkpoints/hmr2/epoch=35-step=1000000.ckpt', 'hmr2_vit-h'
    )
    report = adapted('hmr2_egobody', track, SMALL_HMR2, capsys)
    assert report['estimator'] == 'HMR2Estimator'
    assert report['protocol']['joint_set'] == 'h36m_14'
    for stage in report['overall'].values():
        for name in ('mpjpe', 'pa_mpjpe', 'mpvpe'):
            assert stage[name] > 0
    assert set(report['other_protocols']) == {'wham'}
