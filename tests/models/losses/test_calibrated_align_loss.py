"""Values by hand; the start; true motions have no loss."""

from types import SimpleNamespace

import pytest
import torch
from calibrations import make_calibration

from semtta_mm.models.losses import CalibratedAlignLoss, calibrated_gap
from semtta_mm.models.motion_text import MotionCLIP, read_dictionary
from semtta_mm.models.motion_text.calibration_file import write_calibration
from semtta_mm.utils import InputError


@pytest.fixture
def parts(tmp_path):
    torch.manual_seed(0)
    model = MotionCLIP(width=16, layers=1, heads=2, feedforward=16)
    words = read_dictionary()
    windows = torch.full((len(words),), 3)
    windows[2] = 0
    cosine = torch.full((len(words),), 0.7)
    cosine[2] = torch.nan
    found = make_calibration(model, words, windows=windows, cosine=cosine)
    path = write_calibration(tmp_path / 'a.json', found, 'a test')
    loss = CalibratedAlignLoss(
        loss_weight=0.2, margin_weight=0.5, calibration=path
    )
    return loss, model, words


def rows(*pairs):
    """Cosines ``[B, 40]``: of label 0, of label 1, 0 for the rest."""
    out = torch.zeros(len(pairs), 40)
    out[:, :2] = torch.tensor(pairs)
    return out.requires_grad_()


def test_the_gap_by_hand():
    own, lead = torch.tensor([0.5, 0.9, 0.9]), torch.tensor([0.3, 0.1, 0.3])
    gap = calibrated_gap(
        own, lead, torch.full((3,), 0.7), torch.full((3,), 0.2), 0.5
    )
    assert gap.tolist() == pytest.approx([0.2, 0.05, 0.0])


def test_the_mean_over_calibrated_windows(parts):
    loss = parts[0]
    cosines = rows((0.5, 0.4), (0.9, 0.2), (0.1, 0.9), (0.0, 0.0))
    value = loss.compute(cosines, torch.tensor([0, 0, -1, 2]))
    # First: 0.2 of the cosine and half of 0.1 of the lead; second: nothing;
    # third: no label; fourth: a label without motions.
    assert value.item() == pytest.approx(0.2 * 0.25 / 2)
    value.backward()
    assert torch.equal(cosines.grad[1:], torch.zeros(3, 40))
    assert cosines.grad[0, 0] < 0 < cosines.grad[0, 1]


def test_nothing_to_align_is_zero(parts):
    cosines = rows((0.1, 0.9))
    value = parts[0].compute(cosines, torch.tensor([-1]))
    value.backward()
    assert value == 0 and torch.equal(cosines.grad, torch.zeros(1, 40))


def step(epoch, pose):
    label = torch.tensor([0])
    return SimpleNamespace(
        batch=SimpleNamespace(label=label, labelled=label >= 0),
        session=SimpleNamespace(epoch=epoch),
        prediction=SimpleNamespace(params=SimpleNamespace(pose=pose)),
        cosines=rows((0.5, 0.4)) + pose.sum() * 0,
        log={},
    )


def test_it_starts_after_the_first_epoch(parts):
    pose = torch.ones(1, 24, 3, 3, requires_grad=True)
    first, later = step(0, pose), step(1, pose)
    value = parts[0](first)
    value.backward()
    assert value == 0 and pose.grad.abs().max() == 0 and not first.log
    assert parts[0](later).item() == pytest.approx(0.2 * 0.25)
    assert later.log['similarity'].item() == pytest.approx(0.5)


def test_another_space_is_refused(parts):
    loss, model, words = parts
    adaptor = SimpleNamespace(motion_text=model, dictionary=words)
    loss.check(adaptor)
    adaptor.motion_text = MotionCLIP(
        width=16, layers=1, heads=2, feedforward=16
    )
    with pytest.raises(InputError, match='calibrate-alignment'):
        loss.check(adaptor)
