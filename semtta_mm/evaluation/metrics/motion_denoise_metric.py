"""Error of a motion denoiser on hidden frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmengine.evaluator import BaseMetric
from torch import Tensor

from ...geometry import rotation_angle
from ...registry import METRICS
from ..functional.motion_fill import fill_average, fill_linear


@METRICS.register_module()
class MotionDenoiseMetric(BaseMetric):
    """Mean geodesic error of joint rotations, degrees.

    A sample is one window of T frames::

        {'denoised': [T, 24, 3, 3], 'clean': [T, 24, 3, 3],
         'noisy': [T, 24, 3, 3], 'hidden': [T]}   # bool

    Values, over hidden frames but for the ``shown`` ones:

    - ``hidden``: the denoiser, the number to lower;
    - ``hidden_linear``: slerp between the noisy shown neighbours;
    - ``hidden_average``: a Gaussian mean over noisy shown frames;
    - ``hidden_noisy``: the noisy frames, which the denoiser was not shown;
    - ``shown``, ``shown_noisy``: denoiser and input, frames it was shown.

    Args:
        sigma: Width of the Gaussian mean, frames.
        **kwargs: See :class:`mmengine.evaluator.BaseMetric`.
    """

    default_prefix = 'denoise'

    def __init__(self, sigma: float = 2.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sigma = sigma

    def process(
        self, data_batch: Any, data_samples: Sequence[dict[str, Tensor]]
    ) -> None:
        """Reduce windows to mean errors.

        Args:
            data_batch: Not used.
            data_samples: One dict per window.
        """
        self.results += [self._errors(sample) for sample in data_samples]

    def _errors(self, sample: dict[str, Tensor]) -> dict[str, float]:
        noisy, hidden = sample['noisy'], sample['hidden']
        rows = {
            'hidden': (sample['denoised'], hidden),
            'hidden_linear': (fill_linear(noisy, hidden), hidden),
            'hidden_average': (
                fill_average(noisy, hidden, self.sigma),
                hidden,
            ),
            'hidden_noisy': (noisy, hidden),
            'shown': (sample['denoised'], ~hidden),
            'shown_noisy': (noisy, ~hidden),
        }
        clean = sample['clean']
        return {
            name: rotation_angle(pose[at], clean[at]).rad2deg().mean().item()
            for name, (pose, at) in rows.items()
        }

    def compute_metrics(
        self, results: list[dict[str, float]]
    ) -> dict[str, float]:
        """Means over windows, which all hide as many frames.

        Args:
            results: Errors of each window.
        """
        return {
            name: sum(row[name] for row in results) / len(results)
            for name in results[0]
        } | {'windows': len(results)}
