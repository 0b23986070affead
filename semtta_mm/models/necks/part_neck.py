"""A neck that locates body parts and pools their features."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from ...registry import MODELS


@MODELS.register_module()
class PartNeck(BaseModule):
    """Keypoint attention over a small feature pyramid.

    Average pooling loses the positions of body parts. Here every keypoint has
    an attention map; its expectation is a 2D keypoint (integral regression,
    Sun et al., ECCV 2018), and the mean of the features weighted by it is the
    feature of the part (PARE, Kocabas et al., ICCV 2021). Both, the maximum
    of the map as confidence, and the pooled features are the input of a small
    MLP before the head. Maps are supervised by 2D keypoints only, so detected
    keypoints can supervise them.

    Args:
        finder: Config of the module that predicts the maps' logits, such as
            :class:`~semtta_mm.models.necks.KeypointFPN`.
        in_channels: Channels of the backbone's maps, fine to coarse, each
            half the size of the one before. ``finder`` gets all of them,
            the features are of all but the finest.
        keypoints: Number of keypoints K.
        channels: Width of the pyramid.
        part_channels: Number of features of each part.
        out_channels: Length D of the result: ``feat_dim`` of the head.
        init_cfg: mmengine's initialisation config.
    """

    def __init__(
        self,
        finder: dict,
        in_channels: Sequence[int] = (24, 32, 64, 1280),
        keypoints: int = 23,
        channels: int = 128,
        part_channels: int = 32,
        out_channels: int = 1024,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.finder = MODELS.build(
            finder | {'in_channels': in_channels, 'keypoints': keypoints}
        )
        # Logits trained with a sigmoid give a softmax that is too flat.
        self.sharpness = nn.Parameter(torch.tensor(2.0))
        self.lateral = nn.ModuleList(
            nn.Conv2d(width, channels, 1) for width in in_channels[1:]
        )
        self.fuse = nn.ModuleList(_block(channels) for _ in in_channels[1:])
        self.part = nn.Linear(channels, part_channels)
        mixed = in_channels[-1] + keypoints * (3 + part_channels)
        self.mix = nn.Sequential(
            nn.Linear(mixed, out_channels),
            nn.LayerNorm(out_channels),
            nn.GELU(),
            nn.Linear(out_channels, out_channels),
            nn.GELU(),
        )

    def forward(self, maps: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Locate body parts and pool their features.

        Args:
            maps: Feature maps of the backbone ``[B, C_i, h_i, w_i]``, fine to
                coarse.

        Returns:
            Features ``[B, D, 1, 1]``, keypoints ``[B, K, 2]``, from 0 to 1
            across the crop, and the logits of their maps ``[B, K, h, w]``.

        Raises:
            ValueError: If there are more or fewer maps than ``in_channels``.
        """
        parts, points, logits = self.extract_features(maps)
        with torch.autocast(parts.device.type, enabled=False):
            features = self.mix(parts)
        return features[:, :, None, None], points, logits

    def extract_features(
        self, maps: Sequence[Tensor]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Input of the MLP.

        Args:
            maps: See :meth:`forward`.

        Returns:
            ``[B, C + 35 K]`` by default: pooled features, keypoints about
            the crop's centre, their confidence, part features; float32.
            Then keypoints and logits as in :meth:`forward`.

        Raises:
            ValueError: See :meth:`forward`.
        """
        if len(maps) != len(self.lateral) + 1:
            raise ValueError(
                f'PartNeck: expected {len(self.lateral) + 1} maps, got '
                f'{len(maps)}; set out_indices of the backbone'
            )
        pyramid = self._pyramid(maps[1:])
        logits = self.finder(maps).float() * self.sharpness
        # An expectation over cells needs full precision.
        with torch.autocast(pyramid.device.type, enabled=False):
            attention = logits.flatten(2).softmax(dim=-1)
            points = attention @ _centres(logits)
            confidence = attention.amax(dim=-1)
            # Sum over cells: the pyramid has half the resolution.
            coarse = 4 * avg_pool2d(attention.view_as(logits), 2)
        parts = coarse.flatten(2) @ pyramid.flatten(2).transpose(1, 2)
        parts = self.part(parts)
        pooled = maps[-1].mean((2, 3))
        centred = points.flatten(1) - 0.5
        features = [pooled, centred, confidence, parts.flatten(1)]
        joined = torch.cat([part.float() for part in features], dim=1)
        return joined, points, logits

    def _pyramid(self, maps: Sequence[Tensor]) -> Tensor:
        """Top-down sums, as large as the finest map."""
        out: Tensor | None = None
        layers = list(zip(maps, self.lateral, self.fuse, strict=True))
        for features, lateral, fuse in reversed(layers):
            here = lateral(features)
            if out is not None:
                here = here + interpolate(out, size=here.shape[-2:])
            out = fuse(here)
        assert out is not None
        return out


def _block(channels: int) -> nn.Sequential:
    """Depthwise-separable convolution, fast on a CPU."""
    return nn.Sequential(
        nn.Conv2d(channels, channels, 3, padding=1, groups=channels),
        nn.Conv2d(channels, channels, 1),
        nn.GroupNorm(8, channels),
        nn.ReLU(inplace=True),
    )


def _centres(maps: Tensor) -> Tensor:
    """Cell centres of maps ``[h * w, 2]``, (x, y) from 0 to 1."""
    height, width = maps.shape[-2:]
    y = (torch.arange(height, device=maps.device) + 0.5) / height
    x = (torch.arange(width, device=maps.device) + 0.5) / width
    grid = torch.stack(torch.meshgrid(x, y, indexing='xy'), dim=-1)
    return grid.flatten(0, 1)
