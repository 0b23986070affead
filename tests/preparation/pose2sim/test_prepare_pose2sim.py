import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from semtta_mm.commands import prepare_pose2sim as prepare
from semtta_mm.datasets import load_track
from semtta_mm.detection import BlazePoseDetector, save_result
from semtta_mm.detection.cache import cache_key
from semtta_mm.preparation.pose2sim.body_fit import FitOptions
from semtta_mm.utils import InputError


@pytest.fixture
def kept(detections, cameras, tmp_path, monkeypatch):
    """Cached detections of existing videos."""
    detector = BlazePoseDetector(threads=1)
    monkeypatch.setattr(detector, 'settings', lambda: {'of': 'a test'})
    monkeypatch.setattr(prepare, 'BlazePoseDetector', lambda *a, **k: detector)
    monkeypatch.setattr(prepare, 'read_qualisys', lambda path: cameras)
    monkeypatch.setattr(
        prepare, 'fetch_known', lambda name: tmp_path / name.split('/')[1]
    )
    # Random points are no body: few iterations suffice.
    quick = FitOptions(accelerations=(1e4,), iterations=5)
    monkeypatch.setattr(
        prepare, 'fit_cameras', partial(prepare.fit_cameras, options=quick)
    )
    for name, result in detections.items():
        result = replace(result, world=np.zeros((len(result), 33, 3)))
        video = tmp_path / f'{name}.mp4'
        video.write_text(name)
        key = cache_key(video, detector.settings())
        save_result(tmp_path / 'kept' / f'{name}_{key[:16]}.npz', result, key)
    return tmp_path


@pytest.mark.parametrize('portable', [False, True])
def test_tracks_are_written_from_kept_detections(
    kept, portable, detections, capsys
):
    arguments = ['--out', str(kept / 'out')]
    arguments += ['--detections', str(kept / 'kept')]
    assert prepare.main(arguments + ['--portable'] * portable) == 0
    files = sorted((kept / 'out' / 'full').glob('*.npz'))
    assert [file.stem for file in files] == list(detections)
    manifest = json.loads((kept / 'out' / 'manifest.json').read_text())
    assert manifest['command'] == (
        'semtta prepare-pose2sim '
        + '--portable ' * portable
        + '--sources heavy full --out .'
    )
    video = load_track(files[2]).video
    assert video == (None if portable else kept / 'cam03.mp4')
    assert 'leave-one-camera-out std: median 0.0 mm' in capsys.readouterr().out


def test_without_a_network_the_reason_is_one_line(
    tmp_path, monkeypatch, capsys
):
    def offline(name):
        raise InputError(name, 'download', 'failed', 'connect once')

    monkeypatch.setattr(prepare, 'fetch_known', offline)
    assert prepare.main(['--out', str(tmp_path)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        'error: pose2sim/Calib.qca.txt: download: failed. Fix: connect once'
    ]
