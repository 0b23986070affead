import pickle

import numpy as np
import pytest
from dataset_stand_ins import write_openpose
from scipy.spatial.transform import Rotation
from stand_ins import write_3dpw

from semtta_mm.datasets.readers import ThreeDPWReader
from semtta_mm.datasets.readers.threedpw import evidence_boxes, in_camera
from semtta_mm.utils import InputError

SEQUENCE = 'sequenceFiles/test/downtown_test_00.pkl'


@pytest.fixture
def folder(tmp_path):
    write_3dpw(tmp_path)
    return tmp_path


def rewrite(folder, change):
    path = folder / SEQUENCE
    content = pickle.loads(path.read_bytes())
    change(content)
    path.write_bytes(pickle.dumps(content, protocol=2))
    return content


def test_one_track_a_person(folder):
    first, second = ThreeDPWReader(folder)()
    assert (first.name, second.name) == (
        'downtown_test_00_0',
        'downtown_test_00_1',
    )
    assert first.frame_ids.tolist() == [0, 1, 2, 3, 4]  # the last is invalid
    assert first.fps == 30 and first.convention == 'openpose_18'
    assert (first.reference.gender, second.reference.gender) == (
        'male',
        'female',
    )
    assert first.reference.convention == 'h36m_17'
    assert first.intrinsics[0, 0, 0] == 80
    assert first.video.name == 'downtown_test_00'


def test_a_gap_is_kept(folder):
    def gap(content):
        content['campose_valid'][0][2] = 0

    rewrite(folder, gap)
    assert ThreeDPWReader(folder)()[0].frame_ids.tolist() == [0, 1, 3, 4]


def test_the_body_is_turned_into_the_camera(folder):
    content = pickle.loads((folder / SEQUENCE).read_bytes())
    track = ThreeDPWReader(folder)()[0]
    world = Rotation.from_rotvec(content['poses'][0][0, :3]).as_matrix()
    root = Rotation.from_rotvec(track.reference.pose[0, 0]).as_matrix()
    # Half a turn about x: y and z change their sign.
    assert np.allclose(root, np.diag([1, -1, -1]) @ world, atol=1e-6)
    local = content['poses'][0][0].reshape(24, 3)[1:]
    assert np.allclose(track.reference.pose[0, 1:], local)


def test_in_camera_leaves_its_input_alone():
    pose = np.zeros((1, 24, 3))
    turn = Rotation.from_rotvec([[0, 0.5, 0]]).as_matrix()
    assert np.allclose(in_camera(pose, turn)[0, 0], [0, 0.5, 0])
    assert not pose.any()


def test_wild_shapes(folder):
    def wild(content):
        content['betas'][0][3] = 5.0

    rewrite(folder, wild)
    assert not ThreeDPWReader(folder)()[0].reference.betas.any()
    kept = ThreeDPWReader(folder, drop_wild_betas=False)()[0]
    assert kept.reference.betas[0, 3] == 5


def test_boxes_of_missing_frames_are_interpolated():
    evidence = np.zeros((3, 4, 3))
    evidence[[0, 2], :, 2] = 0.9
    evidence[0, :, :2] = [[0, 0], [10, 0], [0, 20], [5, 5]]
    evidence[2, :, :2] = evidence[0, :, :2] + 4
    assert np.allclose(
        evidence_boxes(evidence),
        [[0, 0, 10, 20], [2, 2, 12, 22], [4, 4, 14, 24]],
    )


def test_a_frame_of_low_confidence_has_a_box():
    evidence = np.zeros((1, 4, 3))
    evidence[0] = [[0, 0, 0.2], [10, 0, 0.2], [0, 20, 0.1], [5, 5, 0.2]]
    assert np.allclose(evidence_boxes(evidence), [[0, 0, 10, 20]])


def test_openpose_json_instead_of_poses2d(folder):
    own = ThreeDPWReader(folder)()
    for frame in range(5):
        people = []
        for track in reversed(own):
            x1, y1, x2, y2 = track.boxes[frame]
            t = np.linspace(0, 1, 25)
            points = [x1 + (x2 - x1) * t, y1 + (y2 - y1) * t, 0 * t + 0.7]
            people.append(np.stack(points, axis=1))
        where = folder / 'json' / 'downtown_test_00'
        write_openpose(where, f'image_{frame:05d}', people)
    reader = ThreeDPWReader(folder, openpose=folder / 'json')
    for mine, theirs in zip(reader(), own, strict=True):
        assert mine.convention == 'openpose_25'
        assert np.allclose(mine.keypoints[:, 0], theirs.boxes[:, :2])
        assert np.allclose(mine.boxes, theirs.boxes)
    assert reader.protocol()['evidence'] == 'openpose'
    with pytest.raises(InputError, match='does not exist'):
        ThreeDPWReader(folder, openpose=folder / 'none')()


@pytest.mark.parametrize(
    ('change', 'problem'),
    [
        (lambda c: c.pop('cam_poses'), 'cam_poses'),
        (lambda c: c.update(cam_poses=c['cam_poses'][:2]), 'lengths'),
    ],
)
def test_other_layouts_raise(folder, change, problem):
    rewrite(folder, change)
    with pytest.raises(InputError, match=problem):
        ThreeDPWReader(folder)()


def test_missing_folders(folder, tmp_path):
    with pytest.raises(InputError, match='nowhere: folder: does not exist'):
        ThreeDPWReader(tmp_path / 'nowhere')()
    with pytest.raises(InputError) as error:
        ThreeDPWReader(folder / 'sequenceFiles')()
    message = str(error.value)
    assert 'lacks sequenceFiles/test/*.pkl, imageFiles' in message
    assert 'it holds test/' in message and 'SEQUENCE.pkl' in message
    with pytest.raises(InputError, match="none of .'outdoors'. exists"):
        ThreeDPWReader(folder, sequences=['outdoors'])()
    for image in (folder / 'imageFiles/downtown_test_00').iterdir():
        image.unlink()
    (folder / 'imageFiles/downtown_test_00').rmdir()
    (folder / 'imageFiles').mkdir(exist_ok=True)
    problem = r'lacks imageFiles/downtown_test_00 \(1 of 1\)'
    with pytest.raises(InputError, match=problem):
        ThreeDPWReader(folder)()


def test_code_in_a_pickle_is_not_run(folder):
    class Evil:
        def __reduce__(self):
            return (open, (str(folder / 'made'), 'w'))

    (folder / SEQUENCE).write_bytes(pickle.dumps({'poses': Evil()}))
    with pytest.raises(InputError, match=r'refused class _?io\.open'):
        ThreeDPWReader(folder)()
    assert not (folder / 'made').exists()
