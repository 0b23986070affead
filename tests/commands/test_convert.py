import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from semtta_mm.commands.convert import main
from semtta_mm.datasets import load_track

TOOL = Path(__file__).parents[2] / 'tools' / 'convert.py'


@pytest.fixture
def video(tmp_path):
    path = tmp_path / 'clip.mp4'
    code = cv2.VideoWriter.fourcc(*'mp4v')
    writer = cv2.VideoWriter(str(path), code, 25.0, (96, 64))
    for i in range(6):
        writer.write(np.full((64, 96, 3), 20 * i, np.uint8))
    writer.release()
    return path


@pytest.fixture
def folder(tmp_path):
    """Two people in frames 0 to 5 in OpenPose's format."""
    path = tmp_path / 'json'
    path.mkdir()
    k = np.arange(25)
    for t in range(6):
        people = [
            np.stack([x + k + t, k + 20, np.full(25, 0.9)], axis=1)
            for x in (5, 55)
        ]
        content = [{'pose_keypoints_2d': p.ravel().tolist()} for p in people]
        name = f'clip_{t:012d}_keypoints.json'
        (path / name).write_text(json.dumps({'people': content}))
    return path


def run(folder, video, out, *more):
    arguments = ['--keypoints', folder, '--video', video, '--out', out, *more]
    return main([str(item) for item in arguments])


def test_writes_a_file_for_each_person(folder, video, tmp_path, capsys):
    out = tmp_path / 'out'
    assert run(folder, video, out) == 0
    assert sorted(p.name for p in out.iterdir()) == [
        'clip_p0.npz',
        'clip_p1.npz',
    ]
    track = load_track(out / 'clip_p1.npz')
    assert track.convention == 'openpose_25'
    assert track.keypoints[3, 0].tolist() == [58, 20]
    assert track.video == video
    table = capsys.readouterr().out
    assert 'clip_p0' in table
    assert '25.0 / 25' in table


def test_overlay_and_choice_of_tracks(folder, video, tmp_path):
    out = tmp_path / 'out'
    assert run(folder, video, out, '--overlay', '--track', 'clip_p1') == 0
    assert sorted(p.name for p in out.iterdir()) == [
        'clip_overlay.mp4',
        'clip_p1.npz',
    ]


def test_options_reach_the_reader(folder, video, tmp_path):
    more = ['--reader', 'OpenPoseReader', '--convention', 'openpose_25b']
    more += ['--name', 'me', '--fps', '50', '--min-score', '0.95']
    assert run(folder, video, tmp_path / 'a', *more) == 2  # all below 0.95
    more[-1] = '0.5'
    assert run(folder, video, tmp_path / 'b', *more) == 0
    track = load_track(tmp_path / 'b' / 'me_p0.npz')
    assert (track.convention, track.fps) == ('openpose_25b', 50.0)


def test_tracks_can_be_converted_again(folder, video, tmp_path, capsys):
    assert run(folder, video, tmp_path / 'a') == 0
    arguments = ['--keypoints', str(tmp_path / 'a'), '--out']
    assert main([*arguments, str(tmp_path / 'b')]) == 0
    again = load_track(tmp_path / 'b' / 'clip_p0.npz')
    assert again.video == video
    capsys.readouterr()
    assert main([*arguments, str(tmp_path / 'c'), '--fps', '3']) == 2
    assert '--fps: does not apply' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('more', 'message'),
    [
        (['--fps', '-5'], 'fps: -5.0 is not positive'),
        (['--track', 'nobody'], '--track: nobody: is no track of these'),
        (['--convention', 'halpe_26'], '25 a person, but halpe_26 has 26'),
        (['--reader', 'CocoJsonReader'], 'file: does not exist'),
    ],
)
def test_bad_input_is_one_line_and_code_2(
    folder, video, tmp_path, capsys, more, message
):
    assert run(folder, video, tmp_path / 'out', *more) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count('\n') == 1
    assert captured.out == ''
    assert not (tmp_path / 'out').exists()


def test_two_tracks_of_one_name_are_not_written_over(tmp_path, capsys):
    rows = [f'{folder}/{i}.jpg' for folder in ('a/b', 'a_b') for i in range(3)]
    boxes = np.tile([1.0, 1, 9, 9, 1], (6, 1))
    np.savez(tmp_path / 'x.npz', image_path=rows, bbox_xywh=boxes)
    arguments = ['--keypoints', str(tmp_path / 'x.npz'), '--fps', '30']
    assert main([*arguments, '--out', str(tmp_path / 'out')]) == 2
    assert "'a_b_p0' is the name of two tracks" in capsys.readouterr().err
    assert not (tmp_path / 'out').exists()


def test_the_tool_itself(folder, tmp_path):
    result = subprocess.run(
        [sys.executable, TOOL, '--keypoints', folder, '--out', tmp_path / 'o']
        + ['--video', tmp_path / 'gone.mp4'],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 2
    assert result.stderr.strip().startswith('error: ')
    assert 'gone.mp4: video: does not exist' in result.stderr
    assert result.stderr.count('\n') == 1
