"""A loss on shape, rotations and boxes that the toolbox does not have."""

from torch import nn

from .registry import MODELS


@MODELS.register_module()
class ShapeAndHeightLoss(nn.Module):
    """Pulls to the average shape and to bodies inside their boxes."""

    def __init__(self, loss_weight: float = 1.0) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, step):
        batch, params = step.batch, step.prediction.params
        low, high = batch.boxes[:, None, :2], batch.boxes[:, None, 2:]
        outside = (low - step.joints2d).clamp(min=0)
        outside = outside + (step.joints2d - high).clamp(min=0)
        turn = step.motion.diff(dim=1).square().mean()
        step.log['outside_px'] = outside.mean().detach()
        shape = params.betas.square().mean()
        return self.loss_weight * (shape + 1e-3 * outside.mean() + turn)
