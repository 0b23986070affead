from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from semtta_mm.utils import InputError


def test_result_becomes_a_track(result):
    track = result.to_track(video=Path('walk.mp4'))
    assert track.name == 'walk_p0'
    assert track.frame_ids.tolist() == [10, 12, 16, 20]
    assert (track.fps, track.stride, track.gaps) == (25.0, 2, 2)
    assert track.convention == 'blazepose_33'
    np.testing.assert_array_equal(track.keypoints, result.keypoints)
    np.testing.assert_array_equal(track.boxes, result.boxes)
    assert track.scores[0, 11] == 0


def test_no_person_gives_no_track(result):
    empty = replace(
        result,
        frame_ids=result.frame_ids[:0],
        keypoints=result.keypoints[:0],
        scores=result.scores[:0],
        boxes=result.boxes[:0],
        world=result.world[:0],
    )
    with pytest.raises(InputError, match='no person was detected in 6 frames'):
        empty.to_track()


@pytest.mark.parametrize(('count', 'stride'), [(4, 2), (2, 2), (1, 1)])
def test_stride_is_that_of_the_search(result, count, stride):
    few = replace(
        result,
        searched=result.searched[:count],
        frame_ids=result.frame_ids[:1],
        **{
            name: getattr(result, name)[:1]
            for name in ('keypoints', 'scores', 'boxes', 'world')
        },
    )
    assert few.stride == stride
    assert few.to_track().stride == stride


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        ({'keypoints': np.zeros((4, 17, 2))}, 'keypoints: expected'),
        ({'world': np.zeros((3, 33, 3))}, 'world: expected'),
        ({'boxes': np.full((4, 4), np.nan)}, 'boxes: contains NaN'),
        ({'frame_ids': np.array([10, 12, 12, 20])}, 'frame_ids: must be'),
        ({'frame_ids': np.array([10, 12, 13, 20])}, 'frame_ids: not all'),
        ({'searched': np.arange(22)[::-1]}, 'searched: must be'),
        ({'fps': 0.0}, 'fps: must be positive'),
        ({'image_size': (0, 480)}, 'image_size: '),
        ({'convention': 'blaze'}, 'unknown keypoint convention'),
    ],
)
def test_inconsistent_results_are_refused(result, change, message):
    with pytest.raises(ValueError, match=message):
        replace(result, **change)
