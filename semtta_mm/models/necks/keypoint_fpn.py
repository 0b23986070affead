"""Keypoint heatmaps: CenterNet's small feature pyramid, as in MoveNet."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn.functional import interpolate

from ...checkpoints.movenet import LIGHTNING, fetch_movenet, is_movenet
from ...checkpoints.weights import weights_exist
from ...registry import MODELS
from ...utils.required_files import RequiredFile

# Keypoint of COCO's 17 whose weights initialise each heatmap: toes and heels
# of ``coco_23`` use those of the ankles.
_PARENTS = (*range(17), 15, 15, 15, 16, 16, 16)


class KeypointPyramid(BaseModule):
    """Layers from feature maps of a backbone to a heatmap for each keypoint.

    Lateral convolutions, top-down sums, a depthwise-separable convolution at
    every level but the coarsest, one more before the heatmaps: 25 k
    parameters. With MoveNet's weights it detects keypoints in photographs
    without further training; toes and heels are then at the ankles.

    Args:
        in_channels: Channels of the backbone's maps, fine to coarse, each
            half the size of the one before.
        keypoints: Number of keypoints K.
        widths: Channels of the pyramid's levels.
        refined: Channels before the heatmaps.
        weights: ``'movenet/lightning'`` (for a training) or
            ``'movenet/thunder'``, or None.
        init_cfg: mmengine's initialisation config.
    """

    required_files = (
        RequiredFile(
            'weights',
            'weights of the keypoint finder',
            'movenet/lightning is fetched',
            weights_exist,
        ),
    )

    def __init__(
        self,
        in_channels: Sequence[int] = (24, 32, 64, 1280),
        keypoints: int = 23,
        widths: Sequence[int] = (24, 32, 64, 64),
        refined: int = 96,
        weights: str | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.lateral = nn.ModuleList(
            nn.Conv2d(channels, width, 1)
            for channels, width in zip(in_channels, widths, strict=True)
        )
        finer = (widths[0], *widths[:-2])
        self.fuse = nn.ModuleList(
            separable(width, out)
            for width, out in zip(widths[:-1], finer, strict=True)
        )
        self.refine = separable(widths[0], refined)
        self.maps = nn.Conv2d(refined, keypoints, 1)
        if weights is not None:
            self._start_from(weights, keypoints)

    def _start_from(self, weights: str, keypoints: int) -> None:
        if not is_movenet(weights) or keypoints > len(_PARENTS):
            raise ValueError(
                f'weights: only those of MoveNet such as {LIGHTNING!r} are '
                f'supported, for at most {len(_PARENTS)} keypoints (coco_23)'
            )
        state = fetch_movenet('neck', weights)
        for name in ('maps.weight', 'maps.bias'):
            state[name] = state[name][list(_PARENTS[:keypoints])]
        self.load_state_dict(state)
        # Otherwise the Runner's init_weights() would overwrite them.
        self.is_init = True

    def pyramid(self, maps: Sequence[Tensor]) -> Tensor:
        """Finest level of the pyramid.

        Args:
            maps: Feature maps of the backbone ``[B, C_i, h_i, w_i]``, fine to
                coarse.

        Returns:
            ``[B, widths[0], h, w]``, as large as the finest map.

        Raises:
            ValueError: If there are more or fewer maps than ``in_channels``.
        """
        if len(maps) != len(self.lateral):
            name, wanted = type(self).__name__, len(self.lateral)
            raise ValueError(
                f'{name}: expected {wanted} maps, got {len(maps)}; set '
                'out_indices of the backbone'
            )
        out = self.lateral[-1](maps[-1])
        for level in reversed(range(len(self.fuse))):
            here = self.lateral[level](maps[level])
            grown = interpolate(out, size=here.shape[-2:], mode='bilinear')
            out = self.fuse[level](here + grown).relu()
        return out

    def find(self, pyramid: Tensor) -> Tensor:
        """Logits ``[B, K, h, w]`` from the finest level of the pyramid."""
        refined = self.refine(pyramid).relu()
        # A softmax over cells follows, which needs full precision.
        with torch.autocast(refined.device.type, enabled=False):
            return self.maps(refined.float())


@MODELS.register_module()
class KeypointFPN(KeypointPyramid):
    """Feature maps of a backbone to one heatmap of logits per keypoint.

    See :class:`KeypointPyramid` for the arguments.
    """

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Predict heatmaps.

        Args:
            maps: Feature maps of the backbone ``[B, C_i, h_i, w_i]``, fine to
                coarse.

        Returns:
            Logits ``[B, K, h, w]``, as large as the finest map.

        Raises:
            ValueError: If there are more or fewer maps than ``in_channels``.
        """
        return self.find(self.pyramid(maps))


def separable(channels: int, out_channels: int) -> nn.Sequential:
    """Depthwise-separable convolution, fast on a CPU."""
    return nn.Sequential(
        nn.Conv2d(
            channels, channels, 3, padding=1, groups=channels, bias=False
        ),
        nn.Conv2d(channels, out_channels, 1),
    )
