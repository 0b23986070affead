"""BlazePose in given boxes."""

import numpy as np
import pytest

from semtta_mm.detection import BlazePoseDetector
from semtta_mm.detection.blazepose.boxed import (
    BoxedPoseTracker,
    is_of_box,
    poses_in_boxes,
    roi_from_box,
    whole_box,
)
from semtta_mm.detection.blazepose.roi import Roi
from semtta_mm.structures import PersonBoxes
from semtta_mm.utils.package_data import known_files

BOX = np.array([100.0, 50, 180, 250])


def test_the_region_of_a_box():
    roi = roi_from_box(BOX)
    assert (roi.x, roi.y, roi.size, roi.angle) == (140, 150, 250, 0)


def test_somebody_cut_by_the_lower_border_goes_on_below_it():
    assert whole_box(BOX, 300).tolist() == BOX.tolist()
    assert whole_box(BOX, 250).tolist() == [100, 50, 180, 250]  # is whole
    bust = np.array([100.0, 150, 180, 250])
    assert whole_box(bust, 250).tolist() == [100, 150, 180, 350]
    lying = np.array([0.0, 220, 200, 250])
    assert whole_box(lying, 250).tolist() == [0, 220, 200, 310]


@pytest.mark.parametrize(
    ('roi', 'inside'),
    [
        (Roi(140, 150, 250, 1.0), True),
        (Roi(190, 150, 250), True),  # hips a little beside the box
        (Roi(140, 360, 250), True),  # hips below the image
        (Roi(230, 150, 250), False),
        (Roi(140, 380, 250), False),
        (Roi(140, 150, 600), False),
        (Roi(140, 150, 100), False),
    ],
)
def test_a_region_that_left_its_box(roi, inside):
    assert is_of_box(roi, BOX) == inside


class Net:
    """A body upright in the middle of each region, or nobody."""

    def __init__(self, presence=0.9):
        self.presence, self.calls = presence, 0

    def __call__(self, values):
        self.calls += 1
        landmarks = np.full((39, 5), 128.0)
        landmarks[34, 1] = 128 - 256 / 2.5  # as far as the region's margin
        return [
            landmarks.ravel(),
            np.full((64, 64, 39), -9.0),
            np.zeros(117),
            np.array([self.presence]),
        ]


def film(count, wanted=None):
    image = np.zeros((300, 400, 3), np.uint8)
    return [(i, image) for i in range(count) if wanted is None or i in wanted]


def person(frames, box=BOX, number=0):
    frames = np.array(frames)
    boxes = np.tile(box, (len(frames), 1))
    return PersonBoxes(number, frames, boxes, np.ones(len(frames)))


def run(people, count=6, presence=0.9):
    net = Net(presence)
    found = poses_in_boxes(
        film(count), people, lambda: BoxedPoseTracker(net, 0.5)
    )
    return found, net.calls


def test_each_person_only_in_its_own_frames():
    other = BOX + [150, 0, 150, 0]
    found, calls = run([person(range(4)), person([2, 3, 4, 5], other)])
    assert [list(poses) for poses in found] == [[0, 1, 2, 3], [2, 3, 4, 5]]
    for poses, x in zip(found, (140, 290), strict=True):
        for pose in poses.values():
            assert pose.keypoints[0] == pytest.approx([x, 150], abs=1)
    # One call a frame, and two in the first frame of each person.
    assert calls == 4 + 1 + 4 + 1


def test_after_a_gap_the_box_comes_first():
    assert run([person([0, 1, 2, 3])])[1] == 5
    assert run([person([0, 1, 4, 5])])[1] == 6
    assert run([person([0, 2, 4])])[1] == 4  # every second one: no gap


def test_an_empty_box_has_no_pose():
    found, _ = run([person([0, 1])], presence=0.2)
    assert found == [{}]


def test_boxes_give_the_poses_of_the_whole_image():
    """The same person in the same video, found in two ways."""
    pytest.importorskip('ai_edge_litert')
    names = ('blazepose/pose_detection.tflite', 'pose2sim/cam01.mp4',
             'blazepose/pose_landmark_lite.tflite')  # fmt: skip
    paths = [known_files()[name].path() for name in names]
    if not all(path.is_file() for path in paths):
        pytest.skip('the networks or the video are not in the cache')
    detector = BlazePoseDetector('lite', paths[0], paths[2])
    alone = detector.detect(paths[1], slice(0, 5))
    given = PersonBoxes(3, alone.frame_ids, alone.boxes, np.ones(5))
    (boxed,) = detector.detect_in_boxes(paths[1], [given])
    assert boxed.frame_ids.tolist() == alone.frame_ids.tolist()
    assert boxed.searched.tolist() == [0, 1, 2, 3, 4]
    size = (alone.boxes[:, 3] - alone.boxes[:, 1]).mean()
    limbs = [11, 12, 13, 14, 23, 24, 25, 26, 27, 28]
    off = boxed.keypoints[:, limbs] - alone.keypoints[:, limbs]
    assert np.linalg.norm(off, axis=-1).mean() < 0.02 * size
    assert detector.detect_in_boxes(paths[1], []) == []
