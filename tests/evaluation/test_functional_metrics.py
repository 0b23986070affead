"""Metrics against values worked out by hand."""

import math

import pytest
import torch

from semtta_mm.evaluation.functional import (
    acceleration_error,
    mpjpe,
    mpvpe,
    pa_mpjpe,
    pck,
    pck_per_joint,
    reprojection_error,
    root_position,
)
from semtta_mm.utils import InputError

NAN, INF = float('nan'), float('inf')


def test_mpjpe_by_hand():
    target = torch.zeros(2, 2, 3)
    prediction = torch.tensor(
        [
            [[0.003, 0.004, 0.0], [0.0, 0.0, 0.001]],
            [[0.0, 0.0, 0.0], [0.0, 0.010, 0.0]],
        ]
    )
    errors = mpjpe(prediction, target)
    torch.testing.assert_close(errors.values, torch.tensor([3.0, 5.0]))
    assert errors.mean() == pytest.approx(4.0)


def test_mpvpe_is_the_same_over_vertices():
    target = torch.zeros(1, 1000, 3)
    prediction = target + torch.tensor([0.0, 0.012, 0.005])
    assert mpvpe(prediction, target).mean() == pytest.approx(13.0, abs=1e-4)


def test_masked_joints_do_not_count_and_are_not_zeros():
    prediction = torch.tensor([[[0.01, 0, 0], [9.0, 0, 0]]] * 2)
    target = torch.zeros(2, 2, 3)
    target[:, 1] = NAN
    mask = torch.tensor([[True, False], [False, False]])
    errors = mpjpe(prediction, target, mask)
    assert errors.values[0] == pytest.approx(10.0)
    assert errors.counts.tolist() == [1, 0]
    assert errors.mean() == pytest.approx(10.0)


def test_mean_over_nothing_is_none():
    points = torch.zeros(3, 2, 3)
    errors = mpjpe(points, points, torch.zeros(3, 2))
    assert errors.mean() is None


@pytest.mark.parametrize('metric', [mpjpe, mpvpe, pa_mpjpe])
@pytest.mark.parametrize('bad', [NAN, INF])
@pytest.mark.parametrize('which', ['prediction', 'target'])
def test_nan_is_refused(metric, bad, which):
    points = {name: torch.rand(6, 4, 3) for name in ('prediction', 'target')}
    points[which][3, 1, 0] = bad
    points[which][4, :2, 2] = bad
    message = (
        f'{metric.__name__}: {which}: 3 points are NaN or infinite, '
        'the first in frame index 3'
    )
    with pytest.raises(InputError, match=message):
        metric(**points)


def test_wrong_shapes_are_refused():
    with pytest.raises(InputError, match=r'target: expected shape \[2, 4, 3'):
        mpjpe(torch.zeros(2, 4, 3), torch.zeros(2, 1, 3))
    with pytest.raises(InputError, match=r'prediction: .*\[T, J, D\]'):
        mpjpe(torch.zeros(4, 3), torch.zeros(4, 3))
    with pytest.raises(InputError, match=r'mask: expected shape \[2, 4\]'):
        mpjpe(torch.zeros(2, 4, 3), torch.zeros(2, 4, 3), torch.ones(4))


def falling(frame_ids, fps):
    """A joint in free fall, exact in float64."""
    seconds = frame_ids.double() / fps
    height = 0.5 * 9.81 * seconds**2
    still = torch.zeros_like(height)
    return torch.stack([still, height, still], dim=-1)[:, None]


@pytest.mark.parametrize('fps', [25.0, 29.97, 60.0])
@pytest.mark.parametrize(
    'frames', [list(range(8)), [0, 1, 2, 3, 10, 11, 12, 20, 22, 30, 31]]
)
def test_free_fall_is_g_across_rates_and_gaps(fps, frames):
    frame_ids = torch.tensor(frames)
    fall = falling(frame_ids, fps)
    errors = acceleration_error(fall, torch.zeros_like(fall), frame_ids, fps)
    middles = [
        i for i, f in enumerate(frames) if f - 1 in frames and f + 1 in frames
    ]
    assert errors.valid.nonzero().flatten().tolist() == middles
    assert errors.mean() == pytest.approx(9.81, rel=1e-9)


def test_free_fall_of_every_second_frame():
    """60 fps kept as 30: a triple is three samples, two frames apart."""
    frame_ids = torch.tensor([0, 2, 4, 7, 9, 11, 12])
    fall = falling(frame_ids, 60.0)
    errors = acceleration_error(
        fall, torch.zeros_like(fall), frame_ids, 60.0, stride=2
    )
    assert errors.valid.nonzero().flatten().tolist() == [1, 4]
    assert errors.mean() == pytest.approx(9.81, rel=1e-9)


def test_units_of_acceleration():
    frame_ids = torch.arange(5)
    fall = falling(frame_ids, 30.0)
    errors = acceleration_error(
        fall, torch.zeros_like(fall), frame_ids, 30.0, 'mm/frame^2'
    )
    assert errors.mean() == pytest.approx(9.81 / 0.9, rel=1e-9)


def test_same_acceleration_elsewhere_is_no_error():
    frame_ids = torch.arange(6)
    fall = falling(frame_ids, 30.0)
    drift = frame_ids.double()[:, None, None] * 0.1 + 3
    errors = acceleration_error(fall + drift, fall, frame_ids, 30.0)
    assert errors.mean() == pytest.approx(0, abs=1e-9)


def test_acceleration_needs_a_joint_in_three_frames():
    frame_ids = torch.arange(5)
    fall = falling(frame_ids, 30.0).expand(-1, 2, -1).clone()
    mask = torch.ones(5, 2, dtype=torch.bool)
    mask[4, 0] = False
    fall[4, 0] = NAN
    errors = acceleration_error(
        fall, torch.zeros_like(fall), frame_ids, 30.0, mask=mask
    )
    assert errors.counts.tolist() == [0, 2, 2, 1, 0]
    assert errors.mean() == pytest.approx(9.81)


@pytest.mark.parametrize('length', [1, 2])
def test_acceleration_of_short_tracks_is_none(length):
    points = torch.zeros(length, 3, 3)
    errors = acceleration_error(points, points, torch.arange(length), 30.0)
    assert errors.values.shape == (length,)
    assert errors.mean() is None


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'fps': 0.0}, 'fps: 0.0 is not positive'),
        ({'fps': NAN}, 'fps: nan is not positive'),
        ({'unit': 'mm/s^2'}, "unit: 'mm/s\\^2' is unknown"),
        ({'frame_ids': torch.tensor([1, 1, 2])}, 'do not strictly increase'),
        ({'frame_ids': torch.arange(4)}, r'frame_ids: expected shape \[3\]'),
    ],
)
def test_acceleration_refuses(changes, message):
    points = torch.zeros(3, 2, 3)
    values = {'frame_ids': torch.arange(3), 'fps': 30.0} | changes
    with pytest.raises(InputError, match=message):
        acceleration_error(points, points, **values)


def test_reprojection_error_counts_visible_points_only():
    target = torch.zeros(3, 2, 2)
    prediction = torch.tensor(
        [[[3.0, 4.0], [0.0, 1.0]], [[6.0, 8.0], [NAN, NAN]], [[7.0, 7.0]] * 2]
    )
    visible = torch.tensor([[True, True], [True, False], [False, False]])
    errors = reprojection_error(prediction, target, visible)
    torch.testing.assert_close(errors.values[:2], torch.tensor([3.0, 10.0]))
    assert errors.counts.tolist() == [2, 1, 0]
    assert errors.mean() == pytest.approx(6.5)


def test_pck_by_hand():
    target = torch.zeros(3, 2, 2)
    # Limits 10 px, 5 px and none: on the limit is correct.
    size = torch.tensor([200.0, 100.0, NAN])
    prediction = torch.tensor(
        [[[10.0, 0], [0, 10.5]], [[3.0, 4.0], [50.0, 0]], [[0.0, 0], [0, 0]]]
    )
    visible = torch.tensor([[True, True], [True, False], [False, False]])
    errors = pck(prediction, target, visible, size)
    torch.testing.assert_close(errors.values[:2], torch.tensor([0.5, 1.0]))
    assert errors.mean() == pytest.approx(0.75)
    loose = pck(prediction, target, visible, size, threshold=0.1)
    assert loose.mean() == pytest.approx(1.0)
    joints = pck_per_joint(prediction, target, visible, size)
    torch.testing.assert_close(joints.values, torch.tensor([1.0, 0.0]))
    assert joints.counts.tolist() == [2, 1]


@pytest.mark.parametrize('bad', [0.0, -5.0, NAN])
def test_pck_needs_a_size_where_points_are(bad):
    points = torch.zeros(3, 2, 2)
    size = torch.tensor([10.0, bad, bad])
    message = (
        'size: 2 frames have no positive size, the first at frame index 1'
    )
    with pytest.raises(InputError, match=message):
        pck(points, points, torch.ones(3, 2), size)


def test_roots_by_hand():
    joints = torch.zeros(1, 17, 3)
    joints[0, 0] = torch.tensor([1.0, 2.0, 3.0])
    joints[0, 1], joints[0, 4] = 4.0, 6.0

    def root(name):
        return root_position(joints, 'h36m_17', name)[0, 0].tolist()

    assert root('h36m_pelvis') == [1, 2, 3]
    assert root('mid_hip') == [5, 5, 5]
    assert root('none') == [0, 0, 0]
    smpl = torch.rand(2, 24, 3)
    torch.testing.assert_close(
        root_position(smpl, 'smpl_24', 'pelvis'), smpl[:, :1]
    )


def test_missing_roots_are_named():
    with pytest.raises(
        InputError, match="coco_17 has no 'h36m_pelvis'.* mid_hip, none"
    ):
        root_position(torch.zeros(1, 17, 3), 'coco_17', 'h36m_pelvis')
    with pytest.raises(InputError, match="'hip': unknown"):
        root_position(torch.zeros(1, 17, 3), 'coco_17', 'hip')


def test_root_relative_error_ignores_the_position():
    joints = torch.rand(4, 17, 3, dtype=torch.float64)
    other = torch.rand(4, 17, 3, dtype=torch.float64)

    def error(shift):
        moved = other + shift
        return mpjpe(
            moved - root_position(moved, 'h36m_17', 'mid_hip'),
            joints - root_position(joints, 'h36m_17', 'mid_hip'),
        ).values

    torch.testing.assert_close(error(0.0), error(math.pi))
