"""Loss on the rotations of a lifter."""

from __future__ import annotations

from torch import Tensor, nn

from ...registry import MODELS
from ..adaptors.loss_input import LossInput


@MODELS.register_module()
class LiftedPoseLoss(nn.Module):
    """L1 to the lifted motion, each rotation weighted by its precision.

    Beyond the paper. The gradient of the smoothing loss (Eq. 9) is ten to
    forty times weaker than that of the keypoints, so rotations that no
    keypoint constrains hardly move towards their target. Here a rotation
    has the weight ``max(0, (p_l - p_n) / (p_l + p_n))`` with the precisions
    of the lifted motion and of the network's own: where the network is the
    more precise one, as in gaps of the detector which the picture does not
    have, it is left alone. Nothing else would hold it there. Needs
    ``LifterHook``.

    Args:
        loss_weight: Weight of the loss.
        root_weight: Weight of the root, beside 23 local rotations of 1.
    """

    def __init__(
        self, loss_weight: float = 1.0, root_weight: float = 1.0
    ) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.root_weight = root_weight

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss of a step.

        Args:
            step: Every frame counts once for each of its windows.

        Returns:
            Scalar; 0 if no motion was lifted.
        """
        pose, lifted = step.prediction.params.pose, step.session.lifted
        if lifted is None or lifted.share is None:
            return 0 * pose.sum()
        frame = step.batch.frame.cpu()
        precise = (2 * lifted.share - 1).clamp(min=0)
        return self.compute(
            step.batch.spread(pose),
            step.batch.spread(lifted.pose[frame].to(pose)),
            step.batch.spread(precise[frame].to(pose)),
        )

    def compute(self, pose: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        """Weighted loss of tensors, for use in other models.

        Args:
            pose: Rotation matrices ``[B, 24, 3, 3]``.
            target: Lifted rotation matrices ``[B, 24, 3, 3]``.
            weight: Of each rotation ``[B, 24]``, 0 to 1.

        Returns:
            Scalar: the mean over rotations of the weighted mean absolute
            difference of matrices.
        """
        distance = (pose - target).abs().mean(dim=(-1, -2)) * weight
        root = self.root_weight * distance[:, :1]
        total = (root.sum() + distance[:, 1:].sum()) / max(distance.numel(), 1)
        return self.loss_weight * total
