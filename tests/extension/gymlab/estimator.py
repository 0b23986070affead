"""An estimator around a torch module that gives SMPL parameters."""

import torch
from torch import nn

from semtta_mm.geometry import rot6d_to_matrix
from semtta_mm.models.estimators import MeshEstimator
from semtta_mm.structures import MeshPrediction, SMPLParams

from .registry import MODELS


class BodyFromColour(nn.Module):
    """Any network: here mean colours to 6D rotations, shape and camera."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 24 * 6 + 10 + 3)
        nn.init.normal_(self.layer.weight, std=0.01)
        start = torch.zeros(157)
        start[:144] = torch.tensor([1.0, 0, 0, 0, 1, 0]).repeat(24)
        start[154] = 0.9
        with torch.no_grad():
            self.layer.bias.copy_(start)

    def forward(self, images):
        out = self.layer(images.mean(dim=(2, 3)))
        return out.split([144, 10, 3], dim=1)


@MODELS.register_module()
class ColourEstimator(MeshEstimator):
    """The bridge: what the network gives, as rotation matrices."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.network = BodyFromColour()

    def predict(self, images):
        rot6d, betas, camera = self.network(images)
        pose = rot6d_to_matrix(rot6d.unflatten(1, (24, 6)), 'columns')
        return MeshPrediction(SMPLParams.from_pose(pose, betas), camera)
