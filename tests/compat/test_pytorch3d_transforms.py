"""Against scipy, and through mmhuman3d's own functions."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from semtta_mm.compat import pytorch3d_transforms as ours
from semtta_mm.compat.mmhuman3d import import_mmhuman3d

RANDOM = Rotation.random(16, random_state=0)
MATRIX = torch.as_tensor(RANDOM.as_matrix())
AXIS_ANGLE = torch.as_tensor(RANDOM.as_rotvec())


def wxyz(rotation):
    xyzw = rotation.as_quat(canonical=True)
    return torch.as_tensor(np.roll(xyzw, 1, axis=-1))


def test_quaternions_have_the_real_part_first():
    close = torch.testing.assert_close
    close(ours.matrix_to_quaternion(MATRIX), wxyz(RANDOM))
    close(ours.quaternion_to_matrix(3 * wxyz(RANDOM)), MATRIX)
    close(ours.quaternion_to_axis_angle(wxyz(RANDOM)), AXIS_ANGLE)
    close(ours.axis_angle_to_quaternion(AXIS_ANGLE), wxyz(RANDOM))
    close(ours.axis_angle_to_matrix(AXIS_ANGLE), MATRIX)


@pytest.mark.parametrize('convention', ['XYZ', 'ZYX', 'YXZ'])
def test_euler_angles_are_intrinsic(convention):
    angles = torch.as_tensor(RANDOM.as_euler(convention))
    torch.testing.assert_close(
        ours.euler_angles_to_matrix(angles, convention), MATRIX
    )
    torch.testing.assert_close(
        ours.matrix_to_euler_angles(MATRIX, convention), angles
    )


def test_six_numbers_are_the_first_two_rows():
    rows = MATRIX[:, :2].reshape(-1, 6)
    torch.testing.assert_close(ours.matrix_to_rotation_6d(MATRIX), rows)
    torch.testing.assert_close(ours.rotation_6d_to_matrix(rows), MATRIX)


def test_mmhuman3ds_functions_work_without_pytorch3d():
    theirs = import_mmhuman3d('utils.transforms')
    result = theirs.aa_to_rotmat(RANDOM.as_rotvec().astype(np.float32))
    np.testing.assert_allclose(result, RANDOM.as_matrix(), atol=1e-5)
    euler = theirs.rotmat_to_ee(MATRIX, convention='xyz')
    torch.testing.assert_close(
        euler, torch.as_tensor(RANDOM.as_euler('XYZ')), check_dtype=False
    )
