import json

import cv2
import numpy as np
import pytest

from semtta_mm.datasets import OpenPoseReader
from semtta_mm.registry import TASK_UTILS
from semtta_mm.utils import InputError


def body(count, x=0.0, score=0.9):
    """Keypoint k is at (x + k, 2 k)."""
    k = np.arange(count)
    return np.stack([x + k, 2.0 * k, np.full(count, score)], axis=1)


def write(folder, frame, people, ids=None, name='clip_{:012d}_keypoints.json'):
    folder.mkdir(exist_ok=True)
    ids = ids or [[-1]] * len(people)
    people = [
        {'person_id': i, 'pose_keypoints_2d': p.ravel().tolist()}
        for i, p in zip(ids, people, strict=True)
    ]
    path = folder / name.format(frame)
    path.write_text(json.dumps({'version': 1.3, 'people': people}))
    return path


def read(folder, **options):
    return OpenPoseReader(folder, **({'fps': 25.0} | options))()


@pytest.mark.parametrize(
    ('count', 'convention'),
    [
        (18, 'openpose_18'),
        (25, 'openpose_25'),
        (26, 'halpe_26'),
        (135, 'openpose_135'),
        (17, 'coco_17'),
    ],
)
def test_number_of_keypoints_picks_the_convention(tmp_path, count, convention):
    for t in range(3):
        write(tmp_path / 'j', t, [body(count)])
    (track,) = read(tmp_path / 'j')
    assert track.convention == convention
    assert track.keypoints.shape == (3, count, 2)
    assert track.keypoints[0, 7].tolist() == [7, 14]
    assert track.scores[0, 7] == pytest.approx(0.9)
    assert track.boxes[0].tolist() == [0, 0, count - 1, 2 * count - 2]
    assert (track.name, track.fps, track.video) == ('j_p0', 25.0, None)


def test_convention_overrides_the_count(tmp_path):
    write(tmp_path / 'j', 0, [body(25)])
    (track,) = read(tmp_path / 'j', convention='openpose_25b')
    assert track.convention == 'openpose_25b'


def test_frame_numbers_gaps_and_rate_of_the_video(tmp_path, video):
    for t in (2, 3, 6):
        write(tmp_path / 'j', t, [body(25)])
    write(tmp_path / 'j', 5, [])
    reader = {
        'type': 'OpenPoseReader',
        'keypoints': tmp_path / 'j',
        'video': video,
    }
    (track,) = TASK_UTILS.build(reader)()
    assert track.frame_ids.tolist() == [2, 3, 6]
    assert track.gaps == 1
    assert (track.name, track.fps, track.stride) == ('clip_p0', 25.0, 1)
    assert track.video == video


def test_files_of_every_third_frame_have_stride_3(tmp_path):
    for t in (0, 3, 6, 12):
        write(tmp_path / 'j', t, [body(25)])
    (track,) = read(tmp_path / 'j')
    assert (track.stride, track.gaps) == (3, 1)


def test_names_of_sports2d(tmp_path):
    for t in range(3):
        write(tmp_path / 'j', t, [body(26)], name='demo2_{:06d}.json')
    (track,) = read(tmp_path / 'j')
    assert track.frame_ids.tolist() == [0, 1, 2]


def test_beside_images_names_count_not_numbers(tmp_path):
    folder = tmp_path / 'images'
    folder.mkdir()
    for number in (101, 102, 103):
        image = np.zeros((8, 8, 3), np.uint8)
        cv2.imwrite(str(folder / f'im_{number}.png'), image)
        name = 'im_{}_keypoints.json'
        write(tmp_path / 'j', number, [body(25)], name=name)
    (track,) = read(tmp_path / 'j', video=folder)
    assert track.frame_ids.tolist() == [0, 1, 2]
    (track,) = read(tmp_path / 'j', video=folder, numbering='name')
    assert track.frame_ids.tolist() == [101, 102, 103]
    assert track.numbering == 'name'


def test_two_people_are_followed(tmp_path):
    for t in range(12):
        people = [body(25, x=2 * t), body(25, x=500 - 2 * t)]
        write(tmp_path / 'j', t, people[:: (-1) ** t])
    first, second = read(tmp_path / 'j')
    np.testing.assert_allclose(first.keypoints[:, 0, 0], 2 * np.arange(12))
    np.testing.assert_allclose(
        second.keypoints[:, 0, 0], 500 - 2 * np.arange(12)
    )
    assert [first.name, second.name] == ['j_p0', 'j_p1']


def test_person_ids_are_used(tmp_path):
    for t in range(4):
        people = [body(25, x=900 * (t % 2)), body(25, x=900 * ((t + 1) % 2))]
        write(tmp_path / 'j', t, people, ids=[[5], [8]])
    first, second = read(tmp_path / 'j')
    assert first.keypoints[:, 0, 0].tolist() == [0, 900, 0, 900]
    assert second.keypoints[:, 0, 0].tolist() == [900, 0, 900, 0]


def test_low_scores_and_absent_points_are_missing(tmp_path):
    points = body(25)
    points[3] = 0
    points[4, 2] = 0.29
    write(tmp_path / 'j', 0, [points])
    (track,) = read(tmp_path / 'j')
    assert (track.scores[0, [3, 4]] == 0).all()
    assert (track.scores > 0).sum() == 23
    (track,) = read(tmp_path / 'j', min_score=0.1)
    assert track.scores[0, 4] == pytest.approx(0.29)


def test_a_hand_without_body_is_ignored(tmp_path):
    write(tmp_path / 'j', 0, [body(25), np.zeros((0, 3))])
    assert len(read(tmp_path / 'j')) == 1


def broken(path, text):
    path.write_text(text)


@pytest.mark.parametrize(
    ('text', 'field', 'problem'),
    [
        ('{"people": [{"pose', 'file', 'is no whole JSON'),
        ('[]', 'file', 'is no JSON object'),
        ('{"version": 1}', 'file.people', 'is absent'),
        ('{"people": [3]}', 'people[0]', 'is no JSON object'),
        ('{"people": {}}', 'file.people', 'is no list'),
        ('{"people": [{}]}', 'people[0].pose_keypoints_2d', 'is absent'),
        (
            '{"people": [{"pose_keypoints_2d": [1, 2]}]}',
            'people[0].pose_keypoints_2d',
            'is not numbers of shape [-1, 3]',
        ),
        (
            '{"people": [{"pose_keypoints_2d": [1, 2, "x"]}]}',
            'people[0].pose_keypoints_2d',
            'is not numbers',
        ),
        (
            '{"people": [{"pose_keypoints_2d": [1,2,3], "person_id": {}}]}',
            'people[0].person_id',
            'is no identity',
        ),
    ],
)
def test_a_bad_file_is_named(tmp_path, text, field, problem):
    path = write(tmp_path / 'j', 0, [body(25)])
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read(tmp_path / 'j')
    assert error.value.source == str(path)
    assert error.value.field == field
    assert problem in error.value.problem
    assert '\n' not in str(error.value)


def test_a_bad_folder(tmp_path, video):
    folder = tmp_path / 'j'
    with pytest.raises(InputError, match='does not exist'):
        read(folder)
    folder.mkdir()
    with pytest.raises(InputError, match=r'has no \*\.json'):
        read(folder)
    write(folder, 0, [])
    with pytest.raises(InputError, match='has no person'):
        read(folder)
    write(folder, 1, [body(19)])
    with pytest.raises(InputError, match='19 a person fit no format'):
        read(folder)
    with pytest.raises(InputError, match='19 a person, but coco_17 has 17'):
        read(folder, convention='coco_17')
    write(folder, 2, [body(25)])
    with pytest.raises(InputError, match='frame 2: 25 keypoints, elsewhere'):
        read(folder)
    with pytest.raises(InputError, match='fps: is not known'):
        read(folder, fps=None)
    with pytest.raises(InputError, match='video: does not exist'):
        read(folder, video=tmp_path / 'gone.mp4')


def test_names_without_a_frame_number(tmp_path):
    write(tmp_path / 'a', 0, [body(25)], name='keypoints.json')
    with pytest.raises(InputError, match='has no frame number'):
        read(tmp_path / 'a')
    write(tmp_path / 'b', 3, [body(25)], name='x_{}.json')
    write(tmp_path / 'b', 3, [body(25)], name='y_{}.json')
    with pytest.raises(InputError, match='is frame 3, as is x_3.json'):
        read(tmp_path / 'b')


def test_the_same_person_twice(tmp_path):
    write(tmp_path / 'j', 4, [body(25)] * 2, ids=[[7], [7]])
    with pytest.raises(InputError, match='frame 4: person 7 is in it twice'):
        read(tmp_path / 'j')


def test_no_person_above_the_score(tmp_path):
    write(tmp_path / 'j', 0, [body(25, score=0.1)])
    with pytest.raises(InputError, match='no person is detected long enough'):
        read(tmp_path / 'j')


def test_unknown_convention(tmp_path):
    with pytest.raises(ValueError, match='unknown keypoint convention'):
        OpenPoseReader(tmp_path, convention='klingon_9')
