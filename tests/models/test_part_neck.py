import pytest
import torch

from semtta_mm.models.necks import PartNeck

FINDER = dict(type='KeypointFPN', widths=(4, 6, 8, 8), refined=16)


def maps(batch=2):
    torch.manual_seed(0)
    return tuple(
        torch.randn(batch, channels, side, side)
        for channels, side in ((4, 16), (5, 8), (6, 4), (10, 2))
    )


def build(**changes):
    torch.manual_seed(1)
    options = dict(
        finder=FINDER, in_channels=(4, 5, 6, 10), keypoints=3, channels=16
    )
    return PartNeck(**(options | changes))


def test_shapes():
    features, points, logits = build(out_channels=20)(maps())
    assert logits.shape == (2, 3, 16, 16)
    assert features.shape == (2, 20, 1, 1)
    assert points.shape == (2, 3, 2)
    assert points.min() > 0 and points.max() < 1


def test_points_are_where_the_attention_is():
    """One hot cell per keypoint: its centre, x first."""
    neck = build()
    wanted = torch.tensor([[0, 0], [15, 2], [3, 12]])  # column, row

    def hot(maps):
        logits = torch.full((len(maps[0]), 3, 16, 16), -50.0)
        for k, (x, y) in enumerate(wanted):
            logits[:, k, y, x] = 50.0
        return logits

    neck.finder.forward = hot
    _, points, _ = neck(maps())
    expected = ((wanted + 0.5) / 16).expand(2, 3, 2)
    assert torch.allclose(points, expected, atol=1e-5)


def test_features_change_where_a_keypoint_is_and_nowhere_else():
    """Cells without attention affect the features by pooling only."""
    neck = build(keypoints=1)
    neck.finder.forward = lambda maps: torch.full(
        (2, 1, 16, 16), -50.0
    ).index_fill_(3, torch.tensor([4]), 50.0)
    features, _, _ = neck(maps())
    fine, *rest = maps()
    here, away = rest[0].clone(), rest[0].clone()
    here[..., 2] += 1  # column 4 of 16 is column 2 of 8
    away[..., 7] += 1
    assert not torch.allclose(neck((fine, here, *rest[1:]))[0], features)
    # GroupNorm depends on the whole map, so it is replaced in this test.
    neck.fuse[0][2] = torch.nn.Identity()
    features, _, _ = neck(maps())
    assert torch.allclose(
        neck((fine, away, *rest[1:]))[0], features, atol=1e-6
    )


def test_2d_keypoints_train_the_maps():
    """A bright spot in the finest map: its place is found in a few steps."""
    torch.manual_seed(0)
    neck = build(keypoints=1)
    cells = torch.randint(16, (64, 2))
    fine = torch.zeros(64, 4, 16, 16)
    fine[torch.arange(64), 1, cells[:, 1], cells[:, 0]] = 3.0
    rest = [torch.zeros(64, c, s, s) for c, s in ((5, 8), (6, 4), (10, 2))]
    target = ((cells + 0.5) / 16)[:, None]
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
    with pytest.raises(ValueError, match='out_indices'):
        build().finder(maps()[1:])


def test_other_weights_are_refused():
    with pytest.raises(ValueError, match='movenet/lightning'):
        build(finder=FINDER | {'weights': 'posenet'})
