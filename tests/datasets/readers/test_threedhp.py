import h5py
import numpy as np
import pytest
from dataset_stand_ins import person, write_3dhp, write_openpose

from semtta_mm.datasets import ThreeDHPReader
from semtta_mm.utils import InputError

TRUTH = {'fps': 25.0, 'evidence': 'annot2'}


@pytest.fixture
def truth(tmp_path):
    return write_3dhp(tmp_path)


def test_six_tracks_with_gaps(tmp_path, truth):
    reader = ThreeDHPReader(tmp_path, **TRUTH)
    tracks = reader()
    assert [t.name for t in tracks] == [f'TS{i}' for i in range(1, 7)]
    first = tracks[0]
    # Frame 2 is not valid, frame 4 has a joint outside; images count from 1.
    assert first.frame_ids.tolist() == [1, 3, 5]
    assert (first.gaps, first.numbering, first.fps) == (2, 'name', 25.0)
    assert first.video.name == 'imageSequence'
    used = [0, 2, 4]
    np.testing.assert_allclose(
        first.keypoints, truth['points'][used], rtol=1e-6
    )
    low = truth['points'][0].min(axis=0)
    np.testing.assert_allclose(first.boxes[0, :2], low, rtol=1e-6)
    assert first.convention == 'mpi_inf_3dhp_17'
    assert reader.published.tracks == 6


@pytest.mark.parametrize(
    ('annotation', 'scale'), [('annot3', 1e-3), ('univ_annot3', 1.1e-3)]
)
def test_the_annotation_is_chosen_and_stated(
    tmp_path, truth, annotation, scale
):
    reader = ThreeDHPReader(tmp_path, annotation=annotation, **TRUTH)
    reference = reader()[0].reference
    # pelvis, right leg, left leg, spine, neck, head, its top, left, right arm
    order = [14, 8, 9, 10, 11, 12, 13, 15, 1, 16, 0, 5, 6, 7, 2, 3, 4]
    expected = truth['joints'][0][order] * scale
    assert np.allclose(reference.joints[0], expected)
    assert reference.convention == 'h36m_17'
    assert reader.protocol()['annotation'] == annotation


def test_the_camera_is_that_of_the_file(tmp_path, truth):
    reader = ThreeDHPReader(tmp_path, **TRUTH)
    track = reader()[0]
    # 8 mm of 10 on 64 px; aspect 0.5; offsets -0.1 of 10, 0.2 of 5.625.
    expected = [[51.2, 0, 31.36], [0, 25.6, 19.28], [0, 0, 1]]
    np.testing.assert_allclose(track.intrinsics[0], expected, rtol=1e-6)
    assert reader.protocol()['median_reprojection_px']['TS1'] < 0.01
    bare = ThreeDHPReader(tmp_path, intrinsics=False, **TRUTH)()[0]
    assert bare.intrinsics is None


def test_incomplete_and_missing_calibrations_raise(tmp_path, truth):
    path = tmp_path / 'mpi_inf_3dhp_test_set/test_util/camera_calibration'
    file = path / 'ts1-4cameras.calib'
    file.write_text(file.read_text().replace('focalLength', 'focal'))
    with pytest.raises(InputError, match='focalLength: is absent'):
        ThreeDHPReader(tmp_path, **TRUTH)()
    file.unlink()
    with pytest.raises(InputError, match='--no-intrinsics'):
        ThreeDHPReader(tmp_path, **TRUTH)()


def test_a_camera_of_other_images_raises(tmp_path, truth):
    folder = tmp_path / 'mpi_inf_3dhp_test_set'
    with h5py.File(folder / 'TS1/annot_data.mat', 'a') as file:
        file['annot3'][:, :, :, 2] = 10.0
    with pytest.raises(InputError, match='px off annot2'):
        ThreeDHPReader(tmp_path, **TRUTH)()


def test_openpose_replaces_the_true_keypoints(tmp_path, truth):
    for i in range(1, 7):
        for n in range(1, 6):
            box = np.nan_to_num(truth['points'][n - 1])
            low, high = box.min(axis=0), box.max(axis=0)
            found = person(0, 0, 1)
            found[:, :2] = low + found[:, :2] * (high - low)
            folder = tmp_path / 'json' / f'TS{i}'
            write_openpose(folder, f'img_{n:06d}', [found])
    reader = ThreeDHPReader(tmp_path, 25.0, openpose=tmp_path / 'json')
    track = reader()[0]
    assert track.convention == 'openpose_25'
    assert track.frame_ids.tolist() == [1, 3, 5]
    assert (track.scores > 0).all()
    assert reader.protocol()['evidence'] == 'openpose'


@pytest.mark.parametrize(
    ('options', 'problem'),
    [
        ({'fps': 25.0}, 'OpenPose JSON is not given'),
        ({'fps': 25.0, 'evidence': 'annot2', 'openpose': 'x'}, 'is given'),
        ({'fps': 25.0, 'evidence': 'gt'}, "evidence: 'gt'"),
        ({'fps': 0.0, 'evidence': 'annot2'}, 'not positive'),
        (TRUTH | {'annotation': 'annot4'}, 'use one of univ_annot3, annot3'),
    ],
)
def test_choices_are_checked(tmp_path, options, problem):
    with pytest.raises(InputError, match=problem):
        ThreeDHPReader(tmp_path, **options)


def test_wrong_folders_raise(tmp_path, truth):
    with pytest.raises(InputError) as error:
        ThreeDHPReader(tmp_path / 'nowhere', **TRUTH)()
    assert 'does not exist' in str(error.value)
    root = tmp_path / 'mpi_inf_3dhp_test_set'
    (root / 'TS4/annot_data.mat').unlink()
    for image in (root / 'TS6/imageSequence').iterdir():
        image.unlink()
    with pytest.raises(InputError) as error:
        ThreeDHPReader(tmp_path, **TRUTH)()
    message = str(error.value)
    assert 'TS4/annot_data.mat, TS6/imageSequence/*.jpg' in message
    assert 'it holds TS1/' in message
    assert 'img_000001.jpg' in message


def test_broken_annotations_are_named(tmp_path, truth):
    path = tmp_path / 'mpi_inf_3dhp_test_set/TS1/annot_data.mat'
    with h5py.File(path, 'a') as file:
        del file['annot2']
        file['annot2'] = np.zeros((5, 1, 16, 2))
    with pytest.raises(InputError, match=r'annot2: \[5, 1, 16, 2\]'):
        ThreeDHPReader(tmp_path, **TRUTH)()
    path.write_bytes(b'nothing')
    with pytest.raises(InputError, match='annot_data.mat: file: cannot'):
        ThreeDHPReader(tmp_path, **TRUTH)()


def test_missing_images_of_valid_frames(tmp_path, truth):
    root = tmp_path / 'mpi_inf_3dhp_test_set/TS2/imageSequence'
    (root / 'img_000003.jpg').unlink()
    with pytest.raises(InputError, match='lacks 1 valid frames.*img_000003'):
        ThreeDHPReader(tmp_path, **TRUTH)()
