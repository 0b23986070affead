"""What the arguments of ``tools/tta.py`` change, and what it checks."""

import pytest

from semtta_mm.apis import adapt
from semtta_mm.apis.adapt_options import build_parser, configured
from semtta_mm.apis.config import find_config
from semtta_mm.apis.dry_run import missing_files
from semtta_mm.utils import InputError

DEMO = str(find_config('semtta_hmr_demo.py'))
PAPER = str(find_config('semtta_hmr_3dpw.py'))


def config_of(*arguments):
    return configured(build_parser().parse_args([DEMO, *arguments]))


def test_arguments_reach_the_config(tmp_path):
    cfg = config_of(
        '--tracks',
        'cam01',
        'cam03',
        '--seed',
        '7',
        '--resume',
        '--device',
        'cpu',
        '--launcher',
        'pytorch',
        '--text',
        'walk',
        '--work-dir',
        str(tmp_path),
        '--cfg-options',
        'train_cfg.max_epochs=2',
    )
    assert cfg.train_cfg.only == ['cam01', 'cam03']
    assert (cfg.train_cfg.seed, cfg.randomness.seed) == (7, 7)
    assert cfg.train_cfg.resume
    assert cfg.train_cfg.max_epochs == 2
    assert cfg.train_cfg.labeler == dict(type='FixedLabeler', text='walk')
    assert cfg.launcher == 'pytorch'
    assert (cfg.device, cfg.work_dir) == ('cpu', str(tmp_path))


def test_a_video_takes_the_place_of_the_tracks(tmp_path):
    video = tmp_path / 'walk.mp4'
    with pytest.raises(InputError, match=r'walk\.mp4'):
        config_of('--video', str(video))
    video.touch()
    cfg = config_of('--video', str(video))
    reader = cfg.train_dataloader.dataset.reader
    assert (reader.type, reader.video) == ('DetectionReader', str(video))
    assert reader.detector.type == 'BlazePoseDetector'
    assert 'fps' not in reader  # of the config's own reader
    # Whatever the config's tracks do, this person may not.
    assert cfg.train_cfg.labeler is None
    assert cfg.monocular is None
    assert cfg.work_dir == 'work_dirs/semtta_hmr_demo_walk'
    both = config_of('--video', str(video), '--text', 'walk')
    assert both.train_cfg.labeler.text == 'walk'


def test_all_that_is_missing_at_once(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert adapt.main([PAPER, '--dry-run']) == 2
    told = capsys.readouterr().err
    for name in (
        'model.weights: data/checkpoints/hmr_resnet50-gn.pth',
        'model.body.model_path: data/body_models/smpl',
        'J_regressor_h36m.npy',
        'train_dataloader.dataset.reader.keypoints: data/3dpw',
        'train_cfg.labeler.path: data/labels/3dpw',
    ):
        assert name in told
    assert not list(tmp_path.iterdir())


def test_shipped_and_fetched_names_are_no_files(tmp_path):
    config = {
        'weights': 'hmr_mobilenetv2_open',
        'backbone_weights': 'movenet/lightning',
        'folder': 'will/be/written',
        'checkpoint': 'https://example.org/a.pth',
        'denoiser': [{'weights': 'mdnet_opened'}],
        'video': str(tmp_path),
        'mean_params': 'standing',
    }
    assert missing_files(config) == ['denoiser.0.weights: mdnet_opened']


def test_a_dry_run_tells_the_plan(capsys, tmp_path, monkeypatch):
    from semtta_mm.datasets import pose2sim_tracks

    (tmp_path / 'video.mp4').touch()
    monkeypatch.setattr(
        pose2sim_tracks, 'fetch_known', lambda name: tmp_path / 'video.mp4'
    )
    arguments = [DEMO, '--dry-run', '--tracks', 'cam02']
    assert adapt.main([*arguments, '--work-dir', str(tmp_path / 'w')]) == 0
    told = capsys.readouterr().out
    rows = [
        line.split()[1::2]
        for line in told.splitlines()
        if line.startswith('│')
    ]
    assert rows == [['cam02', '50', '1', '6', '60']]
    assert not (tmp_path / 'w').exists()


def test_an_unknown_track(capsys, tmp_path, monkeypatch):
    from semtta_mm.datasets import pose2sim_tracks

    monkeypatch.setattr(pose2sim_tracks, 'fetch_known', lambda name: tmp_path)
    assert adapt.main([DEMO, '--dry-run', '--tracks', 'cam9']) == 2
    assert 'cam01, cam02, cam03, cam04' in capsys.readouterr().err
