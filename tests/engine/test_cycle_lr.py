import pytest
import torch
from mmengine.optim import OptimWrapper

from semtta_mm.engine.schedulers import CycleAdaptLR, cycleadapt_lr

PUBLISHED = [
    *(1.667e-5, 3.333e-5, 5.000e-5, 5.152e-5, 5.000e-5, 4.561e-5, 3.889e-5),
    *(3.065e-5, 2.188e-5, 1.363e-5, 6.910e-6, 2.523e-6, 1.000e-6),
]
"""What CycleAdapt's own schedulers give (warmup_scheduler 0.3)."""

SIX = [1.667e-5, 3.333e-5, 5e-5, 6.633e-5, 5e-5, 1.733e-5, 1e-6]


@pytest.mark.parametrize(('total', 'want'), [(12, PUBLISHED), (6, SIX)])
def test_the_real_learning_rates(total, want):
    rates = [cycleadapt_lr(k, 5e-5, total) for k in range(total + 1)]
    assert rates == pytest.approx(want, rel=5e-4)


@pytest.mark.parametrize('epochs', [1, 2, 4, 5, 13])
def test_the_scheduler_sets_them(epochs):
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.Adam([weight], lr=5e-5)
    wrapper = OptimWrapper(optimizer)
    scheduler = CycleAdaptLR(wrapper, end=epochs)
    rates = []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]['lr'])
        wrapper.step()
        scheduler.step()
    want = [cycleadapt_lr(k, 5e-5, epochs - 1) for k in range(epochs)]
    assert rates == pytest.approx(want)
    assert all(rate > 0 for rate in rates)
    if epochs == 13:
        assert rates == pytest.approx(PUBLISHED, rel=5e-4)


def test_recursion_of_the_cosine():
    """torch's recursive annealing, started one step late, as published."""
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=5e-5)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 9, 1e-6)
    cosine.last_epoch = 1  # its value is still the first one's
    for k in range(5, 13):
        optimizer.step()
        cosine.step()
        rate = optimizer.param_groups[0]['lr']
        assert rate == pytest.approx(cycleadapt_lr(k, 5e-5, 12), rel=1e-6)
