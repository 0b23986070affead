"""A neck that keeps where things are."""

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn

from ...registry import MODELS


@MODELS.register_module()
class SpatialNeck(BaseModule):
    """Pooled features beside a thin, flattened map, through a small MLP.

    Average pooling leaves a regressor to guess where a wrist is; a thin copy
    of the map tells it. With few training images the difference is large
    (docs/training.md).

    Args:
        in_channels: Channels ``C`` of the map.
        map_size: Side of the map ``h``.
        thin_channels: Channels of the flattened copy.
        out_channels: Length ``D`` of the result: ``feat_dim`` of the head.
        init_cfg: mmengine's initialisation config.
    """

    def __init__(
        self,
        in_channels: int,
        map_size: int,
        thin_channels: int = 128,
        out_channels: int = 1024,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.map_size = map_size
        self.thin = nn.Sequential(
            nn.Conv2d(in_channels, thin_channels, 1, bias=False),
            nn.BatchNorm2d(thin_channels),
            nn.ReLU(inplace=True),
        )
        flat = in_channels + thin_channels * map_size**2
        self.mix = nn.Sequential(
            nn.Linear(flat, out_channels),
            nn.LayerNorm(out_channels),
            nn.GELU(),
            nn.Linear(out_channels, out_channels),
            nn.GELU(),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Mix a map ``[B, C, h, h]`` into ``[B, D, 1, 1]``.

        Raises:
            ValueError: If the map has another size.
        """
        if features.shape[-2:] != (self.map_size, self.map_size):
            raise ValueError(
                f'SpatialNeck: expected a map of {self.map_size} x '
                f'{self.map_size}, got {list(features.shape[-2:])}; set '
                'map_size to input_size / 32'
            )
        thin = self.thin(features).flatten(1)
        mixed = self.mix(torch.cat([features.mean((2, 3)), thin], dim=1))
        return mixed[:, :, None, None]
