import pytest
import torch

from semtta_mm.structures.pose_bank import PoseBank, Source


@pytest.fixture
def bank():
    """Both keypoints are detected in frame 0, only the first in frame 1."""
    keypoints = torch.tensor([[[10.0, 0], [20, 0]], [[30.0, 0], [99, 99]]])
    return PoseBank.from_detections(
        keypoints, torch.tensor([[0.9, 0.4], [0.8, 0.0]])
    )


PREDICTION = torch.full((2, 2, 2), 50.0)


def test_missing_is_a_state(bank):
    assert bank.visible.tolist() == [[True, True], [True, False]]
    assert bank.keypoints[1, 1].tolist() == [0, 0]
    assert bank.weight.tolist() == [[1, 1], [1, 0]]
    assert bank.count(Source.DETECTED) == 3


def test_eq_8_case_by_case(bank):
    """Existing: EMA. Missing and aligned: the prediction. Else: missing."""
    updated = bank.ema(PREDICTION, 0.9)
    assert updated.keypoints[0, 0].tolist() == pytest.approx([14, 5])
    assert not updated.visible[1, 1]
    filled = updated.fill(PREDICTION, torch.tensor([True, True]))
    assert filled.keypoints[1, 1].tolist() == [50, 50]
    assert filled.source[1, 1] == Source.FILLED
    # The fill does not touch what exists.
    assert filled.keypoints[0, 0].tolist() == pytest.approx([14, 5])
    left = updated.fill(PREDICTION, torch.tensor([True, False]))
    assert not left.visible[1, 1]


def test_order_ema_before_fill(bank):
    """A keypoint filled this epoch is the raw prediction, not a blend; from
    the next epoch on it exists and is blended."""
    yes = torch.tensor([True, True])
    first = bank.ema(PREDICTION, 0.9).fill(PREDICTION, yes)
    second = first.ema(torch.full((2, 2, 2), 60.0), 0.9)
    assert second.keypoints[1, 1].tolist() == pytest.approx([51, 51])
    assert second.source[1, 1] == Source.FILLED


def test_fills_by_keypoint_and_with_less_weight(bank):
    allowed = torch.tensor([[True, True], [True, True]])
    filled = bank.fill(PREDICTION, allowed, weight=0.3)
    assert filled.weight[1, 1].item() == pytest.approx(0.3)
    assert filled.weight[0].tolist() == [1, 1]
    unfilled = bank.fill(PREDICTION, torch.zeros(2, 2, dtype=torch.bool))
    assert torch.equal(unfilled.source, bank.source)


def test_nothing_changes_in_place(bank):
    before = bank.keypoints.clone()
    bank.ema(PREDICTION, 0.5).fill(PREDICTION, torch.tensor([True, True]))
    assert torch.equal(bank.keypoints, before)
    assert bank.count(Source.FILLED) == 0


def test_nan_of_missing_detections_does_not_enter():
    keypoints = torch.full((1, 2, 2), torch.nan)
    bank = PoseBank.from_detections(keypoints, torch.zeros(1, 2))
    assert bank.keypoints.isfinite().all()
    assert bank.ema(torch.ones(1, 2, 2), 0.9).keypoints.isfinite().all()
