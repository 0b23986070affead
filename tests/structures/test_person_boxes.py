import numpy as np
import pytest

from semtta_mm.structures import PersonBoxes


def test_wrong_shapes_and_orders_are_refused():
    boxes, scores = np.zeros((2, 4)), np.ones(2)
    assert len(PersonBoxes(0, np.array([3, 5]), boxes, scores)) == 2
    with pytest.raises(ValueError, match='expected'):
        PersonBoxes(0, np.array([3]), boxes, scores)
    with pytest.raises(ValueError, match='increasing'):
        PersonBoxes(0, np.array([5, 3]), boxes, scores)
