"""One shape, a constant rate, smooth angles."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation, Slerp

from semtta_mm.export.euler import smooth_euler
from semtta_mm.export.motion import fill_gaps, one_shape
from semtta_mm.structures import SMPLParams


@pytest.fixture
def params():
    generator = torch.Generator().manual_seed(0)
    pose = 0.5 * torch.randn(4, 72, generator=generator)
    betas = torch.randn(4, 10, generator=generator)
    transl = torch.randn(4, 3, generator=generator)
    return SMPLParams.from_axis_angle(pose, betas, transl)


def test_one_shape_keeps_every_pelvis(body, params):
    same = one_shape(params, body)
    assert torch.equal(same.betas[0], same.betas[3])
    torch.testing.assert_close(same.betas[0], params.betas.mean(0))
    with torch.no_grad():
        old, new = body.joints_only(params), body.joints_only(same)
    torch.testing.assert_close(old[:, 0], new[:, 0])
    assert (old - new).norm(dim=-1).max() > 0.01  # limbs do change


def test_gaps_are_filled_by_slerp(params):
    """Against scipy's, joint by joint."""
    frames = np.array([2, 4, 10, 12])
    filled, found = fill_gaps(params, frames, 2)
    assert found.tolist() == [True, True, False, False, True, True]
    assert torch.equal(filled.pose[torch.from_numpy(found)], params.pose)
    for joint in range(24):
        turns = Rotation.from_matrix(params.pose[:, joint].double().numpy())
        expected = Slerp(frames, turns)([6, 8]).as_matrix()
        np.testing.assert_allclose(
            filled.pose[2:4, joint], expected, atol=1e-5
        )
    third = params.transl[1] + (params.transl[2] - params.transl[1]) / 3
    torch.testing.assert_close(filled.transl[2], third)


def test_a_track_without_a_gap_stays(params):
    filled, found = fill_gaps(params, np.arange(4), 1)
    assert found.all()
    assert torch.equal(filled.pose, params.pose)
    assert torch.equal(filled.transl, params.transl)
    one, _ = fill_gaps(params[:1], np.array([7]), 3)
    assert torch.equal(one.pose, params.pose[:1])


def test_angles_are_the_rotations_and_have_no_jumps():
    """A turn of two rounds, and a swing through the poles of ZXY."""
    t = np.linspace(0, 4 * np.pi, 200)
    for angles in (
        np.stack([t, 0.2 * np.sin(t), 0 * t], axis=1),
        np.stack([0.2 * np.sin(t), t, 0.3 * np.cos(t)], axis=1),
    ):
        turns = Rotation.from_euler('ZXY', angles)
        out = smooth_euler(turns.as_matrix(), 'ZXY')
        back = Rotation.from_euler('ZXY', out, degrees=True)
        assert (back * turns.inv()).magnitude().max() < 1e-6
        assert np.abs(np.diff(out, axis=0)).max() < 10
    assert np.ptp(out[:, 1]) == pytest.approx(720, abs=1)
