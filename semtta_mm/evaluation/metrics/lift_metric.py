"""Errors of lifted motions by text and by what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import torch
from mmengine.evaluator import BaseMetric
from torch import Tensor

from ...conventions import SMPL_JOINTS, SMPL_PARENTS
from ...geometry import rotation_angle
from ...models.bodies.lbs import forward_kinematics
from ...registry import METRICS
from ..functional import mpjpe, pa_mpjpe

_TEXTS = ('right', 'wrong', 'none')
_LIMBS = ('shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle')


@METRICS.register_module()
class LiftMetric(BaseMetric):
    """Means over windows, by pattern of missing keypoints and text.

    A sample is one window of T frames: ``truth`` and the motions lifted with
    the ``right`` text, a ``wrong`` one and ``none``, each
    ``[T, 24, 3, 3]``; ``hidden`` ``[T, 24]`` and ``valid`` ``[T]``, bool;
    ``log_error`` ``[T, 24]`` of the right text; ``rest_joints`` ``[24, 3]``,
    m; ``pattern``, a name. Values, named ``pattern/text/value``:

    - ``mpjpe``, ``pa``: 12 joints of the limbs, root in the middle of the
      hips, mm;
    - ``root``, ``seen``, ``hidden``: angles of the root, of rotations that
      keypoints constrain, and of the others, degrees;
    - ``calibration`` (right text): ratio of mean true and mean predicted
      error of all rotations.

    Args:
        **kwargs: See :class:`mmengine.evaluator.BaseMetric`.
    """

    default_prefix = 'lift'

    def process(
        self, data_batch: Any, data_samples: Sequence[dict[str, Any]]
    ) -> None:
        """Reduce windows to mean errors.

        Args:
            data_batch: Not used.
            data_samples: One dict per window.
        """
        for sample in data_samples:
            for text in _TEXTS:
                name = f'{sample["pattern"]}/{text}'
                errors = window_errors(sample[text], sample)
                if text == 'right':
                    errors |= _calibration(sample)
                self.results.append(
                    {f'{name}/{k}': v for k, v in errors.items()}
                )

    def compute_metrics(
        self, results: list[dict[str, float]]
    ) -> dict[str, float]:
        """Means over windows.

        Args:
            results: Errors of each window and text.
        """
        values: dict[str, list[float]] = defaultdict(list)
        for row in results:
            for name, value in row.items():
                values[name].append(value)
        return {k: sum(v) / len(v) for k, v in sorted(values.items())}


def window_errors(pose: Tensor, sample: dict[str, Any]) -> dict[str, float]:
    """Errors of one window, see :class:`LiftMetric`.

    Args:
        pose: Rotation matrices ``[T, 24, 3, 3]``.
        sample: With truth, masks and rest joints.
    """
    valid, truth = sample['valid'], sample['truth'][sample['valid']]
    pose, hidden = pose[valid], sample['hidden'][valid]
    angle = rotation_angle(pose, truth).rad2deg()
    joints, true = (_limbs(x, sample['rest_joints']) for x in (pose, truth))
    out = {
        'mpjpe': float(mpjpe(joints, true).values.mean()),
        'pa': float(pa_mpjpe(joints, true).values.mean()),
        'root': float(angle[:, 0].mean()),
    }
    for name, which in (('seen', ~hidden[:, 1:]), ('hidden', hidden[:, 1:])):
        if which.any():
            out[name] = float(angle[:, 1:][which].mean())
    return out


def _calibration(sample: dict[str, Any]) -> dict[str, float]:
    valid = sample['valid']
    angle = rotation_angle(sample['right'], sample['truth'])[valid]
    predicted = sample['log_error'][valid].exp()
    return {'calibration': float(angle.mean() / predicted.mean())}


def _limbs(pose: Tensor, rest: Tensor) -> Tensor:
    """Joints of the limbs about the middle of the hips ``[T, 12, 3]``, m."""
    rests = rest.to(pose).expand(len(pose), -1, -1)
    joints = forward_kinematics(pose, rests, SMPL_PARENTS)[1]
    which = torch.tensor(
        [name.endswith(_LIMBS) for name in SMPL_JOINTS], device=pose.device
    )
    middle = joints[:, 1:3].mean(dim=1, keepdim=True)
    return joints[:, which] - middle
