"""Windows and shares of recognised actions."""

import pytest
import torch

from semtta_mm.experiments.action_scores import action_scores, windows_of


class Fake:
    """Recognises "sit" where the first joint is not negative."""

    labels = ('sit', 'walk', 'run', 'jump')
    frames = 60

    def __call__(self, windows):
        good = windows[:, :, 0, 0].mean(1) >= 0
        rows = torch.tensor([[4.0, 3, 2, 1], [1.0, 2, 3, 4]])
        return rows[(~good).long()]


def test_windows_reach_the_end():
    motion = torch.arange(100.0)[:, None, None].expand(100, 24, 3)
    found = windows_of(motion, 30.0, 60)
    assert found[:, 0, 0, 0].tolist() == [0, 15, 30, 40]
    assert found.shape == (4, 60, 24, 3)
    assert windows_of(motion[:50], 30.0, 60).shape == (1, 50, 24, 3)
    # At 60 fps every second frame.
    found = windows_of(motion, 60.0, 60)
    assert found.shape == (1, 50, 24, 3)
    assert found[0, :, 0, 0].tolist() == list(range(0, 100, 2))


def test_shares_by_hand():
    truth = torch.ones(100, 24, 3)
    joints = truth.clone()
    joints[:35] = -1  # the first window of four is mostly wrong
    found = action_scores(Fake(), joints, truth, 30.0, 'sitting')
    assert found == {
        'action_r1': 0.75,
        'action_r3': 0.75,
        'action_r1_true': 1.0,
        'action_r3_true': 1.0,
    }
    found = action_scores(Fake(), joints, truth, 30.0, 'run')
    assert found['action_r1'] == pytest.approx(0)
    assert found['action_r3'] == pytest.approx(1)


def test_an_unknown_label_has_no_score():
    found = action_scores(
        Fake(), *torch.ones(2, 70, 24, 3), 30.0, 'knit a jumper'
    )
    assert set(found.values()) == {None}
    assert len(found) == 4
