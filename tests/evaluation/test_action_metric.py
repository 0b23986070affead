"""Accuracy of classified windows."""

import torch

from semtta_mm.evaluation.metrics import ActionMetric


def test_ranks_by_hand():
    sure = torch.tensor([5.0, 1, 2, 3, 4])
    samples = [
        {'true': sure, 'perturbed': sure, 'label': torch.tensor(label)}
        for label in (0, 3, 1)
    ]
    samples[0]['perturbed'] = torch.zeros(5)  # ties count as lost
    metric = ActionMetric()
    metric.process(None, samples)
    assert metric.compute_metrics(metric.results) == {
        'true_r1': 1 / 3,
        'true_r3': 2 / 3,
        'perturbed_r1': 0,
        'perturbed_r3': 1 / 3,
    }
