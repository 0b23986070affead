"""Further metrics of a run: which frames show the person."""

import numpy as np
import pytest

from semtta_mm.experiments.extra_metrics import shown_frames
from semtta_mm.structures import PersonTrack


@pytest.fixture
def track():
    return PersonTrack(
        name='open_dev_handheld_00_blocks',
        frame_ids=np.arange(1, 5),
        fps=30,
        boxes=np.tile([0.0, 0, 50, 100], (4, 1)),
        keypoints=np.zeros((4, 23, 2)),
        scores=np.ones((4, 23)),
        convention='coco_23',
    )


def test_frames_that_show_a_quarter_of_the_keypoints(track, tmp_path):
    assert shown_frames(tmp_path, track).all()
    place = tmp_path / 'clips' / 'open_dev_handheld_00' / 'blocks'
    place.mkdir(parents=True)
    occluded, outside = np.zeros((2, 6, 23), bool)
    occluded[2, :17] = True  # 6 of 23 are left: 26 %
    occluded[3, :17] = outside[3, 17] = True  # 5 of 23: 22 %
    occluded[4] = True
    np.savez(place / 'truth.npz', occluded=occluded, outside=outside)
    found = shown_frames(tmp_path, track)
    assert found.tolist() == [True, True, False, False]


def test_sets_that_do_not_record_it(track, tmp_path):
    place = tmp_path / 'clips' / 'open_dev_handheld_00'
    place.mkdir(parents=True)
    np.savez(place / 'truth.npz', keypoints=np.zeros((6, 23, 2)))
    assert shown_frames(tmp_path, track).all()
