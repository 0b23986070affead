"""``semtta extract-features`` on a few crops."""

import numpy as np
import pytest
import torch
from mmengine.config import Config

from semtta_mm.apis.config import find_config
from semtta_mm.commands.extract_features import main
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.synthetic.crop_shards import ShardJob, make_shard
from semtta_mm.synthetic.poses import PoseSampler
from semtta_mm.training_data import MotionClip


@pytest.fixture
def arguments(tmp_path):
    clip = MotionClip('a', 'x', 'cmu', 30, np.tile(np.eye(3), (1, 24, 1, 1)))
    make_shard(ShardJob(tmp_path / 'crops', 0, 3, 0, 128), PoseSampler([clip]))
    base = find_config('train_hmr_synthetic.py').parent / '_base_/estimators'
    config = tmp_path / 'small.py'
    config.write_text(
        f"_base_ = ['{base}/hmr_mobilenetv2.py']\n"
        "model = dict(type='HMRTrainer', estimator={{_base_.estimator}}, "
        "body=dict(type='SMPLBody'))\n"
    )
    checkpoint = tmp_path / 'epoch_1.pth'
    places = ['--crops', tmp_path / 'crops', '--out', tmp_path / 'features']
    return [str(a) for a in (config, checkpoint, *places)]


def test_features_of_every_crop(arguments, tmp_path):
    register_all_modules()
    trainer = MODELS.build(Config.fromfile(arguments[0]).model)
    torch.save({'state_dict': trainer.state_dict()}, arguments[1])
    assert main(arguments) == 0
    plain = np.load(tmp_path / 'features' / 'description.npy')
    assert len(plain) == 3 and np.isfinite(plain).all()
    assert main([*arguments, '--mirrored']) == 0
    mirrored = np.load(tmp_path / 'features' / 'description.npy')
    assert mirrored.shape == plain.shape
    assert not np.array_equal(mirrored, plain)


@pytest.mark.parametrize('content', ['', "model = dict(type='SemTTA')"])
def test_other_configs_are_one_line(arguments, tmp_path, content, capsys):
    (tmp_path / 'small.py').write_text(content)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert 'small.py: model.type: is no HMRTrainer' in error
    assert error.count('\n') == 1


def test_of_weights_that_ship(arguments, tmp_path):
    arguments[1] = 'hmr_mobilenetv2_open'
    assert main(arguments) == 0
    assert len(np.load(tmp_path / 'features' / 'description.npy')) == 3
