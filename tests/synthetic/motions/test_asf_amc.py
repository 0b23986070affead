"""ASF/AMC files of CMU's layout; limb directions worked out by hand."""

from pathlib import Path

import numpy as np
import pytest
from asf_files import BONES, COS, DOWN, SIN, amc_text, asf_text

from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.synthetic.motions.asf_amc import JOINT_MAP, read_asf_amc
from semtta_mm.utils import InputError


@pytest.fixture
def read(tmp_path: Path, rest_joints):
    def read(amc: str, asf: str = ''):
        (tmp_path / '01.asf').write_text(asf or asf_text())
        (tmp_path / '01_02.amc').write_text(amc)
        return read_asf_amc(
            tmp_path / '01.asf',
            tmp_path / '01_02.amc',
            rest_joints,
            label='walk',
        )

    return read


@pytest.fixture
def limb(read, joints_of):
    def limb(start: str, end: str, **frame: str) -> np.ndarray:
        joints = joints_of(read(amc_text(frame)).pose)[0]
        bone = (
            joints[SMPL_JOINTS.index(end)] - joints[SMPL_JOINTS.index(start)]
        )
        return bone / np.linalg.norm(bone)

    return limb


def assert_points(found: np.ndarray, expected) -> None:
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_clip(read):
    clip = read(amc_text({}, {}, {}))
    assert (clip.name, clip.label, clip.source) == ('amc/01_02', 'walk', 'amc')
    assert (clip.fps, len(clip)) == (120, 3)
    # At rest the trunk is SMPL's; the limbs are the file's.
    trunk = [i for i, n in enumerate(SMPL_JOINTS) if 'spine' in n] + [0]
    np.testing.assert_allclose(
        clip.pose[:, trunk], np.tile(np.eye(3), (3, 4, 1, 1)), atol=1e-9
    )


def test_rest_limbs_are_those_of_the_file(limb):
    assert_points(limb('left_hip', 'left_knee'), DOWN)
    assert_points(limb('left_ankle', 'left_foot'), (0, 0, 1))
    assert_points(limb('right_shoulder', 'right_elbow'), (-1, 0, 0))


def test_sitting(limb):
    """The thigh turns to the front in its own axes, the shin back down."""
    bent = {'lfemur': '-90 0 0', 'ltibia': '90'}
    assert_points(limb('left_hip', 'left_knee', **bent), (0, 0, 1))
    assert_points(limb('left_knee', 'left_ankle', **bent), DOWN)
    assert_points(limb('right_knee', 'right_ankle', **bent), (-SIN, -COS, 0))


def test_axes_are_composed_in_order(limb):
    """Foot axes 90 0 20: its x axis is (cos 20, sin 20, 0)."""
    toes = limb('left_ankle', 'left_foot', lfoot='90 0')
    assert_points(toes, (SIN, -COS, 0))


def test_rotations_are_composed_in_order(limb):
    arm = limb('right_shoulder', 'right_elbow', rhumerus='0 90 90')
    assert_points(arm, (0, 0, 1))
    arm = limb('left_shoulder', 'left_elbow', root='5 6 7 90 0 90')
    assert_points(arm, (0, 1, 0))


def test_bones_with_some_degrees_of_freedom(limb):
    """A clavicle rotates about y and z only."""
    arm = limb('left_shoulder', 'left_elbow', lclavicle='0 90')
    assert_points(arm, (0, 1, 0))


def test_radians(read, joints_of):
    values = f'{-np.pi / 2} 0 0'
    turned = read(amc_text({'lfemur': values}, angle='RADIANS')).pose
    expected = read(amc_text({'lfemur': '-90 0 0'})).pose
    np.testing.assert_allclose(turned, expected, atol=1e-9)


def test_all_mapped_bones_exist():
    assert set(JOINT_MAP.values()) <= {'root', *BONES}
    assert set(JOINT_MAP) == set(SMPL_JOINTS) - {'left_hand', 'right_hand'}


@pytest.mark.parametrize(
    ('old', 'new', 'message'),
    [
        ('axis XYZ', '', r'01\.asf: :root: has no axis'),
        ('name ltoes', '', ':bonedata: has no name'),
        ('    lfoot ltoes\n', '', r":hierarchy: has no \['ltoes'\]"),
        ('    lfoot ltoes', '    lfoot tail', 'names tail, which :bonedata'),
        ('root lhip', 'x lhip', 'names x before its parent'),
        ('axis 90 0 -20 XYZ', 'axis 90 0 XYZ', 'rfoot: could not convert'),
        ('axis 90 0 -20 XYZ', 'axis 90 0 -20 XQZ', "'XQZ' is not an order"),
        ('length 7.2', 'length nan', "lhipjoint: 'nan' are not 1 finite"),
    ],
)
def test_bad_skeletons(read, old, new, message):
    assert old in asf_text()
    with pytest.raises(InputError, match=message):
        read(amc_text({}), asf_text().replace(old, new, 1))


@pytest.mark.parametrize(
    ('old', 'new', 'message'),
    [
        ('rwrist 0 \n', '', r"frame 1: lacks \['rwrist'\]"),
        ('rwrist', 'tail', r'01_02\.amc: frame 1: tail is not in the ASF'),
        (
            'rwrist 0 \n',
            'rwrist 0\n' * 2,
            'rwrist is not in .* or is given twi',
        ),
        ('rwrist 0', 'rwrist 0 1', "frame 1, rwrist: '0 1' are not 1 finite"),
        ('rwrist 0', 'rwrist inf', "'inf' are not 1 finite numbers"),
        ('rwrist 0', 'rwrist a', 'frame 1, rwrist: could not convert'),
    ],
)
def test_bad_trials(read, old, new, message):
    text = amc_text({}, {})
    assert old in text
    with pytest.raises(InputError, match=message):
        read(text.replace(old, new, 1))


def test_empty_and_absent_files(read, tmp_path, rest_joints):
    with pytest.raises(InputError, match='has no frames'):
        read(amc_text())
    with pytest.raises(InputError, match=r'none\.asf: file: does not exist'):
        read_asf_amc(
            tmp_path / 'none.asf', tmp_path, rest_joints, label='walk'
        )
