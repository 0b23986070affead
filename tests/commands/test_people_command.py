"""People on the command line: list, choose, nobody."""

import json

import cv2
import numpy as np
import pytest
from people_stand_ins import COUNT, LEFT, RIGHT, register

from semtta_mm.apis.config import find_config
from semtta_mm.commands import adapt, detect
from semtta_mm.datasets import load_track

DEMO = str(find_config('semtta_hmr_demo.py'))


@pytest.fixture
def video(tmp_path):
    path = tmp_path / 'walk.avi'
    codec = cv2.VideoWriter_fourcc(*'MJPG')
    writer = cv2.VideoWriter(str(path), codec, 10.0, (640, 240))
    for i in range(COUNT):
        writer.write(np.full((240, 640, 3), 7 * i, np.uint8))
    writer.release()
    return path


@pytest.fixture
def run(video, tmp_path, capsys):
    def command(*options):
        code = adapt.main(
            [
                DEMO,
                '--video',
                str(video),
                '--work-dir',
                str(tmp_path / 'out'),
                *options,
                '--cfg-options',
                'train_dataloader.dataset.reader.detector.type=Poses',
                'train_dataloader.dataset.reader.finder.type=SeesAll',
            ]
        )
        return code, capsys.readouterr()

    return command


def people_file(tmp_path):
    return json.loads((tmp_path / 'out' / 'people.json').read_text())


def test_people_are_listed_and_nothing_is_adapted(run, tmp_path):
    register(LEFT, RIGHT)
    code, printed = run('--list-people')
    assert code == 0
    heading, *rows = [
        line.split()
        for line in printed.out.splitlines()
        if line.strip() and line.strip()[0] in 'i01'
    ]
    assert heading[0] == 'id'
    assert [row[:4] for row in rows] == [
        ['0', str(COUNT), '0', str(COUNT - 1)],
        ['1', str(COUNT), '0', str(COUNT - 1)],
    ]
    assert float(rows[0][4]) > float(rows[1][4])  # the taller one first
    kept = people_file(tmp_path)
    assert [row['id'] for row in kept] == [0, 1]
    assert kept[0]['evidence']['agreement'] == 1
    assert not (tmp_path / 'out' / 'metrics.json').exists()


def test_nobody_is_a_message_an_empty_list_and_no_error(run, tmp_path):
    register()
    for option in ([], ['--list-people']):
        code, printed = run(*option)
        assert code == 0
        assert 'walk.avi: no person was found' in printed.out
        assert people_file(tmp_path) == []


def test_an_unknown_person_is_named(run):
    register(LEFT, RIGHT)
    code, printed = run('--person', '7')
    assert code == 2
    assert 'person: 7: was not found. Fix: choose from 0, 1' in printed.err


@pytest.mark.parametrize('option', [['--list-people'], ['--person', '0']])
def test_options_of_people_need_a_video(option, capsys):
    assert adapt.main([DEMO, *option]) == 2
    assert f'{option[0]}: value: is of no use' in capsys.readouterr().err


def test_detections_of_each_person_are_written(
    video, tmp_path, capsys, monkeypatch
):
    from people_stand_ins import Crowd, Poses, SeesAll

    crowd = Crowd(LEFT, RIGHT)
    monkeypatch.setattr(
        detect, 'BlazePoseDetector', lambda *_, **__: Poses(crowd)
    )
    monkeypatch.setattr(
        detect, 'MoveNetPersonDetector', lambda: SeesAll(crowd)
    )
    out = tmp_path / 'out'
    assert detect.main([str(video), '--out', str(out)]) == 0
    assert len(load_track(out / 'walk_p0.npz').frame_ids) == COUNT
    assert len(load_track(out / 'walk_p1.npz').frame_ids) == COUNT
    one, json_out = tmp_path / 'one', tmp_path / 'json'
    assert detect.main([str(video), '--out', str(one), '--person', '1']) == 0
    assert [p.name for p in one.glob('*.npz')] == ['walk_p1.npz']
    arguments = [str(video), '--out', str(json_out), '--format', 'openpose']
    assert detect.main(arguments) == 0
    content = json.loads(
        (json_out / f'walk_{5:012d}_keypoints.json').read_text()
    )
    assert [p['person_id'] for p in content['people']] == [[0], [1]]
    assert capsys.readouterr().out.count('person ') >= 5
    crowd.people = ()
    empty = tmp_path / 'empty'
    assert detect.main([str(video), '--out', str(empty)]) == 0
    assert 'no person was found' in capsys.readouterr().out
    assert json.loads((empty / 'people.json').read_text()) == []
