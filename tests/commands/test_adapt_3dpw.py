"""``tools/tta.py configs/semtta_hmr_3dpw.py`` on a miniature of 3DPW."""

import json
from pathlib import Path

import numpy as np
import pytest
from official_stand_ins import write_estimator, write_motion_parts
from stand_ins import write_3dpw, write_smpl

from semtta_mm.commands.adapt import main

CONFIGS = Path(__file__).parents[2] / 'configs'


def test_the_papers_config_runs(tmp_path, monkeypatch, capsys):
    data = tmp_path / 'data'
    write_smpl(data / 'body_models')
    write_3dpw(data / '3dpw', frames=4, people=1)
    write_motion_parts(data)
    write_estimator(data / 'checkpoints/hmr_basemodel.pt', 'hmr_resnet50-gn')
    (data / 'labels/3dpw').mkdir(parents=True)
    span = {'start': 0, 'end': 4, 'text': 'walk'}
    labels = data / 'labels/3dpw/downtown_test_00_0.json'
    labels.write_text(json.dumps([span]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv('SMPL_MODEL_DIR', raising=False)
    work = tmp_path / 'out'
    code = main(
        [
            str(CONFIGS / 'semtta_hmr_3dpw.py'),
            *('--work-dir', str(work)),
            *('--cfg-options', 'train_cfg.max_epochs=1'),
        ]
    )
    assert code == 0
    report = json.loads((work / 'metrics.json').read_text())
    assert report['protocol']['root'] == 'h36m_pelvis'
    assert report['coverage']['frames'] == 3
    assert report['coverage']['evaluated'] == 3
    for stage in ('before', 'after'):
        for name in ('mpjpe', 'pa_mpjpe', 'mpvpe', 'reproj_px'):
            assert report['overall'][stage][name] > 0
    other = report['other_protocols']['wham']
    assert other['protocol']['root'] == 'mid_hip'
    for stage in ('before', 'after'):
        main_, beside = report['overall'][stage], other['overall'][stage]
        assert beside['pa_mpjpe'] == pytest.approx(main_['pa_mpjpe'])
        assert beside['mpjpe'] > 0 and beside['mpvpe'] > 0
        assert beside['mpjpe'] != main_['mpjpe']
    assert 'mid_hip' in capsys.readouterr().out
    result = np.load(work / 'downtown_test_00_0/result.npz')
    assert result['frame_ids'].tolist() == [0, 1, 2]
    epochs = report['tracks']['downtown_test_00_0']['epochs']
    assert -1 <= epochs[0]['similarity'] <= 1
