import json
import pickle

import numpy as np
import pytest
from dataset_stand_ins import (
    RECORDING,
    rigid,
    turn_about,
    write_egobody,
)
from scipy.spatial.transform import Rotation

from semtta_mm.datasets import EgoBodyReader
from semtta_mm.datasets.readers.egobody import kinect_to_image
from semtta_mm.utils import InputError

SESSION = f'egocentric_color/{RECORDING}/2021-09-11-120000'


@pytest.fixture
def folder(tmp_path):
    write_egobody(tmp_path)
    return tmp_path


def test_one_track_a_recording(folder):
    (track,) = EgoBodyReader(folder)()
    assert track.name == RECORDING
    # 11 is not valid; 15 has no head pose.
    assert track.frame_ids.tolist() == [10, 12, 13, 14]
    assert (track.fps, track.numbering, track.gaps) == (30.0, 'name', 1)
    assert track.convention == 'openpose_25'
    assert track.keypoints[1, 0].tolist() == [7, 4]
    assert track.boxes[0].tolist() == [5, 4, 25, 24]
    assert track.intrinsics[1].tolist() == [
        [62, 0, 31.5],
        [0, 72, 17.5],
        [0, 0, 1],
    ]
    assert track.reference.gender == 'female'
    assert track.reference.betas[0, 0] == pytest.approx(0.2)
    assert track.video.name == 'PV'


def test_the_root_is_turned_into_the_image(folder):
    pose = EgoBodyReader(folder)()[0].reference.pose
    found = Rotation.from_rotvec(pose[0, 0]).as_matrix()
    # By hand: Kinect to head's world is a turn of -90 about x, then the
    # camera's inverse turn (-90 about y), then y and z change their sign.
    kinect = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])
    camera = np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0]])
    expected = np.diag([1, -1, -1]) @ camera @ kinect
    assert np.allclose(found, expected, atol=1e-6)
    assert np.allclose(pose[:, 1:], 0.1)


def test_a_head_that_looks_along_the_kinect():
    # The head-set's z axis points back: facing as the Kinect is half a turn.
    half = turn_about(0, 180)
    same = kinect_to_image(rigid(np.eye(3)), rigid(half))
    assert np.allclose(same, np.eye(3))


def test_fits_of_the_older_release(folder):
    (folder / 'smpl_interactee_test').rename(folder / 'smpl_interactee')
    assert len(EgoBodyReader(folder)()[0]) == 4
    fit = folder / 'smpl_interactee' / RECORDING / 'body_idx_1/results'
    (fit / 'frame_00013/000.pkl').unlink()
    frames = EgoBodyReader(folder)()[0].frame_ids
    assert frames.tolist() == [10, 12, 14]


def test_frames_outside_the_recording_are_ignored(folder):
    path = folder / 'data_info_release.csv'
    path.write_text(path.read_text().replace(',10,15,', ',12,13,'))
    assert EgoBodyReader(folder)()[0].frame_ids.tolist() == [12, 13]


def test_smplx_fits_are_refused(folder):
    path = next(folder.glob('smpl_interactee_test/**/000.pkl'))
    content = pickle.loads(path.read_bytes())
    content['body_pose'] = np.zeros((1, 63), np.float32)
    path.write_bytes(pickle.dumps(content))
    with pytest.raises(InputError, match='63 numbers, SMPL has 69'):
        EgoBodyReader(folder)()


def test_code_in_a_fit_is_not_run(folder):
    class Evil:
        def __reduce__(self):
            return (open, (str(folder / 'made'), 'w'))

    path = next(folder.glob('smpl_interactee_test/**/000.pkl'))
    path.write_bytes(pickle.dumps({'betas': Evil()}))
    with pytest.raises(InputError, match=r'refused class _?io\.open'):
        EgoBodyReader(folder)()
    assert not (folder / 'made').exists()


def test_wrong_folders_get_one_message(folder, tmp_path):
    with pytest.raises(InputError) as error:
        EgoBodyReader(folder / 'egocentric_color')()
    message = str(error.value)
    assert 'lacks data_info_release.csv, data_splits.csv' in message
    assert f'it holds {RECORDING}/' in message
    assert '000.pkl' in message
    with pytest.raises(InputError, match='no split of it.*train, val, test'):
        EgoBodyReader(folder, split='all')()


def test_recordings_that_are_not_there(folder):
    for path in ('data_splits.csv', 'data_info_release.csv'):
        text = (folder / path).read_text()
        (folder / path).write_text(
            text.replace('other_c,,', 'other_c,,second')
            if path == 'data_splits.csv'
            else text + 'second,1,2,0 male,1 male,0 male,x\n'
        )
    with pytest.raises(InputError, match=r'second \(1 of 2\)'):
        EgoBodyReader(folder)()
    reader = EgoBodyReader(folder, allow_partial=True)
    assert len(reader()) == 1
    assert reader.published.sequences == 2


@pytest.mark.parametrize(
    ('file', 'change', 'problem'),
    [
        ('data_info_release.csv', '1 female', 'line 2'),
        (f'{SESSION}/2021-09-11-120000_pv.txt', '31.5, ', 'line 1'),
    ],
)
def test_files_of_another_layout(folder, file, change, problem):
    path = folder / file
    path.write_text(path.read_text().replace(change, '', 2))
    with pytest.raises(InputError, match=problem):
        EgoBodyReader(folder)()


def test_a_calibration_must_be_rigid(folder):
    path = next(folder.glob('calibrations/**/holo_to_kinect12.json'))
    path.write_text(json.dumps({'trans': (2 * np.eye(4)).tolist()}))
    with pytest.raises(InputError, match='is no rigid motion'):
        EgoBodyReader(folder)()
