"""Values by hand, with a known, a level and a tilted camera."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from calibrations import make_calibration
from scipy.spatial.transform import Rotation

from semtta_mm.models.losses.gravity_prior import (
    GravityPrior,
    concentration,
    gravity_gap,
    up_in_body,
)
from semtta_mm.models.motion_text import MotionCLIP, read_dictionary
from semtta_mm.models.motion_text.calibration_file import write_calibration
from semtta_mm.utils import InputError

FACE_ON = np.diag([1.0, -1.0, -1.0])
"""Body to camera: upright, facing a level camera."""


@pytest.fixture
def path(tmp_path):
    """Label 0 lies on its back at a spread of 14 degrees; 1 is unknown."""
    model = MotionCLIP(width=16, layers=1, heads=2, feedforward=16)
    words = read_dictionary()
    up = torch.tensor([[0.0, 1, 0]]).repeat(len(words), 1)
    up[0] = torch.tensor([0.0, 0, 1])
    spread = torch.full((len(words),), 14.0)
    up[1], spread[1] = torch.nan, torch.nan
    found = make_calibration(model, words, up=up, up_spread=spread)
    return write_calibration(tmp_path / 'a.json', found, 'a test')


def tensor(*matrices):
    return torch.tensor(np.stack(matrices), dtype=torch.float32)


def test_up_in_the_bodys_frame():
    """Leaning towards the camera by 30 degrees: up is behind the head."""
    lean = FACE_ON @ Rotation.from_euler('x', 30, degrees=True).as_matrix()
    up = up_in_body(tensor(FACE_ON, lean), torch.tensor([0.0, -1, 0]))
    assert up[0].tolist() == pytest.approx([0, 1, 0], abs=1e-6)
    half = math.sqrt(3) / 2
    assert up[1].tolist() == pytest.approx([0, half, -0.5], abs=1e-6)


def test_the_gap_is_that_of_the_mean_over_existing_frames():
    up = torch.tensor([[[0.0, 1, 0], [1, 0, 0], [0, -9, 0]]])
    valid = torch.tensor([[True, True, False]])
    gap = gravity_gap(up, valid, torch.tensor([[0.0, 1, 0]]))
    assert gap.item() == pytest.approx(1 - math.sqrt(0.5))


def test_concentration():
    spread = torch.tensor([0.0, 14.0, 28.0, torch.nan])
    found = concentration(spread, 14.0)
    assert found[:3].tolist() == pytest.approx([1, 0.5, 0.2])
    assert found[3].isnan()


def test_the_weighted_loss_by_hand(path):
    loss = GravityPrior(loss_weight=2.0, calibration=path, tilt=14.0)
    up = torch.tensor([[[0.0, 1, 0]]]).repeat(3, 1, 1).requires_grad_()
    valid = torch.ones(3, 1, dtype=torch.bool)
    # Upright, label 0 lies: 2 * 0.5 * 1; label 1 has no motions; no label.
    value = loss.compute(up, valid, torch.tensor([0, 1, -1]))
    assert value.item() == pytest.approx(1.0)
    value.backward()
    assert torch.equal(up.grad[1:], torch.zeros(2, 1, 3))
    assert up.grad[0, 0, 2] < 0  # towards z
    upright = GravityPrior(loss_weight=2.0, upright=True)
    turned = up.detach().flip(-1) * 0 + torch.tensor([1.0, 0, 0])
    assert upright.compute(up, valid, torch.tensor([0, 1, -1])) == 0
    assert upright.compute(turned, valid, torch.tensor([0, 1, -1])) == 2


def step(up):
    """Two windows of two frames; the second frame of the second is none."""
    root = tensor(FACE_ON, FACE_ON)
    pose = torch.eye(3).repeat(2, 24, 1, 1)
    pose[:, 0] = root
    order = torch.tensor([0, 1, 1])
    batch = SimpleNamespace(
        frame=torch.tensor([4, 5]),
        valid=torch.tensor([[True, True], [True, False]]),
        label=torch.tensor([3, -1]),
        spread=lambda values: values[order],
    )
    track = SimpleNamespace(up=up)
    return SimpleNamespace(
        batch=batch,
        prediction=SimpleNamespace(params=SimpleNamespace(pose=pose)),
        session=SimpleNamespace(frames=SimpleNamespace(track=track)),
    )


def test_the_tracks_own_gravity(path):
    """The camera lies on its side; without a track's up it counts as level."""
    aside = np.tile([[1.0, 0, 0]], (6, 1)).astype(np.float32)
    loss = GravityPrior(calibration=path, tilt=14.0)
    assert loss(step(None)).item() == pytest.approx(0, abs=1e-6)
    assert loss(step(aside)).item() == pytest.approx(2 * 0.5 * 1)
    blind = GravityPrior(calibration=path, tilt=14.0, track_up=False)
    assert blind(step(aside)).item() == pytest.approx(0, abs=1e-6)


def test_without_a_dictionary(path):
    nothing = SimpleNamespace(dictionary=None)
    with pytest.raises(InputError, match='dictionary'):
        GravityPrior(calibration=path).check(nothing)
    GravityPrior(upright=True).check(nothing)
