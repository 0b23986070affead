import numpy as np
import pytest

from semtta_mm.conventions import CONVENTIONS, keypoint_index, keypoint_names
from semtta_mm.visualization import COLOURS, draw_keypoints, limbs

K = 17
IMAGE = np.zeros((100, 100, 3), np.uint8)


def coco(**points):
    """Keypoints at given places; the others not visible, at (50, 50)."""
    keypoints = np.full((K, 2), 50.0)
    visible = np.zeros(K, bool)
    for name, place in points.items():
        k = keypoint_index('coco_17', [name])[0]
        keypoints[k], visible[k] = place, True
    return keypoints, visible


def test_limbs_by_name():
    names = keypoint_names('coco_17')
    pairs = {(names[a], names[b]) for a, b in limbs('coco_17')}
    assert ('left_knee', 'left_ankle') in pairs
    assert ('left_shoulder', 'right_shoulder') in pairs
    assert not any('toe' in a or 'toe' in b for a, b in pairs)


@pytest.mark.parametrize('convention', CONVENTIONS)
def test_every_convention_has_a_drawable_body(convention):
    names = keypoint_names(convention)
    pairs = {(names[a], names[b]) for a, b in limbs(convention)}
    for side in ('left', 'right'):
        assert (f'{side}_knee', f'{side}_ankle') in pairs
        assert (f'{side}_elbow', f'{side}_wrist') in pairs
    for a, b in pairs:
        if {a.split('_')[0], b.split('_')[0]} == {'left', 'right'}:
            assert a.split('_')[1:] == b.split('_')[1:]


def test_points_land_on_their_pixel_in_their_colour():
    keypoints, visible = coco(
        left_wrist=(20.5, 30.5), right_wrist=(70.5, 80.5), nose=(40.5, 10.5)
    )
    drawn = draw_keypoints(IMAGE, keypoints, visible, 'coco_17')
    assert drawn[30, 20].tolist() == list(COLOURS['left'])
    assert drawn[80, 70].tolist() == list(COLOURS['right'])
    assert drawn[10, 40].tolist() == list(COLOURS['middle'])
    assert drawn[50, 50].tolist() == [0, 0, 0]
    assert not IMAGE.any()


def test_left_is_blue_right_is_red_filled_is_green():
    sides = ('left', 'filled', 'right')  # in the order of BGR
    assert [int(np.argmax(COLOURS[side])) for side in sides] == [0, 1, 2]


def test_limbs_need_both_ends():
    keypoints, visible = coco(left_elbow=(10.5, 50.5), left_wrist=(90.5, 50.5))
    drawn = draw_keypoints(IMAGE, keypoints, visible, 'coco_17', thickness=3)
    assert drawn[50, 50].tolist() == list(COLOURS['left'])
    visible[keypoint_index('coco_17', ['left_wrist'])] = False
    drawn = draw_keypoints(IMAGE, keypoints, visible, 'coco_17', thickness=3)
    assert not drawn[:, 30:].any()


def test_filled_points_have_their_own_colour():
    keypoints, visible = coco(left_elbow=(10.5, 50.5), left_wrist=(90.5, 50.5))
    source = np.zeros(K, bool)
    source[keypoint_index('coco_17', ['left_wrist'])] = True
    drawn = draw_keypoints(
        IMAGE, keypoints, visible, 'coco_17', source, thickness=3
    )
    assert drawn[50, 10].tolist() == list(COLOURS['left'])
    assert drawn[50, 90].tolist() == list(COLOURS['filled'])
    assert drawn[50, 50].tolist() == list(COLOURS['filled'])


def test_nan_and_far_points_are_not_drawn():
    keypoints, visible = coco(
        left_elbow=(np.nan, 1), left_wrist=(1e12, -1e12), nose=(-500, 7)
    )
    drawn = draw_keypoints(IMAGE, keypoints, visible, 'coco_17')
    assert not drawn.any()


def test_wrong_shapes():
    with pytest.raises(ValueError, match=r'coco_17 needs keypoints \[17, 2\]'):
        draw_keypoints(IMAGE, np.zeros((18, 2)), np.ones(18), 'coco_17')
