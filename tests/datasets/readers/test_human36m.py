import json

import numpy as np
import pytest
from dataset_stand_ins import VIEW, turn_about, write_h36m
from scipy.spatial.transform import Rotation

from semtta_mm.datasets import Human36MReader
from semtta_mm.utils import InputError

TRUTH = {'subjects': (9,), 'evidence': 'truth'}


def read(folder, **changes):
    return Human36MReader(folder, **(TRUTH | changes))()


def test_one_track_a_view(tmp_path):
    world = write_h36m(tmp_path)
    first, second = read(tmp_path)
    assert [first.name, second.name] == [VIEW.format(1), VIEW.format(4)]
    assert first.frame_ids.tolist() == [1, 2, 3, 4, 5, 6]
    assert (first.fps, first.numbering) == (50.0, 'name')
    # Half a turn about x, then aside, down and 3 m away; mm to m.
    expected = world[0] * [1, -1, -1] / 1000 + [0.4, 0.1, 3]
    assert np.allclose(first.reference.joints[0], expected)
    assert first.reference.convention == 'h36m_17'
    assert first.reference.pose is None
    x, y, z = expected[4]
    assert np.allclose(
        first.keypoints[0, 4], [90 * x / z + 32, 91 * y / z + 18], rtol=1e-5
    )
    assert first.intrinsics[0, 1].tolist() == [0, 91, 18]
    assert np.allclose(first.boxes[0, :2], first.keypoints[0].min(axis=0))


def test_thinned_and_frontal(tmp_path):
    write_h36m(tmp_path)
    (track,) = read(tmp_path, stride=2, cameras=(4,))
    assert track.frame_ids.tolist() == [1, 3, 5]
    assert (track.stride, track.rate, track.gaps) == (2, 25.0, 0)


def test_the_boxes_determine_the_meaning_of_t(tmp_path):
    write_h36m(tmp_path / 'a')
    write_h36m(tmp_path / 'b', shift_is_centre=True)
    one, other = read(tmp_path / 'a')[0], read(tmp_path / 'b')[0]
    assert np.allclose(one.reference.joints, other.reference.joints)


def test_a_camera_that_fits_neither_way_is_refused(tmp_path):
    write_h36m(tmp_path)
    path = tmp_path / 'annotations/Human36M_subject9_camera.json'
    content = json.loads(path.read_text())
    content['1']['t'] = [5000.0, 0, 3000]
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match='0 % of the joints.*R x'):
        read(tmp_path)


def test_fits_instead_of_joints(tmp_path):
    write_h36m(tmp_path)
    reference = read(tmp_path, reference='smpl')[0].reference
    assert reference.joints is None
    root = Rotation.from_rotvec(reference.pose[0, 0]).as_matrix()
    assert np.allclose(root, turn_about(0, 180), atol=1e-6)
    assert np.allclose(reference.pose[:, 1:], 0.1)
    assert np.allclose(reference.betas, 0.3)
    assert reference.gender == 'neutral'


@pytest.mark.parametrize(
    ('changes', 'problem'),
    [
        ({'evidence': 'openpose'}, 'OpenPose JSON is not given'),
        ({'stride': 0}, 'not positive'),
        ({'reference': 'mesh'}, "reference: 'mesh'"),
        ({'subjects': (9, 11)}, 'lacks annotations/Human36M_subject11_data'),
    ],
)
def test_choices_and_folders_are_checked(tmp_path, changes, problem):
    write_h36m(tmp_path)
    with pytest.raises(InputError, match=problem):
        read(tmp_path, **changes)


def test_annotations_of_another_layout(tmp_path):
    write_h36m(tmp_path)
    path = tmp_path / 'annotations/Human36M_subject9_joint_3d.json'
    path.write_text(json.dumps({'2': {'1': {'0': []}}}))
    with pytest.raises(InputError, match='not laid out as expected'):
        read(tmp_path)
    path.unlink()
    with pytest.raises(InputError, match='joint_3d.json; it holds'):
        read(tmp_path)
