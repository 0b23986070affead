"""Accuracy of an action classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmengine.evaluator import BaseMetric
from torch import Tensor

from ...registry import METRICS
from ..functional.ranks import right_rank

_MOTIONS = ('true', 'perturbed')


@METRICS.register_module()
class ActionMetric(BaseMetric):
    """Share of windows whose action is recognised: R@1 and R@3.

    A sample is one window: logits ``true`` and ``perturbed`` ``[L]`` of the
    motion and of the motion with errors, and its ``label``. Values:
    ``true_r1``, ``true_r3``, ``perturbed_r1``, ``perturbed_r3``.

    Args:
        **kwargs: See :class:`mmengine.evaluator.BaseMetric`.
    """

    default_prefix = 'action'

    def process(
        self, data_batch: Any, data_samples: Sequence[dict[str, Tensor]]
    ) -> None:
        """Reduce windows to the ranks of their labels.

        Args:
            data_batch: Not used.
            data_samples: One dict per window.
        """
        self.results += [
            {
                name: int(
                    right_rank(sample[name][None], sample['label'][None])
                )
                for name in _MOTIONS
            }
            for sample in data_samples
        ]

    def compute_metrics(
        self, results: list[dict[str, int]]
    ) -> dict[str, float]:
        """Shares of windows.

        Args:
            results: Ranks of each window.
        """
        return {
            f'{name}_r{k}': sum(row[name] < k for row in results)
            / len(results)
            for name in _MOTIONS
            for k in (1, 3)
        }
