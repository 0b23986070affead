import json

import numpy as np
import pytest

from semtta_mm.commands import demo
from semtta_mm.datasets import pose2sim_tracks
from semtta_mm.utils import InputError
from semtta_mm.visualization import VideoWriter

FRAMES = 100


@pytest.fixture
def videos(tmp_path):
    """Stand-ins of the four videos: same frames and size, no picture."""
    path = tmp_path / 'cam.mp4'
    with VideoWriter(path, 60.0) as writer:
        for t in range(FRAMES):
            image = np.full((1920, 1080, 3), 2 * t, np.uint8)
            writer.write(image)
    return path


def test_table_numbers_and_pictures(videos, tmp_path, monkeypatch, capsys):
    """The shipped weights and tracks, one camera, a blank video."""
    for module in (demo, pose2sim_tracks):
        monkeypatch.setattr(module, 'fetch_known', lambda name: videos)
    out = tmp_path / 'out'
    options = ['--cameras', 'cam02', '--epochs', '1']
    assert demo.main(['--out', str(out), *options]) == 0
    report = json.loads((out / 'metrics.json').read_text())
    assert list(report['tracks']) == ['cam02']
    assert report['coverage']['evaluated'] == 50
    assert set(report['baselines']) == {
        'constant pose',
        'best constant',
        'BlazePose 3D',
    }
    # BlazePose's own 3D does not depend on the video.
    blazepose = report['baselines']['BlazePose 3D']['overall']
    assert 60 < blazepose['pa_mpjpe'] < 90
    track = report['tracks']['cam02']
    assert track['before'] != track['after'] and len(track['epochs']) == 1
    for name in ('result.npz', 'adapted.pth', 'before_after.mp4'):
        assert (out / 'cam02' / name).is_file()
    assert (out / 'sheet.png').is_file()
    printed = capsys.readouterr().out
    assert 'set-up: 1 videos' in printed
    assert 'un-adapted' in printed and 'adapted' in printed


def test_sheet_shows_each_video_in_a_row(tmp_path):
    paths = []
    for i in range(2):
        paths.append(tmp_path / f'{i}.mp4')
        with VideoWriter(paths[-1], fps=30) as writer:
            for t in range(10):
                level = 20 * t + 5 * i
                writer.write(np.full((32, 48, 3), level, np.uint8))
    sheet = demo.sheet_of(paths)
    assert sheet.shape == (64, demo.SHOWN * 48, 3)
    shown = sheet[[16, 48]][:, 24::48, 0].astype(int)
    expected = 20 * np.linspace(0, 9, demo.SHOWN).astype(int)
    np.testing.assert_allclose(shown[0], expected, atol=6)
    np.testing.assert_allclose(shown[1], expected + 5, atol=6)


def test_sheet_of_videos_of_two_sizes(tmp_path):
    paths = []
    for width in (48, 32):
        paths.append(tmp_path / f'{width}.mp4')
        with VideoWriter(paths[-1], fps=30) as writer:
            for _ in range(3):
                writer.write(np.full((32, width, 3), 200, np.uint8))
    sheet = demo.sheet_of(paths)
    assert sheet.shape == (64, demo.SHOWN * 48, 3)
    assert sheet[:32].min() > 150
    assert sheet[32:, demo.SHOWN * 32 :].max() == 0


def test_without_a_network_the_reason_is_one_line(
    tmp_path, monkeypatch, capsys
):
    def offline(name):
        raise InputError(name, 'download', 'failed', 'connect once')

    monkeypatch.setattr(demo, 'fetch_known', offline)
    arguments = ['--out', str(tmp_path), '--cameras', 'cam02']
    assert demo.main(arguments) == 2
    assert capsys.readouterr().err.splitlines() == [
        'error: pose2sim/cam02.mp4: download: failed. Fix: connect once'
    ]
