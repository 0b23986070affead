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
from official_stand_ins import shrunk, write_estimator, write_motion_parts
from stand_ins import (
    write_3dpw,
    write_gmm,
    write_movenet,
    write_smpl,
    write_source_bank,
)
from vposer_stand_in import official_state

from semtta_mm.checkpoints import movenet
from semtta_mm.checkpoints.weights import load_weights
from semtta_mm.compat.mmpose import import_mmpose, init_pose_model
from semtta_mm.datasets import pose2sim_tracks
from semtta_mm.datasets.track_io import save_track
from semtta_mm.engine import SemTTARunner
from semtta_mm.experiments.plan import Run, read_plan
from semtta_mm.registry import DATASETS, HOOKS, METRICS, MODELS, TASK_UTILS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.structures import BodyReference, PersonTrack
from semtta_mm.synthetic.crop_shards import ShardJob, make_shard
from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.synthetic.poses import PoseSampler
from semtta_mm.training_data import MotionClip

ROOT = Path(__file__).parents[1]
CONFIGS = sorted((ROOT / 'configs').rglob('*.py'))
LICENSED = 'data/'
"""Files of the user; the tests write stand-ins with their layout."""

BUILDERS = {
    'estimator': MODELS,
    'body': MODELS,
    'tracks': DATASETS,
    'metric': METRICS,
    'monocular': TASK_UTILS,
    'motion_text': MODELS,
    'gate': MODELS,
    'lifter': HOOKS,
    'motion_labels': HOOKS,
    'lifted_loss': MODELS,
    'evidence_check': HOOKS,
    'refined_result': HOOKS,
}
PLAIN = {
    'default_scope',
    'log_level',
    'env_cfg',
    'randomness',
    'adapted_errors',
    'unadapted_errors',
    'refine',
    'hooks',
    'default_hooks',
    'method',
    'dataset_name',
    'other_metrics',
    'weights',
    'reference_bodies',
}


@pytest.fixture(scope='module')
def stand_ins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ``data/`` folder with files laid out like the licensed ones."""
    folder = tmp_path_factory.mktemp('data')
    write_networks(folder)
    write_smpl(folder / 'body_models')
    write_3dpw(folder / '3dpw')
    write_movenet(folder / 'movenet')
    clip = MotionClip('a', 'x', 'cmu', 30, np.tile(np.eye(3), (1, 24, 1, 1)))
    for split in ('train', 'train_plain', 'val', 'wide'):
        make_shard(
            ShardJob(folder / 'crops' / split, 0, 2, 0, 32),
            PoseSampler([clip]),
        )
    (folder / 'video.mp4').touch()
    for variant in ('none', 'lower_body'):
        write_stand_in_track(
            folder / 'test_sets/open_test/tracks' / variant / 'clip.npz'
        )
    for name in ('3dhp', 'egobody', 'h36m'):
        write_stand_in_track(folder / f'tracks/{name}/clip.npz', 2)
    for part in (
        'train',
        'train_plain',
        'train_mirrored',
        'val',
        'half',
        'half_val',
        'wide',
        'wide_val',
    ):
        write_features(folder / 'described' / part)
    moving = replace(
        clip, label='walk', pose=np.tile(clip.pose, (60, 1, 1, 1))
    )
    for split in ('train', 'dev', 'test'):
        write_motion_set(folder / 'motions' / f'{split}.npz', [moving])
        more = [moving, replace(moving, name='other', label='')]
        write_motion_set(folder / 'motions_plus' / f'{split}.npz', more)
    return folder


def write_networks(folder: Path) -> None:
    """The large ones among the stand-ins."""
    write_motion_parts(folder)
    write_gmm(folder / 'checkpoints' / 'gmm_08.pkl')
    write_source_bank(folder / 'source' / 'h36m.npz', 'smpl')
    vposer = folder / 'checkpoints' / 'vposer' / 'V02_05.ckpt'
    vposer.parent.mkdir(parents=True)
    torch.save(official_state(width=512, latent=32), vposer)
    for name, path in (
        ('hmr_resnet50-gn', 'hmr_basemodel.pt'),
        ('hmr_resnet50-gn', 'hmr_resnet50-gn.pth'),
        ('hmr2_vit-h', 'hmr2/epoch=35-step=1000000.ckpt'),
    ):
        write_estimator(folder / 'checkpoints' / path, name)
    write_checkpoint(
        'hmr_mobilenetv2',
        folder / 'work_dirs/train_hmr_longer2/iter_5000.pth',
    )
    write_references(folder)


def write_references(folder: Path) -> None:
    """VIBE's discriminator, and one motion of a generator."""
    state = MODELS.build(dict(type='MotionDiscriminator')).state_dict()
    path = folder / 'checkpoints/vibe/model_best.pth.tar'
    path.parent.mkdir(parents=True)
    torch.save({'disc_motion_state_dict': state}, path)
    (folder / 'motions').mkdir(exist_ok=True)
    np.savez(
        folder / 'motions/motiongpt_3dpw.npz',
        label=np.array(['walk']),
        pose=np.zeros((1, 40, 24, 3)),
        fps=20.0,
    )


def write_checkpoint(name: str, path: Path) -> None:
    """As a training of the estimator leaves it."""
    register_all_modules()
    cfg = Config.fromfile(ROOT / f'configs/_base_/estimators/{name}.py')
    state = MODELS.build(cfg.estimator).state_dict()
    path.parent.mkdir(parents=True)
    state = {f'estimator.{name}': value for name, value in state.items()}
    torch.save({'state_dict': state}, path)


def write_features(folder: Path) -> None:
    folder.mkdir(parents=True)
    rows = {
        'description': np.zeros((2, 8), np.float16),
        'pose': np.tile(np.eye(3, dtype=np.float32), (2, 24, 1, 1)),
        'betas': np.zeros((2, 10), np.float32),
        'keypoints': np.zeros((2, 23, 2), np.float32),
        'visible': np.ones((2, 23), bool),
    }
    for name, array in rows.items():
        np.save(folder / f'{name}.npy', array)


def write_stand_in_track(path: Path, depth: int = 4) -> None:
    """A track of the video that is so many folders above its own."""
    track = PersonTrack(
        name='clip',
        frame_ids=np.arange(3),
        fps=30.0,
        boxes=np.tile([16.0, 8, 48, 56], (3, 1)),
        keypoints=np.full((3, 23, 2), 30.0),
        scores=np.ones((3, 23)),
        convention='coco_23',
        video=path.parents[depth] / 'video.mp4',
        reference=BodyReference(
            pose=np.zeros((3, 24, 3)),
            betas=np.zeros((3, 10)),
            transl=np.ones((3, 3)),
        ),
    )
    save_track(path, track)


def replace_paths(value: Any, folder: Path) -> Any:
    """``data/x`` to the stand-in of ``x``, everywhere in a config."""
    if isinstance(value, dict):
        return {k: replace_paths(v, folder) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(replace_paths(v, folder) for v in value)
    if isinstance(value, str) and value.startswith(LICENSED):
        return str(folder / value.removeprefix(LICENSED))
    if isinstance(value, str) and value.startswith('work_dirs/train'):
        return str(folder / value)
    return value


def shrink(content: dict[str, Any]) -> None:
    """A huge estimator is built without memory, then made small."""
    for part in (content, content.get('model', {})):
        estimator = part.get('estimator')
        if estimator is not None and shrunk(estimator) is not estimator:
            with torch.device('meta'):
                whole = MODELS.build(estimator)
            assert sum(p.numel() for p in whole.parameters()) > 6e8
            part['estimator'] = shrunk(estimator)


@pytest.mark.parametrize(
    'path', CONFIGS, ids=lambda p: str(p.relative_to(ROOT / 'configs'))
)
def test_config_is_built(
    path: Path,
    stand_ins: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    video = stand_ins / 'video.mp4'  # tests fetch nothing
    monkeypatch.setattr(pose2sim_tracks, 'fetch_known', lambda name: video)
    monkeypatch.setattr(movenet, 'fetch_known', lambda name: stand_ins / name)
    register_all_modules()
    cfg = Config.fromfile(path)
    content = replace_paths(cfg.to_dict(), stand_ins)
    shrink(content)
    if path.parent.name == 'methods':
        return  # no model of its own; its children are built
    if 'mmpose' in path.parts:
        build_mmpose(content, tmp_path)
        return
    if 'rows' in content:
        build_rows(path, stand_ins, tmp_path)
        return
    if 'train_cfg' in content:
        content['work_dir'] = str(tmp_path)
        loop_type = content['train_cfg'].get('type', '')
        if loop_type.endswith('AdaptLoop'):
            runner = SemTTARunner.from_cfg(Config(content))
            loop = runner.build_train_loop(content['train_cfg'])
            assert len(loop.tracks)
            return
        runner = Runner.from_cfg(Config(content))
        assert len(runner.build_dataloader(content['train_dataloader']))
        return
    unknown = set(content) - set(BUILDERS) - PLAIN
    assert not unknown, f'teach this test to build {unknown}'
    built = {
        key: BUILDERS[key].build(content[key])
        for key in BUILDERS.keys() & content.keys()
    }
    for key in {'estimator', 'body', 'motion_text'} & built.keys():
        assert isinstance(built[key], torch.nn.Module)
    if 'tracks' in built:
        assert len(built['tracks'])
        assert built['tracks'][0].track.reference is not None
    for metric in content.get('other_metrics', {}).values():
        METRICS.build(metric)
    if 'weights' in content:
        load_weights(built['estimator'], content['weights'])


def build_mmpose(content: dict[str, Any], work_dir: Path) -> None:
    """The model of a config of mmpose's, and its training if it has one."""
    if 'model' not in content:
        return  # a base; its children are built
    if 'train_cfg' not in content:
        assert init_pose_model(Config(content)).dataset_meta
        return
    import_mmpose()
    content['train_dataloader']['dataset']['first'] = 0  # few stand-ins
    content['work_dir'] = str(work_dir)
    runner = Runner.from_cfg(Config(content))
    loader = runner.build_dataloader(content['train_dataloader'])
    assert len(loader.dataset)


def build_rows(path: Path, stand_ins: Path, work_dir: Path) -> None:
    """A Runner for every config of an experiment; options of every row."""
    built = set()
    for run in {run.row: run for run in read_plan(path)}.values():
        check_options(run)
        if run.config in built and 'type' not in str(run.options):
            continue
        built.add(run.config)
        if run.folder is None:  # its config is built for itself
            run.configured(work_dir)
            continue
        here = replace(
            run,
            folder=stand_ins / 'test_sets/open_test',
            variants=('none',),
            evidence='detected',
            gravity=False,
            error=1.0,
        )
        if 'model.weights' in run.options:  # of a control that is not shipped
            weights = {'model.weights': 'hmr_mobilenetv2_open'}
            here = replace(here, options={**run.options, **weights})
        runner = SemTTARunner.from_cfg(here.configured(work_dir / run.row))
        assert len(runner.build_train_loop(runner.cfg.train_cfg).tracks)


def check_options(run: Run) -> None:
    """Every option of a row changes a part that its config has."""
    for option in run.options:
        part = Config.fromfile(run.config)
        for name in option.split('.')[:-1]:
            assert name in part, f'{run.row}: {option}'
            part = part[name]


def test_metafiles_name_configs_that_exist():
    index = yaml.safe_load((ROOT / 'model-index.yml').read_text())
    for file in index['Import']:
        meta = yaml.safe_load((ROOT / file).read_text())
        collections = {c['Name'] for c in meta['Collections']}
        for model in meta['Models']:
            assert (ROOT / model['Config']).is_file()
            assert model['In Collection'] in collections
