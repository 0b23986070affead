"""Plans of experiments and their runs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from mmengine.config import Config

from semtta_mm.apis.config import find_config
from semtta_mm.checkpoints.shipped import WEIGHTS
from semtta_mm.experiments.execute import is_done
from semtta_mm.experiments.plan import calibration_hashes, read_plan
from semtta_mm.utils import InputError
from semtta_mm.utils.files import file_sha256

DEMO = find_config('semtta_hmr_demo.py')
PLAN = f"""
sets = dict(a='sets/a', b='sets/b')
variants = ['none', 'block']
seeds = [0, 1]
common = {{'train_cfg.max_epochs': 3}}
rows = [
    dict(name='all', config={str(DEMO)!r}),
    dict(
        name='one',
        config={str(DEMO)!r},
        seeds=[0],
        sets=dict(a='sets/a'),
        labels='shuffled',
        evidence='true',
        options={{'optim_wrapper.optimizer.lr': 0.5}},
    ),
]
"""


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / 'plan.py'
    path.write_text(PLAN)
    return path


def test_rows_sets_and_seeds(plan):
    runs = read_plan(plan)
    assert [run.name for run in runs] == [
        'all/a/seed_0',
        'all/b/seed_0',
        'one/a/seed_0',
        'all/a/seed_1',
        'all/b/seed_1',
    ]
    assert runs[0].variants == ('none', 'block')


def test_config_of_a_run(plan):
    run = read_plan(plan)[2]
    cfg = run.configured(Path('work'))
    assert cfg.train_dataloader.dataset.reader == dict(
        type='TestSetReader',
        folder='sets/a',
        variants=('none', 'block'),
        evidence='true',
    )
    true = replace(run, gravity=True).configured(Path('work'))
    assert true.train_dataloader.dataset.reader.gravity is True
    noisy = replace(run, error=3.0).configured(Path('work'))
    assert noisy.train_dataloader.dataset.reader.error == 3.0
    assert cfg.train_cfg.labeler.rule == 'shuffled'
    blind = replace(run, labels='none').configured(Path('work'))
    assert blind.train_cfg.labeler is None
    assert cfg.train_cfg.max_epochs == 3
    assert cfg.optim_wrapper.optimizer.lr == 0.5
    assert cfg.hooks.fill.type == 'PoseBankFillInHook'
    assert cfg.hooks.progress is None and cfg.hooks.video is None
    assert cfg.hooks.result.weights is False
    assert cfg.hooks.result.before is True


def test_shipped_readouts_are_part_of_the_digest():
    text = "{'readout': 'motion_text_open'}"
    path = WEIGHTS / 'motion_text_open.labels.npz'
    assert calibration_hashes(text) == [file_sha256(path)]
    assert calibration_hashes("{'weights': 'motion_text_open'}") == []


def test_done_depends_on_the_settings(plan, tmp_path):
    run = read_plan(plan)[0]
    path = tmp_path / run.name / 'metrics.json'
    assert not is_done(run, tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({'run': run.digest}))
    assert is_done(run, tmp_path)
    for changed in (
        replace(run, gravity=True),
        replace(run, error=3.0),
        replace(run, seed=7),
        replace(run, options={'train_cfg.max_epochs': 4}),
        replace(run, labels='shuffled'),
        replace(run, labels='none'),
        replace(run, variants=('none',)),
    ):
        assert changed.digest != run.digest
    path.write_text('{"run": ')
    assert not is_done(run, tmp_path)


@pytest.mark.parametrize(
    ('old', 'new', 'field'),
    [
        ("name='one'", "name='all'", 'rows'),
        ('seeds = [0, 1]', '', 'seeds'),
        (repr(str(DEMO)), "'nowhere.py'", 'rows.all'),
    ],
)
def test_bad_plans(plan, old, new, field):
    plan.write_text(PLAN.replace(old, new))
    with pytest.raises(InputError, match=field):
        read_plan(plan)


def test_no_plan(tmp_path):
    with pytest.raises(InputError, match='does not exist'):
        read_plan(tmp_path / 'plan.py')


def test_tracks_of_the_config(plan):
    plan.write_text(PLAN.replace("b='sets/b'", "b='config'"))
    run = next(r for r in read_plan(plan) if r.set_name == 'b')
    assert run.folder is None
    cfg = run.configured(Path('work'))
    own = Config.fromfile(DEMO)
    assert cfg.train_dataloader.dataset == own.train_dataloader.dataset
    assert cfg.train_cfg.labeler == own.train_cfg.labeler
    assert cfg.dataset_name == own.dataset_name
    assert cfg.train_cfg.max_epochs == 3  # options hold
    # What changes test sets only does not change the run.
    assert run.digest == replace(run, variants=('block',), clips=2).digest


def test_first_clips_only(plan):
    plan.write_text(PLAN.replace("labels='shuffled'", 'clips=2'))
    run = next(r for r in read_plan(plan) if r.row == 'one')
    cfg = run.configured(Path('work'))
    assert cfg.train_dataloader.dataset.reader.clips == 2
    assert run.digest != replace(run, clips=None).digest
