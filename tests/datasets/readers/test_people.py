import numpy as np
import pytest
from dataset_stand_ins import person, write_images, write_openpose

from semtta_mm.datasets.readers.people import box_iou, with_openpose
from semtta_mm.structures import PersonTrack
from semtta_mm.utils import InputError


def track(folder, name, x, frames=(1, 2, 3)):
    t = len(frames)
    return PersonTrack(
        name=name,
        frame_ids=np.array(frames),
        fps=25.0,
        boxes=np.tile([x, 5.0, x + 20, 25], (t, 1)),
        keypoints=np.ones((t, 18, 2)),
        scores=np.ones((t, 18)),
        convention='openpose_18',
        video=folder,
        numbering='name',
    )


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / 'images'
    write_images(folder, [f'img_{n:06d}.jpg' for n in range(1, 5)])
    return folder


def test_overlap_by_hand():
    one = np.array([[0.0, 0, 2, 2]])
    other = np.array([[1.0, 0, 3, 2], [5, 5, 6, 6], [np.nan] * 4])
    assert np.allclose(box_iou(one, other), [[2 / 6, 0, 0]])


def test_people_go_to_the_boxes_that_they_overlap(tmp_path, images):
    folder = tmp_path / 'json'
    left, right = person(1, 5), person(31, 5)
    write_openpose(folder, 'img_000001', [right, left])  # not in order
    write_openpose(folder, 'img_000002', [person(60, 60), right])
    write_openpose(folder, 'img_000003', [left, person(34, 8)])
    first, second = with_openpose(
        [track(images, 'a', 0.0), track(images, 'b', 30.0)], folder
    )
    assert first.convention == 'openpose_25'
    assert first.keypoints[0, 0].tolist() == [1, 5]
    assert second.keypoints[:, 0, 0].tolist() == [31, 31, 34]
    # No person: the frame and its box stay, all keypoints are missing.
    assert not first.scores[1].any() and not first.keypoints[1].any()
    assert first.frame_ids.tolist() == [1, 2, 3]
    assert first.boxes[0].tolist() == [0, 5, 20, 25]
    assert second.scores[0, 3] == pytest.approx(0.9)


def test_a_person_is_given_to_one_track_only(tmp_path, images):
    folder = tmp_path / 'json'
    for n in (1, 2, 3):
        write_openpose(folder, f'img_{n:06d}', [person(1, 5)])
    tracks = [track(images, 'a', 0.0), track(images, 'b', 6.0)]
    with pytest.raises(InputError, match='do not overlap the boxes of b'):
        with_openpose(tracks, folder)


def test_low_scores_make_no_box(tmp_path, images):
    folder = tmp_path / 'json'
    ghost = person(1, 5)
    ghost[:, 2] = 0.1
    write_openpose(folder, 'img_000001', [ghost, person(3, 5)])
    (found,) = with_openpose([track(images, 'a', 0.0)], folder)
    assert found.keypoints[0, 0].tolist() == [3, 5]


def test_files_that_count_otherwise_are_refused(tmp_path, images):
    folder = tmp_path / 'json'
    for n in range(4):  # as OpenPose numbers a video, from 0
        write_openpose(folder, f'video_{n:012d}', [person(1, 5)])
    with pytest.raises(InputError, match='frame 0: has no image.* 1 to 4'):
        with_openpose([track(images, 'a', 0.0)], folder)
    with pytest.raises(InputError, match='does not exist'):
        with_openpose([track(images, 'a', 0.0)], tmp_path / 'nowhere')
