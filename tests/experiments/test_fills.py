"""Share and quality of filled keypoints, counted by hand."""

import numpy as np
import pytest

from semtta_mm.experiments.fills import fill_values

BOX = [0.0, 0.0, 100.0, 80.0]  # a fill is right within 10 px


@pytest.fixture
def result(tmp_path):
    """Two frames of three keypoints: three detected, two filled."""
    path = tmp_path / 'result.npz'
    points = np.zeros((2, 3, 2))
    points[0, 1] = (9.0, 0.0)
    points[1, 2] = (0.0, 11.0)
    source = np.array([[1, 2, 1], [0, 1, 2]])
    np.savez(
        path,
        bank_source=source,
        bank_keypoints=points,
        bbox_xyxy=np.array([BOX, BOX]),
    )
    return path


def test_fills(result):
    values = fill_values(result, np.zeros((2, 3, 2)))
    assert values['filled_percent'] == pytest.approx(100 * 2 / 3)
    assert values['filled_pck'] == pytest.approx(0.5)


def test_unknown_truth(result):
    assert fill_values(result)['filled_pck'] is None
