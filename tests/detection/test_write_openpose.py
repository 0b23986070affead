import json
from dataclasses import replace

import numpy as np
import pytest

from semtta_mm.conventions import convert_keypoints, keypoint_index
from semtta_mm.datasets import OpenPoseReader
from semtta_mm.detection import write_openpose_json
from semtta_mm.utils import InputError


def test_files_are_those_of_openpose(result, tmp_path):
    paths = write_openpose_json(result, tmp_path / 'json')
    assert [p.name for p in paths[:2]] == [
        'walk_000000000010_keypoints.json',
        'walk_000000000012_keypoints.json',
    ]
    assert len(paths) == 6
    content = json.loads(paths[0].read_text())
    assert content['version'] == 1.3
    (person,) = content['people']
    values = np.reshape(person['pose_keypoints_2d'], (25, 3))
    for name in ('nose', 'right_wrist', 'left_heel', 'left_big_toe'):
        (ours,) = keypoint_index('blazepose_33', [name])
        (theirs,) = keypoint_index('openpose_25', [name])
        np.testing.assert_allclose(
            values[theirs],
            [*result.keypoints[0, ours], result.scores[0, ours]],
            atol=1e-3,
        )
    # The pelvis is the middle of the hips; the neck lacks a shoulder.
    hips = result.keypoints[0, [23, 24]].mean(axis=0)
    np.testing.assert_allclose(values[8, :2], hips, atol=1e-3)
    assert values[1].tolist() == [0, 0, 0]
    small_toe = keypoint_index('openpose_25', ['left_small_toe'])
    assert values[small_toe].tolist() == [[0, 0, 0]]


def test_frames_without_the_person_have_no_people(result, tmp_path):
    paths = write_openpose_json(result, tmp_path)
    people = [len(json.loads(p.read_text())['people']) for p in paths]
    assert people == [1, 1, 0, 1, 0, 1]


def test_our_reader_reads_it_back(result, tmp_path):
    moved = result.keypoints[:1] + np.arange(4).reshape(4, 1, 1)
    result = replace(result, keypoints=moved)
    write_openpose_json(result, tmp_path)
    (track,) = OpenPoseReader(tmp_path, fps=25.0, min_score=0.0)()
    assert track.frame_ids.tolist() == result.frame_ids.tolist()
    assert track.stride == 2
    keypoints, scores = convert_keypoints(
        result.keypoints, result.scores, 'blazepose_33', 'openpose_25'
    )
    np.testing.assert_allclose(track.keypoints, keypoints, atol=1e-3)
    np.testing.assert_allclose(track.scores, scores, atol=1e-4)


def test_written_again_over_itself_but_not_over_others(result, tmp_path):
    write_openpose_json(result, tmp_path)
    write_openpose_json(result, tmp_path)
    with pytest.raises(InputError, match='of another video or frame range'):
        write_openpose_json(replace(result, source='run.mp4'), tmp_path)
