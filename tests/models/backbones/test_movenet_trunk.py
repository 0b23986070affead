import pytest
import torch

from semtta_mm.models.backbones import MoveNetTrunk
from semtta_mm.setup_env import register_all_modules


@pytest.fixture(autouse=True)
def registered():
    register_all_modules()


@pytest.mark.parametrize(
    ('width', 'channels'),
    [(1.0, (24, 32, 64, 1280)), (1.75, (40, 56, 112, 1280))],
)
def test_shapes(width, channels):
    trunk = MoveNetTrunk(width).eval()
    with torch.no_grad():
        maps = trunk(torch.zeros(1, 3, 64, 64))
    assert tuple(m.shape[1] for m in maps) == channels
    assert [m.shape[-1] for m in maps] == [16, 8, 4, 2]


def test_norms_stay_as_they_are_in_training():
    trunk = MoveNetTrunk().train()
    before = {k: v.clone() for k, v in trunk.state_dict().items()}
    trunk(torch.randn(2, 3, 32, 32))
    after = trunk.state_dict()
    assert all(torch.equal(before[k], after[k]) for k in before)


def test_a_frozen_trunk_has_no_gradients():
    image = torch.randn(1, 3, 32, 32)
    assert MoveNetTrunk()(image)[-1].requires_grad
    frozen = MoveNetTrunk(frozen=True)
    assert not any(p.requires_grad for p in frozen.parameters())
    assert not frozen(image)[-1].requires_grad
