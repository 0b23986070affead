"""Every config in ``configs/`` loads and every module in it is built."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from mmengine.config import Config
from mmengine.runner import Runner

from semtta_mm.registry import MODELS
from semtta_mm.synthetic.crop_shards import ShardJob, make_shard
from semtta_mm.synthetic.motions import MotionClip
from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.synthetic.poses import PoseSampler
from semtta_mm.utils.setup_env import register_all_modules

ROOT = Path(__file__).parents[1]
CONFIGS = sorted((ROOT / 'configs').rglob('*.py'))
LICENSED = 'data/'
"""Files that a user brings; the tests put stand-ins of that layout there."""

BUILDERS = {
    'estimator': MODELS,
    'body': MODELS,
}
PLAIN = {'default_scope', 'log_level', 'env_cfg', 'randomness'}


@pytest.fixture
def stand_ins(tmp_path: Path) -> Path:
    """A ``data/`` folder with files laid out like the licensed ones."""
    rng = np.random.default_rng(0)
    smpl = tmp_path / 'body_models' / 'smpl'
    smpl.mkdir(parents=True)
    weights = rng.random((6890, 24)).astype(np.float32)
    regressor = rng.random((24, 6890)).astype(np.float32)
    h36m = rng.random((17, 6890)).astype(np.float32)
    parents = [2**32 - 1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    parents += [9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21]
    np.savez(
        smpl / 'SMPL_NEUTRAL.npz',
        v_template=rng.normal(size=(6890, 3)),
        shapedirs=rng.normal(size=(6890, 3, 10)),
        posedirs=rng.normal(size=(6890, 3, 207)) * 1e-3,
        J_regressor=regressor / regressor.sum(1, keepdims=True),
        weights=weights / weights.sum(1, keepdims=True),
        kintree_table=np.array([parents, range(24)], np.uint32),
        f=rng.integers(0, 6890, (13776, 3)).astype(np.uint32),
    )
    np.save(
        tmp_path / 'body_models' / 'J_regressor_h36m.npy',
        h36m / h36m.sum(1, keepdims=True),
    )
    clip = MotionClip('a', 'x', 'cmu', 30, np.tile(np.eye(3), (1, 24, 1, 1)))
    for split in ('train', 'val'):
        make_shard(
            ShardJob(tmp_path / 'crops' / split, 0, 2, 0, 32),
            PoseSampler([clip]),
        )
    moving = replace(clip, pose=np.tile(clip.pose, (60, 1, 1, 1)))
    for split in ('train', 'dev', 'test'):
        write_motion_set(tmp_path / 'motions' / f'{split}.npz', [moving])
    return tmp_path


def replace_paths(value: Any, folder: Path) -> Any:
    """``data/x`` to the stand-in of ``x``, everywhere in a config."""
    if isinstance(value, dict):
        return {k: replace_paths(v, folder) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(replace_paths(v, folder) for v in value)
    if isinstance(value, str) and value.startswith(LICENSED):
        return str(folder / value.removeprefix(LICENSED))
    return value


@pytest.mark.parametrize(
    'path', CONFIGS, ids=lambda p: str(p.relative_to(ROOT / 'configs'))
)
def test_config_is_built(path: Path, stand_ins: Path):
    register_all_modules()
    cfg = Config.fromfile(path)
    content = replace_paths(cfg.to_dict(), stand_ins)
    if 'train_cfg' in content:
        content['work_dir'] = str(stand_ins / 'work_dir')
        runner = Runner.from_cfg(Config(content))
        assert len(runner.build_dataloader(content['train_dataloader']))
        return
    unknown = set(content) - set(BUILDERS) - PLAIN
    assert not unknown, f'teach this test to build {unknown}'
    for key in BUILDERS.keys() & content.keys():
        module = BUILDERS[key].build(content[key])
        assert isinstance(module, torch.nn.Module)


def test_metafiles_name_configs_that_exist():
    index = yaml.safe_load((ROOT / 'model-index.yml').read_text())
    for file in index['Import']:
        meta = yaml.safe_load((ROOT / file).read_text())
        collections = {c['Name'] for c in meta['Collections']}
        for model in meta['Models']:
            assert (ROOT / model['Config']).is_file()
            assert model['In Collection'] in collections
