"""``semtta run``: what is written, skipped, reported, and how it ends."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from semtta_mm.commands import run
from semtta_mm.datasets.track_io import save_track
from semtta_mm.detection import DetectionResult, Detector2D
from semtta_mm.registry import TASK_UTILS

FAST = ['--config', 'semtta_hmr_demo', '--epochs', '1', '--cfg-options']
FAST += ['train_dataloader.min_steps_per_epoch=1']


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv('COLUMNS', '250')


class SeesNobody(Detector2D):
    """A real detector's answer to an empty room."""

    def settings(self):
        return {'type': 'SeesNobody'}

    def detect(self, video, frames=None, progress=None, fps=None):
        return DetectionResult(
            source=video.name,
            fps=fps or 30.0,
            image_size=(64, 48),
            convention='coco_17',
            searched=np.arange(10),
            frame_ids=np.zeros(0),
            keypoints=np.zeros((0, 17, 2)),
            scores=np.zeros((0, 17)),
            boxes=np.zeros((0, 4)),
        )


@pytest.fixture
def tracks(tmp_path, dataset):
    """Two track files of the same film."""
    folder = tmp_path / 'tracks'
    for name in ('ann', 'bob'):
        track = replace(dataset[0].track, name=name, reference=None)
        save_track(folder / f'{name}.npz', track)
    return folder


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / 'room'
    folder.mkdir()
    for i in range(10):
        cv2.imwrite(str(folder / f'{i}.png'), np.zeros((48, 64, 3), np.uint8))
    return folder


@pytest.fixture
def nobody():
    TASK_UTILS.register_module(module=SeesNobody, force=True)
    yield 'detector.type=SeesNobody'
    TASK_UTILS.module_dict.pop('SeesNobody')


def test_results_a_second_call_and_other_settings(
    tracks, tmp_path, capsys, monkeypatch
):
    out = tmp_path / 'out'
    one = [str(tracks / 'ann.npz'), '--out', str(out), *FAST]
    assert run.main(one) == 0
    printed = capsys.readouterr().out
    rows = [line.split() for line in printed.splitlines()]
    # Input, frames, people, windows, epochs and steps of the plan.
    assert ['ann', '9', '1', '1', '1', '1'] in [row[:6] for row in rows]
    assert ['ann', 'ann', '9'] in [row[:3] for row in rows]
    assert 'note: no text was given' in printed
    folder = out / 'ann' / 'ann'
    for name in ('result.npz', 'before_after.mp4', 'metrics.json'):
        assert (folder / name).is_file()

    with monkeypatch.context() as patch:
        patch.setattr(run, 'adapt', lambda cfg: pytest.fail('adapts again'))
        assert run.main(one) == 0
    printed = capsys.readouterr().out
    assert 'ann: finished by an earlier run, skipped' in printed
    assert 'note: no text was given' in printed  # kept for the summary
    assert ['ann', 'ann', '9'] in [x.split()[:3] for x in printed.splitlines()]

    # Other frames are other settings; a lost file is written again.
    calls = []
    monkeypatch.setattr(
        run, 'adapt', lambda cfg: calls.append(cfg) or report_of('ann')
    )
    assert run.main([*one, '--every', '2']) == 0
    assert run.main(one) == 0
    (folder / 'result.npz').unlink()
    assert run.main(one) == 0
    assert 'skipped' not in capsys.readouterr().out
    assert len(calls) == 3


def report_of(name):
    row = {'frames': 9, 'before': None, 'after': {'reproj_px': 2.0}}
    return {'tracks': {name: row}}


def test_ctrl_c_keeps_finished_inputs(tracks, tmp_path, capsys, monkeypatch):
    def interrupted(cfg):
        if 'bob' in cfg.work_dir:
            raise KeyboardInterrupt
        return report_of('ann')

    monkeypatch.setattr(run, 'adapt', interrupted)
    arguments = [str(tracks), '--out', str(tmp_path / 'out'), *FAST]
    assert run.main(arguments) == 130
    printed = capsys.readouterr()
    assert printed.err == (
        'interrupted; run the same command again to continue\n'
    )
    assert 'results' in printed.out
    assert ['ann', 'ann', '9', '-', '2.0'] in [
        line.split()[:5] for line in printed.out.splitlines()
    ]
    states = [
        json.loads((tmp_path / f'out/{name}/run.json').read_text())['status']
        for name in ('ann', 'bob')
    ]
    assert states == ['done', 'started']


def test_people_are_kept_only_while_the_input_is_the_same(
    tracks, tmp_path, monkeypatch
):
    resumed = []

    def interrupted(cfg):
        resumed.append(cfg.train_cfg.resume)
        raise KeyboardInterrupt

    monkeypatch.setattr(run, 'adapt', interrupted)
    path = tracks / 'ann.npz'
    arguments = [str(path), '--out', str(tmp_path / 'out'), *FAST]
    for _ in range(2):
        assert run.main(arguments) == 130
    path.write_bytes((tracks / 'bob.npz').read_bytes())
    assert run.main(arguments) == 130
    assert resumed == [False, True, False]


def test_one_bad_input_does_not_stop_the_others(
    tracks, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(run, 'adapt', lambda cfg: report_of('x'))
    bad = tracks / 'carl.mp4'
    bad.write_bytes(b'this is no video')
    out = ['--out', str(tmp_path / 'out'), *FAST]
    assert run.main([str(bad), *out]) == 2
    assert 'carl.mp4: video: cannot be opened' in capsys.readouterr().err
    assert run.main([str(bad), str(tracks / 'ann.npz'), *out]) == 1
    printed = capsys.readouterr()
    assert printed.err.count('carl.mp4: video: cannot be opened') == 1
    assert ['carl', '-', '0', '-', '-', 'failed'] in [
        line.split() for line in printed.out.splitlines()
    ]


def test_nobody_there_is_no_failure(
    images, tmp_path, capsys, nobody, monkeypatch
):
    out = tmp_path / 'out'
    arguments = [str(images), '--out', str(out), '--text', 'walk']
    arguments += ['--cfg-options', nobody]
    assert run.main(arguments) == 0
    printed = capsys.readouterr()
    assert printed.err == ''
    assert 'nobody was found' in printed.out
    assert 'room: no person was found' in printed.out
    assert 'note: A folder of images has no frame rate: 30' in printed.out
    assert not list(out.rglob('result.npz'))
    monkeypatch.delattr(SeesNobody, 'detect')
    monkeypatch.setattr(SeesNobody, '__abstractmethods__', frozenset())
    assert run.main(arguments) == 0
    assert 'room: finished by an earlier run' in capsys.readouterr().out


def test_a_dry_run_from_another_folder(images, tmp_path, capsys, monkeypatch):
    """By an absolute path, and with frames to choose."""
    elsewhere = tmp_path / 'elsewhere'
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    options = ['--dry-run', '--start', 'f2', '--every', '2', '--fps', '20']
    assert run.main([str(images.resolve()), *options]) == 0
    printed = capsys.readouterr().out
    # Frames 2, 4, 6, 8 of an unknown number of people.
    assert ['room', '4', '?'] in [x.split()[:3] for x in printed.splitlines()]
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (['--epochs', '0'], '--epochs: 0: is too few'),
        (['--start', 'soon'], "'soon' is no position"),
        (['--fps', '20'], '--fps: 20: is of no use: tracks have their own'),
        (['--config', 'none_such'], 'none_such: config: is not in'),
    ],
)
def test_wrong_options_are_one_line(tracks, capsys, options, message):
    assert run.main([str(tracks / 'ann.npz'), *options]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count('\n') == 1
