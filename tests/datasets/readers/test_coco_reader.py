import json

import cv2
import numpy as np
import pytest

from semtta_mm.datasets import CocoJsonReader
from semtta_mm.utils import InputError


def points(third=2.0, x=0.0):
    k = np.arange(17)
    return np.stack([x + k, 2.0 * k, np.full(17, third)], axis=1)


def coco(third=2.0, numbers=(4, 5), **more):
    images = [
        {'id': 70 + n, 'file_name': f'seq/im{n:04d}.jpg'} for n in numbers
    ]
    annotations = [
        {
            'image_id': 70 + n,
            'keypoints': points(third).ravel().tolist(),
            'bbox': [1, 2, 30, 40],
            **more,
        }
        for n in numbers
    ]
    return {'images': images, 'annotations': annotations}


def read(path, data, **options):
    path.write_text(json.dumps(data))
    return CocoJsonReader(path, **({'fps': 30.0} | options))()


def test_annotations_with_flags(tmp_path):
    data = coco()
    data['annotations'][0]['keypoints'][2] = 0  # nose absent
    data['annotations'][0]['keypoints'][5] = 1  # left eye hidden
    (track,) = read(tmp_path / 'a.json', data)
    assert track.frame_ids.tolist() == [4, 5]
    assert track.boxes[0].tolist() == [1, 2, 31, 42]
    assert track.scores[0, :3].tolist() == [0, 1, 1]
    assert track.keypoints[0, 3].tolist() == [3, 6]


def test_scores_stay_scores(tmp_path):
    (track,) = read(tmp_path / 'a.json', coco(0.75, score=0.9))
    assert (track.scores == 0.75).all()


def test_result_list_without_images(tmp_path):
    data = coco(0.75, numbers=(0, 2))['annotations']
    del data[0]['bbox'], data[1]['bbox']
    (track,) = read(tmp_path / 'a.json', data)
    assert track.frame_ids.tolist() == [70, 72]
    assert track.boxes[0].tolist() == [0, 0, 16, 32]


def test_frames_from_the_table_or_the_folder(tmp_path):
    data = coco()
    for i, image in enumerate(data['images']):
        image['frame_id'] = i + 1
    (track,) = read(tmp_path / 'a.json', data)
    assert track.frame_ids.tolist() == [1, 2]
    folder = tmp_path / 'images'
    folder.mkdir()
    for n in (3, 4, 5):
        name = str(folder / f'im{n:04d}.png')
        cv2.imwrite(name, np.zeros((8, 8, 3), np.uint8))
    (track,) = read(tmp_path / 'a.json', coco(), video=folder)
    assert track.frame_ids.tolist() == [1, 2]


def test_track_ids_are_trusted(tmp_path):
    data = coco()
    data['annotations'][0]['track_id'] = 3
    data['annotations'][1]['track_id'] = 4
    first, second = read(tmp_path / 'a.json', data, min_length=1)
    assert (len(first), len(second)) == (1, 1)


def test_a_box_without_keypoints_is_kept(tmp_path):
    data = coco()
    data['annotations'][1]['keypoints'] = [0] * 51
    (track,) = read(tmp_path / 'a.json', data)
    assert (track.scores > 0).sum(axis=1).tolist() == [17, 0]


def changed(**changes):
    data = coco()
    data['annotations'][0] |= changes
    return data


@pytest.mark.parametrize(
    ('data', 'field', 'problem'),
    [
        ('x', 'file', 'is no COCO file'),
        ({'images': []}, 'file.annotations', 'is absent'),
        ({'annotations': []}, 'file.images', 'is absent'),
        ({'images': [{}], 'annotations': []}, 'images[0].id', 'is absent'),
        (
            {'images': [{'id': 1}], 'annotations': []},
            'images[0].file_name',
            'is absent',
        ),
        (
            {'images': [{'id': 1, 'file_name': 'a.jpg'}], 'annotations': []},
            'images[0].file_name',
            'has no number',
        ),
        ({'images': [], 'annotations': []}, 'keypoints', 'has no person'),
        (changed(image_id=1), 'annotations[0].image_id', '1 is no image'),
        (changed(image_id=[1]), 'annotations[0].image_id', 'is no image'),
        (
            changed(keypoints=[1, 2]),
            'annotations[0].keypoints',
            'is not numbers of shape [-1, 3]',
        ),
        (changed(keypoints='x'), 'annotations[0].keypoints', 'is no list'),
        (changed(bbox=[1]), 'annotations[0].bbox', 'is not numbers'),
        (
            changed(keypoints=[1, 2, 3]),
            'frame 5',
            '17 keypoints, elsewhere 1',
        ),
    ],
)
def test_bad_content_is_named(tmp_path, data, field, problem):
    with pytest.raises(InputError) as error:
        read(tmp_path / 'a.json', data)
    assert error.value.field == field
    assert problem in error.value.problem


def test_bad_files(tmp_path):
    with pytest.raises(InputError, match='does not exist'):
        CocoJsonReader(tmp_path / 'no.json', fps=30.0)()
    (tmp_path / 'a.json').write_text('{"images": [')
    with pytest.raises(InputError, match='is no whole JSON'):
        CocoJsonReader(tmp_path / 'a.json', fps=30.0)()
