import pytest
import torch

from semtta_mm.models.necks import SpatialNeck


def test_it_knows_where_things_are():
    """Pooling gives two places the same features; the neck does not."""
    torch.manual_seed(0)
    neck = SpatialNeck(8, 4, thin_channels=4, out_channels=16).eval()
    features = torch.zeros(2, 8, 4, 4)
    features[0, :, 0, 0] = features[1, :, 3, 2] = torch.randn(8)
    out = neck(features)
    assert out.shape == (2, 16, 1, 1)
    assert torch.allclose(features[0].mean((1, 2)), features[1].mean((1, 2)))
    assert (out[0] - out[1]).abs().max() > 1e-3


def test_another_map_is_refused():
    neck = SpatialNeck(8, 4)
    with pytest.raises(ValueError, match='input_size / 32'):
        neck(torch.zeros(1, 8, 7, 7))
