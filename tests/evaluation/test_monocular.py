"""A detector's own 3D as a row of the table."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.commands.score_pose2sim import blazepose_report, main
from semtta_mm.conventions import keypoint_index, keypoint_names
from semtta_mm.datasets import load_blazepose_3d, load_pose2sim
from semtta_mm.evaluation.monocular import joints_report
from semtta_mm.structures import BodyReference, PersonTrack
from semtta_mm.utils import InputError

T = 5


@pytest.fixture
def track():
    """A man beside the optical axis, all joints known but one."""
    joints = np.random.default_rng(0).normal(0, 0.4, (T, 12, 3))
    joints[:, 6:8] = [[[0.1, 0, 0], [-0.1, 0, 0]]]
    joints += [1.0, 0.5, 4.0]
    valid = np.ones((T, 12), bool)
    valid[2, 0] = False
    return PersonTrack(
        name='a',
        frame_ids=np.arange(T),
        fps=30,
        boxes=np.tile([0, 0, 10, 10], (T, 1)),
        keypoints=np.zeros((T, 12, 2)),
        scores=np.ones((T, 12)),
        convention='limbs_12',
        reference=BodyReference(
            joints=joints, convention='limbs_12', joints_valid=valid
        ),
    )


def test_the_truth_has_no_error_in_the_camera(track):
    joints = track.reference.joints - [5, 6, 7]
    joints[2, 0] = 100
    overall = joints_report([(track, joints)], 'camera')['overall']
    for metric in ('mpjpe', 'pa_mpjpe', 'accel'):
        assert overall[metric] == pytest.approx(0, abs=1e-3)
    assert overall['mpvpe'] is None


def test_the_pelvis_ray_turns_the_reference_only(track):
    """Joints that are right on the ray have its angle as camera error."""
    root = np.array([1.0, 0.5, 4.0])
    axis = np.cross(root, [0, 0, 1])
    angle = np.arccos(4 / np.linalg.norm(root))
    turn = Rotation.from_rotvec(axis / np.linalg.norm(axis) * angle)
    joints = track.reference.joints @ turn.as_matrix().T
    ray = joints_report([(track, joints)], 'pelvis_ray')
    camera = joints_report([(track, joints)], 'camera')
    assert ray['protocol']['frame'] == 'pelvis_ray'
    assert ray['overall']['mpjpe'] == pytest.approx(0, abs=1e-3)
    assert camera['overall']['mpjpe'] > 50
    assert camera['overall']['pa_mpjpe'] == pytest.approx(0, abs=1e-3)


def test_without_a_reference_errors_are_none(track):
    track.reference = None
    report = joints_report([(track, np.zeros((T, 12, 3)))], 'camera')
    assert report['overall']['mpjpe'] is None
    assert report['coverage']['evaluated'] == 0


def test_a_reference_in_other_joints(track):
    """The limbs of a whole skeleton, by name; invalid joints stay invalid."""
    limbs = track.reference.joints
    index = keypoint_index('smpl_24', keypoint_names('limbs_12'))
    joints = np.zeros((T, 24, 3))
    valid = np.zeros((T, 24), bool)
    joints[:, index] = limbs
    valid[:, index] = track.reference.joints_valid
    track.reference = BodyReference(
        joints=joints, convention='smpl_24', joints_valid=valid
    )
    guess = limbs + [1, 2, 3]
    guess[2, 0] = 100
    overall = joints_report([(track, guess)], 'camera')['overall']
    assert overall['mpjpe'] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(
    ('joints', 'frame', 'message'),
    [
        (np.zeros((T, 12, 3)), 'world', "frame: 'world' is unknown"),
        (np.zeros((T, 11, 3)), 'camera', r'prediction.joints\[limbs_12\]'),
        (np.full((T, 12, 3), np.nan), 'camera', 'NaN'),
    ],
)
def test_bad_input(track, joints, frame, message):
    with pytest.raises(InputError, match=message):
        joints_report([(track, joints)], frame)


@pytest.mark.parametrize('fps', [60, 30])
def test_blazepose_by_hand(fps):
    """The same numbers from plain numpy."""
    report = blazepose_report(fps, cameras=['cam02'], frame='camera')
    track = load_pose2sim('cam02', fps, video=False)
    true, valid = track.reference.joints, track.reference.joints_valid
    guess = load_blazepose_3d(track)
    off = guess - guess[:, 6:8].mean(1, keepdims=True)
    off = off - (true - true[:, 6:8].mean(1, keepdims=True))
    errors = np.where(valid, 1000 * np.linalg.norm(off, axis=-1), np.nan)
    expected = np.nanmean(errors, axis=1).mean()
    assert report['overall']['mpjpe'] == pytest.approx(expected, rel=1e-4)
    assert report['tracks']['cam02']['fps'] == fps


def test_the_numbers_that_were_published_in_the_docs():
    """docs/pose2sim.md: a change of the arrays must change the table too."""
    rows = blazepose_report(30)['tracks']
    found = [(round(r['mpjpe']), round(r['pa_mpjpe'])) for r in rows.values()]
    assert found == [(107, 81), (98, 69), (127, 90), (124, 101)]


def test_full_swaps_left_and_right_on_cam02():
    heavy, full = (
        blazepose_report(30, source)['tracks'] for source in ('heavy', 'full')
    )
    assert full['cam02']['mpjpe'] > 2 * heavy['cam02']['mpjpe']
    assert full['cam01']['mpjpe'] < 1.1 * heavy['cam01']['mpjpe']


def test_command_prints_all_and_names_what_is_missing(capsys, tmp_path):
    assert main(['--sources', 'heavy']) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum('cam03' in line for line in lines) == 4
    assert main(['--folder', str(tmp_path)]) == 2
    assert 'cam01.npz: file: does not exist' in capsys.readouterr().err
