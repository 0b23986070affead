"""An experiment, really run: two rows on a rendered clip of one second."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from semtta_mm.apis.config import find_config
from semtta_mm.commands import benchmark
from semtta_mm.experiments.execute import execute
from semtta_mm.experiments.plan import read_plan
from semtta_mm.synthetic.motions.procedural import make_clip
from semtta_mm.synthetic.test_sets import ClipJob, TestSetPlan, make_clip_files
from semtta_mm.synthetic.test_sets.motions import Take

FRAMES = 24
PLAN = """
sets = dict(tiny={folder!r})
variants = ['none', 'lower_body']
seeds = [0]
reference = '2d'
common = {{
    'model.adapts': 'head',
    'train_cfg.max_epochs': 1,
    'train_dataloader.min_steps_per_epoch': 1,
}}
rows = [
    dict(name='2d', config={two_d!r}),
    dict(name='true 2D', config={demo!r}, evidence='true'),
]
"""


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp('set')
    rng = np.random.default_rng(3)
    names, labels = [], ('march in place', 'wave a hand')
    plan = TestSetPlan('open', 'test', 'all', 2, FRAMES, FRAMES, size=96)
    for i, label in enumerate(labels):
        clip = make_clip(label, rng, 2.0, 30.0, 'test')
        take = Take(
            label, clip.source, clip.name, 0, False, clip.pose[:FRAMES]
        )
        job = ClipJob(folder, plan, i, take)
        make_clip_files(job)
        names.append({'name': job.name, 'label': label})
    (folder / 'manifest.json').write_text(json.dumps({'clips': names}))
    return folder


def test_two_rows(folder, tmp_path, capsys):
    demo = find_config('semtta_hmr_demo.py')
    path = tmp_path / 'plan.py'
    two_d = demo.parent / 'ablation' / '2d.py'
    path.write_text(
        PLAN.format(folder=str(folder), two_d=str(two_d), demo=str(demo))
    )
    threads = torch.get_num_threads()
    for run in read_plan(path):
        execute(run, tmp_path / 'work', threads)
    # All runs are finished: the command only reports.
    words = [str(path), '--work-dir', str(tmp_path / 'work')]
    assert benchmark.main([*words, '--look-again']) == 0
    assert 'true 2D' in capsys.readouterr().out
    summary = json.loads((tmp_path / 'work' / 'summary.json').read_text())
    rows = {
        row['row']: row
        for row in summary['means']
        if row['variant'] == 'lower_body'
    }
    assert set(rows) == {'un-adapted', '2d', 'true 2D'}
    # Of the same joints, though the second row had them as evidence.
    assert all(row['mpjpe_occluded'] > 0 for row in rows.values())
    assert all(
        row['mpjpe_occluded_true_root'] > 0
        for row in (rows['2d'], rows['true 2D'])
    )
    assert {gap['row'] for gap in summary['differences']} == {
        'un-adapted',
        'true 2D',
    }
    folder = tmp_path / 'work' / '2d' / 'tiny' / 'seed_0'
    tracks = json.loads((folder / 'metrics.json').read_text())['tracks']
    by_variant = {
        variant: [v for k, v in tracks.items() if k.endswith(variant)]
        for variant in ('none', 'lower_body')
    }
    for track in by_variant['lower_body']:
        assert 0 < track['after']['hidden_deg'] < 180
        for values in (track['before'], track['after']):
            assert 0 < values['root_deg'] < 180
            assert values['tilt_deg'] <= values['root_deg'] + 1e-3
            most = values['mpjpe_occluded'] + 1e-3
            assert 0 < values['best_phase_mm'] <= most
            assert values['wasserstein_mm'] > 0
            assert values['foot_slide_mm'] > 0
    assert not list(folder.rglob('adapted.pth'))
    assert '**Errors**' in (tmp_path / 'work' / 'tables.md').read_text()
    # The scores alone are enough to print the tables.
    scores = str(tmp_path / 'work' / 'scores.csv')
    capsys.readouterr()
    assert benchmark.main([str(path), '--scores', scores]) == 0
    assert 'true 2D' in capsys.readouterr().out


def test_an_interrupted_run_keeps_its_tracks(folder, tmp_path):
    demo = find_config('semtta_hmr_demo.py')
    path, work = tmp_path / 'plan.py', tmp_path / 'work'
    two_d = demo.parent / 'ablation' / '2d.py'
    text = PLAN.format(folder=str(folder), two_d=str(two_d), demo=str(demo))
    path.write_text(text.replace("'none', 'lower_body'", "'none'"))
    run, threads = read_plan(path)[0], torch.get_num_threads()
    execute(run, work, threads)
    place = work / run.name
    result = sorted(place.glob('*/result.npz'))[0]
    when = result.stat().st_mtime_ns
    whole = json.loads((place / 'metrics.json').read_text())
    (place / 'metrics.json').unlink()
    execute(run, work, threads)
    assert result.stat().st_mtime_ns == when
    assert json.loads((place / 'metrics.json').read_text()) == whole
    # With other settings nothing is kept.
    execute(replace(run, options={**run.options, 'seed': 1}), work, threads)
    assert result.stat().st_mtime_ns > when
