import pytest
import torch

from semtta_mm.models.necks import PartNeck


def maps(batch=2):
    torch.manual_seed(0)
    return tuple(
        torch.randn(batch, channels, side, side)
        for channels, side in ((4, 8), (6, 4), (10, 2))
    )


def build(**changes):
    torch.manual_seed(1)
    options = dict(in_channels=(4, 6, 10), keypoints=3, channels=16)
    return PartNeck(**(options | changes))


def test_shapes():
    features, points, logits = build(out_channels=20)(maps())
    assert logits.shape == (2, 3, 8, 8)
    assert features.shape == (2, 20, 1, 1)
    assert points.shape == (2, 3, 2)
    assert points.min() > 0 and points.max() < 1


def test_points_are_where_the_attention_is():
    """One hot cell per keypoint: its centre, x first."""
    neck = build()
    wanted = torch.tensor([[0, 0], [7, 2], [3, 6]])  # column, row of 8 x 8

    def hot(pyramid):
        logits = torch.full((len(pyramid), 3, 8, 8), -50.0)
        for k, (x, y) in enumerate(wanted):
            logits[:, k, y, x] = 50.0
        return logits

    neck.attention.forward = hot
    _, points, _ = neck(maps())
    expected = ((wanted + 0.5) / 8).expand(2, 3, 2)
    assert torch.allclose(points, expected, atol=1e-5)


def test_points_alone_can_learn_from_2d():
    """A bright spot in the finest map: its place is found in a few steps."""
    torch.manual_seed(0)
    neck = build(keypoints=1)
    cells = torch.randint(8, (64, 2))
    fine = torch.zeros(64, 4, 8, 8)
    fine[torch.arange(64), 1, cells[:, 1], cells[:, 0]] = 3.0
    rest = torch.zeros(64, 6, 4, 4), torch.zeros(64, 10, 2, 2)
    target = ((cells + 0.5) / 8)[:, None]
    optimizer = torch.optim.Adam(neck.parameters(), lr=1e-2)
    first = None
    for _ in range(60):
        loss = (neck((fine, *rest))[1] - target).abs().mean()
        first = first or loss.item()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.3 * first


def test_other_maps_are_refused():
    with pytest.raises(ValueError, match='out_indices'):
        build()(maps()[1:])
