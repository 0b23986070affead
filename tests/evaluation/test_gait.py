"""Steps of legs that swing in a known way."""

import pytest
import torch

from semtta_mm.conventions import keypoint_index
from semtta_mm.evaluation.functional.gait import (
    ankle_swing,
    gait_of_signals,
    gait_report,
)
from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.utils import InputError

FPS = 30.0
LEFT, RIGHT = keypoint_index('smpl_24', ('left_ankle', 'right_ankle'))


def swing(hertz, size=0.3, late=0.0, frames=60):
    """Left before right, m, ``late`` seconds late ``[T]``."""
    time = torch.arange(frames) / FPS - late
    return size * torch.sin(2 * torch.pi * hertz * time)


def body(signal, orient):
    """Joints ``[T, 24, 3]`` whose ankles swing along the body's z axis."""
    joints = torch.zeros(len(signal), 24, 3)
    joints[:, LEFT, 2], joints[:, RIGHT, 2] = signal / 2, -signal / 2
    joints[:, LEFT, 0], joints[:, RIGHT, 0] = 0.1, -0.1
    return joints @ orient.mT


def turned(yaw, frames=60):
    turn = torch.tensor([0, yaw, 0]).float()
    return axis_angle_to_matrix(turn).expand(frames, 3, 3)


def test_swing_does_not_depend_on_facing():
    signal = swing(0.9)
    for yaw in (0.0, 1.0, 3.0):
        orient = turned(yaw)
        found = ankle_swing(body(signal, orient), orient)
        torch.testing.assert_close(found, signal, atol=1e-6, rtol=0)


def test_late_and_small():
    """0.1 s late at 1 stride/s is 36 degrees behind; two steps a second."""
    true, mine = swing(1.0), swing(1.0, 0.15, late=0.1)
    for yaw in (0.0, 2.0):  # independent of the heading
        found = gait_report(
            body(mine, turned(yaw)),
            body(true, turned(0.0)),
            turned(yaw),
            turned(0.0),
            FPS,
        )
        assert found.step_hz_true == pytest.approx(2, rel=1e-3)
        assert found.step_hz_pred == pytest.approx(2, rel=1e-3)
        assert found.phase_deg == pytest.approx(-36, abs=0.1)
        assert found.swing_ratio == pytest.approx(0.5, rel=1e-3)


def test_other_tempo_keeps_its_size():
    found = gait_of_signals(swing(0.8, 0.2), swing(1.0), FPS)
    assert found.step_hz_error == pytest.approx(-0.4, abs=0.01)
    assert found.step_relative_error == pytest.approx(-0.2, abs=0.005)
    assert found.swing_ratio == pytest.approx(2 / 3, rel=1e-3)


def test_opposite_phase():
    found = gait_of_signals(-swing(1.0), swing(1.0), FPS)
    assert abs(found.phase_deg) == pytest.approx(180, abs=0.01)
    ahead = gait_of_signals(swing(1.0, late=-0.25), swing(1.0), FPS)
    assert ahead.phase_deg == pytest.approx(90, abs=0.1)


def test_frozen_prediction_has_no_step():
    found = gait_of_signals(torch.full((60,), 0.2), swing(1.0), FPS)
    assert (found.step_hz_pred, found.phase_deg) == (None, None)
    assert found.swing_ratio == pytest.approx(0, abs=1e-6)
    assert found.step_hz_error is found.step_relative_error is None


def test_jitter_is_not_swing():
    generator = torch.Generator().manual_seed(0)
    shaking = 0.1 * torch.randn(60, generator=generator)
    found = gait_of_signals(shaking, swing(1.0), FPS)
    assert found.step_hz_pred is None
    assert found.swing_ratio < 0.15  # its spread is half of the swing's


@pytest.mark.parametrize('frames', [2, 5, 6, 20])
def test_short_and_resting_tracks_have_no_gait(frames):
    found = gait_of_signals(swing(1.0)[:frames], swing(1.0)[:frames], FPS)
    assert found == (None, None, None, None)
    orient = turned(0.0)
    rest = body(swing(1.0, size=0.01), orient)
    assert gait_report(rest, rest, orient, orient, FPS)[0] is None


def test_bad_shapes():
    with pytest.raises(InputError, match='prediction'):
        gait_of_signals(torch.ones(8), torch.ones(9), FPS)
    with pytest.raises(InputError, match='joints'):
        ankle_swing(torch.zeros(4, 17, 3), turned(0.0, 4))
    with pytest.raises(InputError, match='orient'):
        ankle_swing(torch.zeros(4, 24, 3), turned(0.0, 5))
