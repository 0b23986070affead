import numpy as np
import pytest
import torch

from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.geometry import matrix_to_rot6d
from semtta_mm.models.estimators import load_mean_params, standing_mean_params
from semtta_mm.models.estimators.mean_params import as_rot6d
from semtta_mm.utils import InputError


def test_standing_is_upright_in_camera_axes():
    mean = standing_mean_params()
    up = mean.pose[0] @ torch.tensor([0.0, 1.0, 0.0])
    torch.testing.assert_close(
        up, torch.tensor([0.0, -1.0, 0.0]), atol=1e-6, rtol=0
    )
    left = mean.pose[SMPL_JOINTS.index('left_shoulder')]
    arm = left @ torch.tensor([1.0, 0.0, 0.0])
    assert arm[1] < -0.9  # hangs down
    assert arm[0] > 0.3  # and away from the body


def test_official_layout_is_interleaved(tmp_path):
    """A file with SPIN's fields: pose (144,), float64."""
    mean = standing_mean_params()
    pose6d = matrix_to_rot6d(mean.pose, 'interleave').flatten()
    path = tmp_path / 'smpl_mean_params.npz'
    np.savez(
        path,
        pose=pose6d.double().numpy(),
        shape=np.arange(10.0),
        cam=np.array([0.9, 0.1, 0.2]),
    )
    loaded = load_mean_params(path)
    torch.testing.assert_close(loaded.pose, mean.pose)
    torch.testing.assert_close(as_rot6d(loaded)[0], pose6d)
    assert loaded.betas.tolist() == list(range(10))
    assert loaded.camera.tolist() == pytest.approx([0.9, 0.1, 0.2])


def test_the_regression_starts_from_the_numbers_of_the_file(tmp_path):
    """Scaled 6D is the same rotation, but the head adds to what is stored."""
    mean = standing_mean_params()
    pose6d = 1.5 * matrix_to_rot6d(mean.pose, 'interleave').flatten()
    path = tmp_path / 'smpl_mean_params.npz'
    np.savez(path, pose=pose6d, shape=np.zeros(10), cam=np.zeros(3))
    loaded = load_mean_params(path)
    torch.testing.assert_close(loaded.pose, mean.pose)
    assert torch.equal(as_rot6d(loaded), pose6d[None])


def write(path, **changes):
    values = {
        'pose': np.zeros(144),
        'shape': np.zeros(10),
        'cam': np.zeros(3),
    } | changes
    np.savez(path, **{k: v for k, v in values.items() if v is not None})


@pytest.mark.parametrize(
    ('changes', 'field', 'problem'),
    [
        ({'cam': None}, 'cam', 'is absent'),
        ({'pose': np.zeros(72)}, 'pose', 'has 72 numbers, not 144'),
        ({'shape': np.full(10, np.nan)}, 'shape', 'contains NaN'),
    ],
)
def test_wrong_fields(tmp_path, changes, field, problem):
    path = tmp_path / 'mean.npz'
    write(path, **changes)
    with pytest.raises(InputError) as caught:
        load_mean_params(path)
    assert caught.value.field == field
    assert problem in str(caught.value)
    assert str(path) in str(caught.value)
    assert '\n' not in str(caught.value)


def test_missing_and_truncated_files(tmp_path):
    with pytest.raises(InputError, match='does not exist'):
        load_mean_params(tmp_path / 'nowhere.npz')
    path = tmp_path / 'mean.npz'
    write(path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(InputError, match='cannot be read'):
        load_mean_params(path)
