"""CycleAdapt's rows of Tables 1 and 3 on a miniature of 3DPW."""

import json

import numpy as np
import pytest
from official_stand_ins import write_estimator, write_motion_parts
from stand_ins import write_3dpw, write_smpl

from semtta_mm.apis.config import find_config
from semtta_mm.commands.adapt import main


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv('SMPL_MODEL_DIR', raising=False)
    folder = tmp_path / 'data'
    write_smpl(folder / 'body_models')
    write_3dpw(folder / '3dpw', frames=4, people=1)
    write_motion_parts(folder)
    write_estimator(folder / 'checkpoints/hmr_basemodel.pt', 'hmr_resnet50-gn')
    (folder / 'labels/3dpw').mkdir(parents=True)
    span = {'start': 0, 'end': 4, 'text': 'walk'}
    labels = folder / 'labels/3dpw/downtown_test_00_0.json'
    labels.write_text(json.dumps([span]))
    (folder / 'motions').mkdir()
    np.savez(
        folder / 'motions/motiongpt_3dpw.npz',
        label=np.array(['walk']),
        pose=np.zeros((1, 40, 24, 3)),
        fps=20.0,
    )
    return folder


@pytest.mark.parametrize(
    ('name', 'losses'),
    [
        ('cycleadapt_hmr_3dpw', {'keypoints', 'smooth'}),
        ('cycleadapt_unpaired_hmr_3dpw', {'keypoints', 'smooth', 'unpaired'}),
    ],
)
def test_the_configs_run(data, name, losses):
    config = str(find_config(name))
    options = ['--cfg-options', 'train_cfg.max_epochs=2']
    assert main([config, '--work-dir', 'out', *options]) == 0
    with open('out/metrics.json') as file:
        report = json.load(file)
    assert report['coverage']['evaluated'] == 3
    for stage in ('before', 'after'):
        assert report['overall'][stage]['mpvpe'] > 0
    epochs = report['tracks']['downtown_test_00_0']['epochs']
    assert [set(epoch['losses']) for epoch in epochs] == [losses] * 2
    assert epochs[-1]['losses']['keypoints'] < epochs[0]['losses']['keypoints']
    assert all(epoch['losses']['smooth'] == 0 for epoch in epochs)  # 3 frames
    with np.load('out/downtown_test_00_0/result.npz') as result:
        seen = (result['bank_source'] > 0).sum(1)
    assert seen.tolist() == [13] * 3  # of CycleAdapt's 29
