"""Reading ``result.npz``: what it says, old files, broken files."""

import numpy as np
import pytest
import torch

from semtta_mm.conventions import keypoint_names
from semtta_mm.export import SCHEMA_VERSION, ResultFile
from semtta_mm.export.result_checks import OPTIONAL, REQUIRED
from semtta_mm.utils import InputError


def test_the_file_says_what_it_holds(arrays):
    assert set(REQUIRED) <= set(arrays)
    assert set(arrays) - set(REQUIRED) == set(OPTIONAL) - {'up'}
    saved = ResultFile.from_arrays(arrays, 'other')
    assert (saved.name, saved.rate, len(saved)) == ('someone', 25.0, 9)
    assert saved.convention == 'coco_17'
    assert saved.keypoint_names == keypoint_names('coco_17')
    assert (saved.body, saved.gender) == ('open', 'neutral')
    assert saved.image_size == (240, 200)
    assert saved.video == 'images'
    assert saved.up is None
    assert saved.person_xyxy[0].tolist() == [60, 20, 160, 180]
    assert saved.bbox_xyxy[0].tolist() != saved.person_xyxy[0].tolist()


def test_a_written_file_is_read_again(arrays, tmp_path, truth):
    np.savez(tmp_path / 'result.npz', **arrays)
    saved = ResultFile.read(tmp_path / 'result.npz')
    assert set(saved.arrays) == set(arrays)
    assert int(saved.arrays['schema_version']) == SCHEMA_VERSION
    torch.testing.assert_close(saved.params.pose, truth.pose)


def test_files_of_version_1(make_arrays, tmp_path):
    """They have the required arrays only; frames tell the stride."""
    folder = tmp_path / 'walk_p0'
    folder.mkdir()
    arrays = make_arrays(np.array([0, 2, 6]), stride=2)
    old = {name: arrays[name] for name in REQUIRED}
    np.savez(folder / 'result.npz', **old)
    saved = ResultFile.read(folder / 'result.npz')
    assert (saved.name, saved.stride, saved.rate) == ('walk_p0', 2, 12.5)
    assert saved.body == ''
    assert saved.keypoint_names == ()  # two conventions have 17 keypoints
    assert saved.image_size is None
    one = {name: value[:1] for name, value in old.items() if value.ndim}
    one |= {'fps': old['fps'], 'joint_names': old['joint_names']}
    assert ResultFile.from_arrays(one, 'x').stride == 1


@pytest.mark.parametrize(
    ('name', 'change', 'message'),
    [
        ('transl', None, 'transl: is absent'),
        ('betas', lambda a: a[:, :9], r'betas: expected \[9, 10\], got'),
        ('betas', lambda a: a[:4], r'betas: expected \[9, 10\], got \[4, 10'),
        ('joints2d', lambda a: a[:, :4], 'bank_keypoints: expected .9, 4, 2'),
        ('transl', lambda a: a * np.nan, 'transl: holds NaN'),
        ('frame_ids', lambda a: a[::-1], 'frame_ids: is not increasing'),
        ('frame_ids', lambda a: a + 0.5, 'frame_ids: holds float64, not'),
        ('fps', lambda a: 0 * a, 'fps: is 0.0'),
        ('stride', lambda a: a + 1, 'stride: 2 does not fit'),
        ('joint_names', lambda a: a[::-1], 'joint_names: are not'),
        ('bank_source', lambda a: a + 7, 'bank_source: holds numbers other'),
        ('cam_intrinsics', lambda a: -a, 'cam_intrinsics: has a focal'),
        ('track', lambda a: np.array(3), 'track: holds int64, not text'),
        ('schema_version', lambda a: a + 9, 'schema_version: is 11; this'),
        ('schema_version', lambda a: np.array(['2']), 'schema_version: is no'),
    ],
)
def test_broken_files_are_refused(arrays, name, change, message):
    arrays = dict(arrays)
    if change is None:
        del arrays[name]
    else:
        arrays[name] = change(arrays[name])
    with pytest.raises(InputError, match=message):
        ResultFile.from_arrays(arrays, 'x', 'result.npz')


def test_a_file_with_pickled_objects_is_not_run(arrays, tmp_path):
    arrays = {**arrays, 'betas': np.array([{}], object)}
    np.savez(tmp_path / 'result.npz', **arrays)
    with pytest.raises(InputError, match='betas: cannot be read'):
        ResultFile.read(tmp_path / 'result.npz')
    with pytest.raises(InputError, match='does not exist'):
        ResultFile.read(tmp_path / 'nothing.npz')


CAMERA = np.float32([[900, 0, 130], [0, 880, 95], [0, 0, 1]])


def projected(points, saved):
    """By numpy alone, in double precision."""
    image = np.einsum(
        'tij,tkj->tki', saved.cam_intrinsics.astype(float), points
    )
    return image[..., :2] / image[..., 2:]


@pytest.mark.parametrize('convention', ['coco_17', 'blazepose_33', 'smpl_24'])
@pytest.mark.parametrize('camera', [None, CAMERA])
def test_keypoints_project_to_joints2d(make_arrays, body, convention, camera):
    """The invariant of the file, within 0.1 px."""
    count = len(keypoint_names(convention))
    arrays = make_arrays(
        convention=convention,
        keypoints=np.zeros((9, count, 2)),
        scores=np.zeros((9, count)),
        intrinsics=None if camera is None else np.tile(camera, (9, 1, 1)),
    )
    saved = ResultFile.from_arrays(arrays, 'x')
    assert (
        np.abs(projected(saved.keypoints3d, saved) - saved.joints2d).max()
        < 0.1
    )
    # The bodies of the file have these keypoints and joints.
    with torch.no_grad():
        posed = body(saved.params, False, (convention,))
    points = posed.keypoints[convention].numpy()
    assert np.abs(points - saved.keypoints3d).max() < 1e-4
    assert np.abs(projected(points, saved) - saved.joints2d).max() < 0.1
    assert np.abs(posed.joints.numpy() - saved.joints3d).max() < 1e-4
    known = camera is not None
    assert np.allclose(saved.cam_intrinsics, CAMERA) == known
    if convention == 'smpl_24':
        pixels = projected(saved.joints3d, saved)
        assert np.abs(pixels - saved.joints2d).max() < 0.1
