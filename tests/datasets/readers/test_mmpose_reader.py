import json

import cv2
import numpy as np
import pytest

from semtta_mm.datasets import MMPoseReader
from semtta_mm.utils import InputError


def instance(count=17, x=0.0, **more):
    k = np.arange(count)
    points = np.stack([x + k, 2.0 * k], axis=1)
    return {
        'keypoints': points.tolist(),
        'keypoint_scores': [0.8] * count,
        # mmpose 1.3.2 writes a list in a list.
        'bbox': [[x - 1, -1, x + count, 2 * count]],
        'bbox_score': 0.9,
        **more,
    }


def frames(numbers, **more):
    return [{'frame_id': t, 'instances': [instance(**more)]} for t in numbers]


def read(path, data, **options):
    path.write_text(json.dumps(data))
    return MMPoseReader(path, **({'fps': 30.0} | options))()


def test_inferencer_on_a_video(tmp_path):
    (track,) = read(tmp_path / 'clip.json', frames([0, 1, 3]))
    assert track.frame_ids.tolist() == [0, 1, 3]
    assert track.convention == 'coco_17'
    assert track.boxes[0].tolist() == [-1, -1, 17, 34]
    assert track.keypoints[0, 3].tolist() == [3, 6]
    assert track.scores[0, 3] == pytest.approx(0.8)
    assert track.name == 'clip_p0'


@pytest.mark.parametrize(
    ('name', 'count', 'convention'),
    [
        ('coco', 17, 'coco_17'),
        ('h36m', 17, 'h36m_17'),
        ('halpe26', 26, 'halpe_26'),
        ('something', 133, 'coco_wholebody_133'),
    ],
)
def test_demo_scripts_count_from_one(tmp_path, name, count, convention):
    data = {
        'meta_info': {'dataset_name': name},
        'instance_info': frames([1, 2], count=count),
    }
    (track,) = read(tmp_path / 'a.json', data)
    assert track.frame_ids.tolist() == [0, 1]
    assert track.convention == convention


def test_inferencer_on_images(tmp_path):
    images, folder = tmp_path / 'images', tmp_path / 'predictions'
    images.mkdir(), folder.mkdir()
    for number in (9, 10, 11):
        cv2.imwrite(
            str(images / f'{number}.png'), np.zeros((8, 8, 3), np.uint8)
        )
        people = [instance(x=number)]
        (folder / f'{number}.json').write_text(json.dumps(people))
    (track,) = MMPoseReader(folder, fps=30.0, video=images)()
    assert track.frame_ids.tolist() == [0, 1, 2]
    assert track.keypoints[:, 0, 0].tolist() == [9, 10, 11]
    (track,) = MMPoseReader(folder, fps=30.0)()
    assert track.frame_ids.tolist() == [9, 10, 11]


def test_boxes_of_the_whole_image_may_be_ignored(tmp_path):
    data = frames([0, 1], bbox=[[0, 0, 1920, 1080]])
    (track,) = read(tmp_path / 'a.json', data)
    assert track.boxes[0].tolist() == [0, 0, 1920, 1080]
    (track,) = read(tmp_path / 'a.json', data, boxes='keypoints')
    assert track.boxes[0].tolist() == [0, 0, 16, 32]


def test_without_box_and_with_identity(tmp_path):
    data = frames([0, 1], track_id=4)
    for item in data:
        del item['instances'][0]['bbox']
    data[1]['instances'][0]['keypoints'] = instance(x=900)['keypoints']
    (track,) = read(tmp_path / 'a.json', data)
    assert track.boxes.tolist() == [[0, 0, 16, 32], [900, 0, 916, 32]]


@pytest.mark.parametrize(
    ('data', 'field', 'problem'),
    [
        (3, 'file', 'is not a list of frames'),
        ({'x': 1}, 'file.instance_info', 'is absent'),
        ([{'instances': []}], '[0].frame_id', 'is absent'),
        (
            [{'frame_id': 'a', 'instances': []}],
            '[0].frame_id',
            'not an integer',
        ),
        ([{'frame_id': 0}], '[0].instances', 'is absent'),
        (
            [{'frame_id': 0, 'instances': [{'keypoints': []}]}],
            '[0].instances[0].keypoint_scores',
            'is absent',
        ),
        (
            frames([0], keypoint_scores=[1, 2]),
            '[0].instances[0].keypoint_scores',
            'is not an array of numbers of shape [17]',
        ),
        (
            frames([0], bbox=[1, 2, 3]),
            '[0].instances[0].bbox',
            'is not an array of numbers of shape [4]',
        ),
        (frames([0], count=5), 'keypoints', '5 a person match no format'),
    ],
)
def test_bad_content_is_named(tmp_path, data, field, problem):
    with pytest.raises(InputError) as error:
        read(tmp_path / 'a.json', data)
    assert error.value.field == field
    assert problem in error.value.problem


def test_bad_files(tmp_path):
    with pytest.raises(InputError, match='does not exist'):
        MMPoseReader(tmp_path / 'no.json', fps=30.0)()
    (tmp_path / 'a.json').write_text('[{"frame_id": 0, ')
    with pytest.raises(InputError, match='is not valid JSON'):
        MMPoseReader(tmp_path / 'a.json', fps=30.0)()
    with pytest.raises(InputError, match='has no frame number'):
        MMPoseReader(tmp_path, fps=30.0)()
    (tmp_path / 'a.json').rename(tmp_path / 'a1.json')
    with pytest.raises(InputError, match='is not valid JSON'):
        MMPoseReader(tmp_path, fps=30.0)()
    (tmp_path / 'a1.json').write_text('{}')
    with pytest.raises(InputError, match='is not a list'):
        MMPoseReader(tmp_path, fps=30.0)()
