"""Arguments of ``tools/tta.py``, their changes and checks."""

import json

import cv2
import numpy as np
import pytest
from video_files import write_film

from semtta_mm.apis.config import find_config
from semtta_mm.commands import adapt
from semtta_mm.commands.adapt_options import build_parser, configured
from semtta_mm.registry import HOOKS, TASK_UTILS
from semtta_mm.utils import InputError

DEMO = str(find_config('semtta_hmr_demo.py'))


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
    assert (reader.type, reader.video) == ('PeopleReader', str(video))
    assert reader.detector.type == 'BlazePoseDetector'
    assert 'fps' not in reader  # of the config's own reader
    # Labels and 3D of the config are of other tracks.
    assert cfg.train_cfg.labeler is None
    assert cfg.monocular is None
    assert cfg.baselines is None
    assert cfg.work_dir == 'work_dirs/semtta_hmr_demo_walk'
    both = config_of('--video', str(video), '--text', 'walk')
    assert both.train_cfg.labeler.text == 'walk'


def test_frames_of_a_video_and_of_tracks(tmp_path):
    video = tmp_path / 'walk.mp4'
    video.touch()
    options = ['--start', '2', '--end', 'f90', '--every', '3', '--epochs', '2']
    cfg = config_of('--video', str(video), '--fps', '25', *options)
    wanted = dict(start='2', end='f90', every=3)
    assert cfg.train_dataloader.dataset.reader.frames == wanted
    assert cfg.train_dataloader.dataset.reader.fps == 25
    assert cfg.train_cfg.max_epochs == 2
    assert TASK_UTILS.build(
        cfg.train_dataloader.dataset.reader
    ).selection.frames(25.0) == slice(50, 90, 3)
    cfg = config_of(*options)
    assert cfg.train_dataloader.dataset.frames == wanted
    assert 'frames' not in cfg.train_dataloader.dataset.reader
    with pytest.raises(InputError, match='tracks have their own rate'):
        config_of('--fps', '25')


def test_a_track_file_in_place_of_a_video(tmp_path):
    path = tmp_path / 'walk.npz'
    path.touch()
    cfg = config_of('--video', str(path), '--max-frames', '9')
    dataset = cfg.train_dataloader.dataset
    assert dataset.reader == dict(type='NpzTrackReader', keypoints=str(path))
    assert dataset.frames == dict(max_frames=9)


def test_a_vision_language_model_gives_the_labels(tmp_path):
    options = ('--vlm-url', 'http://localhost:8000/v1', '--vlm-model', 'eyes')
    cfg = config_of(*options, '--work-dir', str(tmp_path))
    assert cfg.train_cfg.labeler == dict(
        type='VLMLabeler',
        url='http://localhost:8000/v1',
        model='eyes',
        folder=str(tmp_path / 'vlm'),
    )
    TASK_UTILS.build(cfg.train_cfg.labeler)
    with pytest.raises(InputError, match='--vlm-model'):
        config_of(*options[:2])
    with pytest.raises(InputError, match='give one of them'):
        config_of(*options, '--text', 'walk')


def test_a_dry_run_prints_the_plan(capsys, tmp_path, monkeypatch):
    from semtta_mm.datasets import pose2sim_tracks

    (tmp_path / 'video.mp4').touch()
    monkeypatch.setattr(
        pose2sim_tracks, 'fetch_known', lambda name: tmp_path / 'video.mp4'
    )
    steps = ['--cfg-options', 'train_dataloader.min_steps_per_epoch=10']
    arguments = [DEMO, '--dry-run', '--tracks', 'cam02', *steps]
    arguments += ['--work-dir', str(tmp_path / 'w'), '--cfg-options']
    steps = 'train_dataloader.min_steps_per_epoch=10'
    assert adapt.main([*arguments, steps]) == 0
    printed = capsys.readouterr().out
    rows = [line.split() for line in printed.splitlines()]
    assert ['cam02', '50', '1', '6', '10'] in [row[:5] for row in rows]
    assert not (tmp_path / 'w').exists()


def test_an_unknown_track(capsys, tmp_path, monkeypatch):
    from semtta_mm.datasets import pose2sim_tracks

    monkeypatch.setattr(pose2sim_tracks, 'fetch_known', lambda name: tmp_path)
    assert adapt.main([DEMO, '--dry-run', '--tracks', 'cam9']) == 2
    assert 'cam01, cam02, cam03, cam04' in capsys.readouterr().err


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / 'walk'
    folder.mkdir()
    for i in range(70):
        cv2.imwrite(str(folder / f'{i}.png'), np.zeros((6, 8, 3), np.uint8))
    return folder


def test_a_dry_run_does_not_detect(capsys, tmp_path, images, monkeypatch):
    from semtta_mm.detection import BlazePoseDetector

    monkeypatch.delattr(BlazePoseDetector, 'detect')
    work = tmp_path / 'w'
    arguments = [DEMO, '--dry-run', '--video', str(images)]
    arguments += ['--work-dir', str(work)]
    assert adapt.main(arguments) == 0
    printed = capsys.readouterr().out
    rows = [x.split() for x in printed.splitlines()]
    assert ['walk_p0', '70'] in [row[:2] for row in rows]
    # Images have no rate of their own.
    assert 'note: A folder of images has no frame rate: 30' in printed
    options = ['--start', '1', '--every', '2', '--max-frames', '12']
    assert adapt.main([*arguments, *options, '--fps', '20']) == 0
    rows = [x.split() for x in capsys.readouterr().out.splitlines()]
    assert ['walk_p0', '12'] in [row[:2] for row in rows]
    assert not work.exists()
    option = 'train_dataloader.dataset.reader.fps=25'
    for given in (['--fps', '25'], ['--cfg-options', option]):
        assert adapt.main([*arguments, *given]) == 0
        assert 'note' not in capsys.readouterr().out


def test_views_reach_the_hook(tmp_path):
    cfg = config_of('--views', 'overlay', 'side+top')
    assert cfg.hooks.video == dict(
        type='TrackVideoHook', views=['overlay', 'side+top']
    )
    HOOKS.build(cfg.hooks.video)
    with pytest.raises(InputError, match="'back' is unknown"):
        config_of('--views', 'back')


def test_notes_on_a_video_are_printed(capsys, tmp_path):
    video = write_film(tmp_path / 'phone.mp4', rotation=90)
    arguments = [DEMO, '--dry-run', '--video', str(video)]
    assert adapt.main([*arguments, '--work-dir', str(tmp_path / 'w')]) == 0
    printed = capsys.readouterr().out
    assert 'note: The file is marked as rotated' in printed


def test_every_track_without_labels_is_named(capsys, tmp_path, monkeypatch):
    from semtta_mm.datasets import pose2sim_tracks

    (tmp_path / 'video.mp4').touch()
    monkeypatch.setattr(
        pose2sim_tracks, 'fetch_known', lambda name: tmp_path / 'video.mp4'
    )
    span = {'start': 0, 'end': 4, 'text': 'walk'}
    (tmp_path / 'cam02.json').write_text(json.dumps([span]))
    arguments = [DEMO, '--dry-run', '--labels', str(tmp_path)]
    assert adapt.main(arguments) == 2
    printed = capsys.readouterr().err
    assert 'cam01, cam03, cam04 has' in printed
    assert 'cam02' not in printed
    assert adapt.main([*arguments, '--tracks', 'cam02']) == 0


@pytest.mark.parametrize('device', ['gpu', 'cuda:99'])
def test_the_device_is_checked_first(capsys, device):
    assert adapt.main([DEMO, '--dry-run', '--device', device]) == 2
    assert f'--device: {device}: is' in capsys.readouterr().err
