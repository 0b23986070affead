"""Error of hidden joints, inpainted from the observed ones and a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from mmengine.evaluator import BaseMetric
from torch import Tensor

from ...geometry import rotation_angle
from ...models.motion_text.degrade import mean_pose
from ...registry import METRICS

_TEXTS = ('right', 'wrong', 'none')


@METRICS.register_module()
class InpaintMetric(BaseMetric):
    """Mean geodesic error of hidden rotations, degrees.

    A sample is one window of T frames: ``truth``, and what was completed with
    the ``right`` text, a ``wrong`` one and ``none``, each
    ``[T, 24, 3, 3]``; ``hidden`` ``[T, 24]``, bool. Values:

    - ``right``, ``wrong``, ``none``: the network;
    - ``rest``: the rest pose in their place;
    - ``still``: the truth's own mean over the window, as an oracle that knows
      the pose and not the motion would say.

    Args:
        **kwargs: See :class:`mmengine.evaluator.BaseMetric`.
    """

    default_prefix = 'inpaint'

    def process(
        self, data_batch: Any, data_samples: Sequence[dict[str, Tensor]]
    ) -> None:
        """Reduce windows to mean errors; those that hide nothing do not count.

        Args:
            data_batch: Not used.
            data_samples: One dict per window.
        """
        shown = [sample for sample in data_samples if sample['hidden'].any()]
        self.results += [_errors(sample) for sample in shown]

    def compute_metrics(
        self, results: list[dict[str, float]]
    ) -> dict[str, float]:
        """Means over windows.

        Args:
            results: Errors of each window.
        """
        return {
            name: sum(row[name] for row in results) / len(results)
            for name in results[0]
        }


def _errors(sample: dict[str, Tensor]) -> dict[str, float]:
    truth, hidden = sample['truth'], sample['hidden']
    there = torch.ones(1, len(truth), dtype=torch.bool, device=truth.device)
    guesses = {name: sample[name] for name in _TEXTS}
    guesses['rest'] = torch.eye(3).to(truth).expand_as(truth)
    guesses['still'] = mean_pose(truth[None], there)[0].expand_as(truth)
    return {
        name: rotation_angle(pose, truth)[hidden].rad2deg().mean().item()
        for name, pose in guesses.items()
    }
