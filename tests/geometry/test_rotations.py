import math

import pytest
import torch
from scipy.spatial.transform import Rotation

from semtta_mm.geometry import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    matrix_to_rot6d,
    project_to_rotation,
    rot6d_to_matrix,
    rotation_angle,
)

LAYOUTS = ('interleave', 'columns', 'rows')


def random_matrices(n: int, seed: int = 0) -> torch.Tensor:
    rotations = Rotation.random(n, random_state=seed).as_matrix()
    return torch.from_numpy(rotations)


def test_layouts_fixture():
    """The three 6D layouts of the field, on numbered entries."""
    matrix = torch.arange(9.0).reshape(3, 3)  # r00 = 0, r01 = 1, ...
    assert matrix_to_rot6d(matrix, 'interleave').tolist() == [0, 1, 3, 4, 6, 7]
    assert matrix_to_rot6d(matrix, 'columns').tolist() == [0, 3, 6, 1, 4, 7]
    assert matrix_to_rot6d(matrix, 'rows').tolist() == [0, 1, 2, 3, 4, 5]


def test_identity_hides_the_difference():
    eye = torch.eye(3)
    columns, rows = (matrix_to_rot6d(eye, x) for x in ('columns', 'rows'))
    assert columns.tolist() == rows.tolist() == [1, 0, 0, 0, 1, 0]
    assert matrix_to_rot6d(eye, 'interleave').tolist() == [1, 0, 0, 1, 0, 0]


def test_layouts_differ():
    matrix = random_matrices(4)
    for wrote in LAYOUTS:
        for read in LAYOUTS:
            back = rot6d_to_matrix(matrix_to_rot6d(matrix, wrote), read)
            error = (back - matrix).abs().amax(dim=(-1, -2))
            assert (
                (error < 1e-12).all()
                if wrote == read
                else ((error > 0.1).all())
            )


def test_columns_of_r_are_rows_of_its_transpose():
    matrix = random_matrices(5)
    torch.testing.assert_close(
        matrix_to_rot6d(matrix, 'columns'),
        matrix_to_rot6d(matrix.transpose(-1, -2), 'rows'),
    )


@pytest.mark.parametrize('layout', LAYOUTS)
@pytest.mark.parametrize('batch', [1, 2, 3, 4, 24])
def test_gram_schmidt_gives_rotations(layout, batch):
    """A batch of exactly 3 is where an unnamed cross product goes wrong."""
    torch.manual_seed(batch)
    raw = torch.randn(batch, 6, dtype=torch.float64)
    matrix = rot6d_to_matrix(raw, layout)
    eye = torch.eye(3, dtype=torch.float64).expand(batch, 3, 3)
    torch.testing.assert_close(matrix @ matrix.transpose(-1, -2), eye)
    torch.testing.assert_close(
        torch.linalg.det(matrix), torch.ones(batch, dtype=torch.float64)
    )
    one_by_one = torch.stack([rot6d_to_matrix(row, layout) for row in raw])
    torch.testing.assert_close(matrix, one_by_one)


@pytest.mark.parametrize('shape', [(3,), (3, 3), (2, 24, 3), (3, 3, 3)])
def test_axis_angle_agrees_with_scipy(shape):
    torch.manual_seed(0)
    axis_angle = torch.randn(*shape, dtype=torch.float64)
    expected = Rotation.from_rotvec(axis_angle.reshape(-1, 3)).as_matrix()
    matrix = axis_angle_to_matrix(axis_angle)
    assert matrix.shape == (*shape, 3)
    torch.testing.assert_close(
        matrix.reshape(-1, 3, 3), torch.from_numpy(expected)
    )
    back = matrix_to_axis_angle(matrix)
    torch.testing.assert_close(axis_angle_to_matrix(back), matrix)


def test_axis_angle_gradient_is_finite_at_zero():
    zero = torch.zeros(2, 3, requires_grad=True)
    axis_angle_to_matrix(zero).sum().backward()
    assert zero.grad.isfinite().all()


def test_mean_of_two_rotations():
    """The mean of -90 and +30 degrees about z is -30 degrees."""
    z = torch.tensor([[0, 0, -math.pi / 2], [0, 0, math.pi / 6]])
    mean = project_to_rotation(axis_angle_to_matrix(z.double()).mean(dim=0))
    expected = torch.tensor([0, 0, -math.pi / 6]).double()
    torch.testing.assert_close(matrix_to_axis_angle(mean), expected)


def test_projection_never_reflects():
    mirror = torch.diag(torch.tensor([1.0, 1.0, -1.0]))
    assert torch.linalg.det(project_to_rotation(mirror)) == pytest.approx(1)


def test_rotation_angle():
    first = axis_angle_to_matrix(torch.tensor([0.0, 0.3, 0.0]).double())
    second = axis_angle_to_matrix(torch.tensor([0.0, 1.0, 0.0]).double())
    assert rotation_angle(first, second).item() == pytest.approx(0.7)


def test_wrong_shapes_and_layouts_are_named():
    with pytest.raises(ValueError, match=r'expected \[\.\.\., 6\]'):
        rot6d_to_matrix(torch.zeros(2, 5), 'rows')
    with pytest.raises(ValueError, match='unknown 6D layout'):
        rot6d_to_matrix(torch.zeros(2, 6), 'diagonal')
    with pytest.raises(ValueError, match='unknown 6D layout'):
        matrix_to_rot6d(torch.eye(3), 'diagonal')
    with pytest.raises(ValueError, match=r'expected \[\.\.\., 3, 3\]'):
        matrix_to_rot6d(torch.zeros(2, 6), 'rows')
