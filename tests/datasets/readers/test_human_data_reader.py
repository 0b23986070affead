import os

import cv2
import numpy as np
import pytest

from semtta_mm.conventions import keypoint_index, keypoint_names
from semtta_mm.datasets import HumanDataReader, TrackDataset
from semtta_mm.registry import TASK_UTILS
from semtta_mm.utils import InputError

NAMES = keypoint_names('human_data_190')
# What mmhuman3d's COCO converter fills: hips are the "extra" ones.
FILLED = [
    'nose',
    'left_shoulder',
    'right_shoulder',
    'left_hip_extra',
    'right_hip_extra',
    'left_knee_openpose',
]


def human_data(paths, **changes):
    """The members that ``HumanData.dump`` writes; slot s is at (s, 2 s)."""
    n = len(paths)
    slots = np.array(keypoint_index('human_data_190', FILLED))
    points = np.zeros((n, 190, 3))
    points[:, slots, 0] = slots
    points[:, slots, 1] = 2 * slots
    points[:, slots, 2] = 1
    mask = np.zeros(190, np.uint8)
    mask[slots] = 1
    values = {
        '__key_strict__': False,
        '__data_len__': n,
        '__keypoints_compressed__': False,
        'config': 'pw3d',
        'image_path': paths,
        'bbox_xywh': np.tile([10.0, 20, 120, 240, 1], (n, 1)),
        'keypoints2d': points,
        'keypoints2d_mask': mask,
        'smpl': {
            'global_orient': np.full((n, 3), 0.1),
            'body_pose': np.full((n, 23, 3), 0.2),
            'betas': np.full((n, 10), 0.3),
        },
        'meta': {'gender': np.array(['f'] * n)},
        'cam_param': [
            {'in_mat': [[800.0, 0, 50], [0, 800, 40], [0, 0, 1]], 'name': 'x'}
        ]
        * n,
    }
    return {k: v for k, v in (values | changes).items() if v is not None}


def paths(folder='imageFiles/walk', numbers=range(4)):
    return [f'{folder}/image_{i:05d}.jpg' for i in numbers]


def read(tmp_path, values, **options):
    path = tmp_path / 'data.npz'
    np.savez_compressed(path, **values)
    return HumanDataReader(path, **({'fps': 30.0} | options))()


def at(track, name):
    return keypoint_index(track.convention, [name])[0]


def test_fields_by_hand(tmp_path):
    (track,) = read(tmp_path, human_data(paths()))
    assert track.name == 'imageFiles_walk_p0'
    assert track.frame_ids.tolist() == [0, 1, 2, 3]
    assert (track.fps, track.numbering) == (30.0, 'name')
    # 120 x 240 at (10, 20) is 1.2 times 100 x 200 about (70, 140).
    np.testing.assert_allclose(track.boxes[0], [20, 40, 120, 240], rtol=1e-6)
    assert track.reference.pose.shape == (4, 24, 3)
    np.testing.assert_allclose(track.reference.pose[1, 0], 0.1)
    np.testing.assert_allclose(track.reference.pose[1, 1:], 0.2)
    np.testing.assert_allclose(track.reference.betas, 0.3)
    assert track.reference.gender == 'female'
    assert track.intrinsics[0, 0].tolist() == [800, 0, 50]


def test_hips_of_other_slots_become_hips(tmp_path):
    (track,) = read(tmp_path, human_data(paths()))
    slot = NAMES.index('left_hip_extra')
    hip = at(track, 'left_hip')
    assert track.keypoints[0, hip].tolist() == [slot, 2 * slot]
    assert track.scores[0, hip] == 1
    knee = NAMES.index('left_knee_openpose')
    assert track.keypoints[0, at(track, 'left_knee')].tolist() == [
        knee,
        2 * knee,
    ]
    assert track.scores[0, at(track, 'left_ankle')] == 0


def test_smpls_own_slot_is_preferred(tmp_path):
    values = human_data(paths())
    own = NAMES.index('left_hip')
    values['keypoints2d'][0, own] = [7, 8, 1]
    values['keypoints2d_mask'][own] = 1
    (track,) = read(tmp_path, values)
    assert track.keypoints[0, own].tolist() == [7, 8]
    other = NAMES.index('left_hip_extra')
    assert track.keypoints[1, own].tolist() == [other, 2 * other]


def test_compressed_keypoints_are_the_same(tmp_path):
    values = human_data(paths())
    (plain,) = read(tmp_path, values)
    present = values['keypoints2d_mask'] == 1
    values['keypoints2d'] = values['keypoints2d'][:, present]
    values['__keypoints_compressed__'] = True
    (track,) = read(tmp_path, values)
    np.testing.assert_array_equal(track.keypoints, plain.keypoints)
    np.testing.assert_array_equal(track.scores, plain.scores)


def test_masked_slots_are_missing(tmp_path):
    values = human_data(paths())
    values['keypoints2d_mask'][NAMES.index('nose')] = 0
    (track,) = read(tmp_path, values)
    assert (track.scores[:, at(track, 'nose')] == 0).all()


def test_other_conventions(tmp_path):
    points = np.tile([5.0, 6.0, 1.0], (4, 17, 1))
    values = human_data(
        paths(),
        keypoints2d=points,
        keypoints2d_mask=np.ones(17),
        keypoints2d_convention='coco',
    )
    (track,) = read(tmp_path, values)
    assert track.convention == 'coco_17'
    with pytest.raises(InputError, match="'flame' is unknown") as error:
        read(tmp_path, values | {'keypoints2d_convention': 'flame'})
    assert error.value.field == 'keypoints2d_convention'


def test_two_people_in_one_image_and_two_sequences(tmp_path):
    rows = [p for p in paths() for _ in range(2)] + paths('imageFiles/run')
    boxes = np.tile([10.0, 20, 120, 240, 1], (len(rows), 1))
    boxes[1:8:2, 0] = 900  # the second person
    values = human_data(rows, bbox_xywh=boxes, keypoints2d=None)
    values['smpl']['betas'][1:8:2] = 0.9
    found = {track.name: track for track in read(tmp_path, values)}
    assert sorted(found) == [
        'imageFiles_run_p0',
        'imageFiles_walk_p0',
        'imageFiles_walk_p1',
    ]
    np.testing.assert_allclose(
        found['imageFiles_walk_p1'].reference.betas, 0.9
    )
    np.testing.assert_allclose(
        found['imageFiles_walk_p0'].reference.betas, 0.3
    )


def test_without_keypoints_boxes_and_reference_remain(tmp_path):
    values = human_data(paths(), keypoints2d=None, keypoints2d_mask=None)
    (track,) = read(tmp_path, values)
    assert (track.scores == 0).all()
    assert len(track) == 4


def test_absent_fields_are_none(tmp_path):
    values = human_data(
        paths(), smpl=None, meta=None, cam_param=None, bbox_xywh=None
    )
    (track,) = read(tmp_path, values)
    assert track.reference is None
    assert track.intrinsics is None
    slots = [NAMES.index(n) for n in FILLED]
    assert track.boxes[0, 0] == min(slots)


def test_every_fifth_image_has_stride_5(tmp_path):
    (track,) = read(tmp_path, human_data(paths(numbers=[1, 6, 11, 21])))
    assert (track.stride, track.gaps) == (5, 1)


def test_images_are_found_below_the_root(tmp_path):
    folder = tmp_path / 'root' / 'imageFiles' / 'walk'
    folder.mkdir(parents=True)
    for i in range(4):
        image = np.full((300, 200, 3), 50 * i, np.uint8)
        cv2.imwrite(str(folder / f'image_{i:05d}.jpg'), image)
    np.savez(tmp_path / 'data.npz', **human_data(paths(numbers=[1, 3])))
    reader = {
        'type': 'HumanDataReader',
        'keypoints': tmp_path / 'data.npz',
        'video': tmp_path / 'root',
        'fps': 30.0,
    }
    assert len(TASK_UTILS.build(reader)()) == 1
    images = TrackDataset(reader, input_size=8)[0].images
    assert images.amax(dim=(1, 2, 3)).tolist() == [50, 150]


class Evil:
    def __reduce__(self):
        return os.mkdir, ('never-made',)


@pytest.mark.parametrize(
    ('changes', 'field', 'problem'),
    [
        ({'image_path': None}, 'image_path', 'is absent'),
        ({'image_path': ['a/x.jpg'] * 4}, 'image_path[0]', 'has no number'),
        ({'bbox_xywh': np.ones((3, 5))}, 'bbox_xywh', 'expected numbers for'),
        (
            {'keypoints2d': np.ones((4, 7, 3))},
            'keypoints2d',
            'does not match a mask',
        ),
        (
            {'keypoints2d': np.ones((4, 190))},
            'keypoints2d',
            'does not match a mask',
        ),
        (
            {'keypoints2d': np.ones((4, 190, 2))},
            'keypoints2d',
            'expected [N, 190, 3]',
        ),
        (
            {'keypoints2d': np.array([['a', 'b']] * 4)},
            'keypoints2d',
            'expected numbers',
        ),
        (
            {'smpl': {'global_orient': np.ones((4, 3))}},
            'smpl.body_pose',
            'is absent',
        ),
        (
            {'smpl': {'global_orient': np.ones((3, 3))}},
            'smpl.global_orient',
            'expected [4, 1, 3], got [3, 3]',
        ),
        ({'meta': {'x': Evil()}}, 'meta', f'refused class {os.name}.mkdir'),
    ],
)
def test_bad_content_is_named(tmp_path, changes, field, problem):
    with pytest.raises(InputError) as error:
        read(tmp_path, human_data(paths(), **changes))
    assert error.value.field == field
    assert problem in error.value.problem
    assert error.value.source == str(tmp_path / 'data.npz')


def test_bad_files_and_rate(tmp_path):
    path = tmp_path / 'data.npz'
    with pytest.raises(InputError, match='does not exist'):
        HumanDataReader(path, fps=30.0)()
    np.savez(path, **human_data(paths()))
    with pytest.raises(InputError, match='fps: is not in the file'):
        HumanDataReader(path)()
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(InputError, match='cannot be read'):
        HumanDataReader(path, fps=30.0)()
