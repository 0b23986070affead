"""MoveNet's single-pose decoding as a head of mmpose's estimators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import torch
from mmengine.model import BaseModule
from mmengine.structures import InstanceData
from torch import Tensor, nn

from ...checkpoints.movenet import fetch_movenet
from ...checkpoints.weights import weights_exist
from ...registry import MODELS
from ...utils.required_files import RequiredFile
from ..necks.keypoint_fpn import separable

_STRIDE = 4
_SOFTENING = 1.8
"""Cells added to a distance before dividing by it, from MoveNet's graph."""


class _Branch(nn.Module):
    def __init__(self, channels: int, refined: int, out: int) -> None:
        super().__init__()
        self.refine = separable(channels, refined)
        self.maps = nn.Conv2d(refined, out, 1)

    def forward(self, pyramid: Tensor) -> Tensor:
        maps: Tensor = self.maps(self.refine(pyramid).relu())
        return maps


@MODELS.register_module()
class MoveNetHead(BaseModule):
    """Finds one person: the most central one.

    The cell of highest ``centre``, weighted by nearness to the middle of the
    image, regresses a coarse position of each keypoint. The cell of highest
    keypoint map, weighted by nearness to that position, plus its ``offset``
    is the keypoint; the value of the map is its score. It has the interface
    of mmpose's heads, for ``TopdownPoseEstimator``.

    Args:
        in_channels: Of the finest level of the pyramid.
        refined: Channels of each branch before its last convolution.
        keypoints: Number of keypoints K.
        weights: ``'movenet/lightning'`` or ``'movenet/thunder'``, fetched
            once; None leaves random weights, for a checkpoint.
        init_cfg: mmengine's initialisation config.

    Raises:
        InputError: If the weights cannot be fetched.
    """

    required_files = (
        RequiredFile(
            'weights',
            "weights of MoveNet's head",
            'movenet/lightning is fetched',
            weights_exist,
        ),
    )

    def __init__(
        self,
        in_channels: int = 24,
        refined: int = 96,
        keypoints: int = 17,
        weights: str | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.centre = _Branch(in_channels, refined, 1)
        self.regress = _Branch(in_channels, refined, 2 * keypoints)
        self.offset = _Branch(in_channels, refined, 2 * keypoints)
        if weights is not None:
            self.load_state_dict(fetch_movenet('head', weights))
            # Otherwise the Runner's init_weights() would overwrite them.
            self.is_init = True

    def forward(self, features: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """All maps.

        Args:
            features: Pyramid ``[B, C, h, w]`` and keypoint maps
                ``[B, K, h, w]``, from 0 to 1, of
                :class:`~semtta_mm.models.necks.MoveNetFPN`.

        Returns:
            Keypoint maps; centre ``[B, 1, h, w]``, from 0 to 1; regression
            and offset ``[B, 2K, h, w]``, (y, x) of each keypoint, in cells.
        """
        pyramid, maps = features
        return (
            maps,
            self.centre(pyramid).sigmoid(),
            self.regress(pyramid),
            self.offset(pyramid),
        )

    def predict(
        self,
        features: Sequence[Tensor],
        batch_data_samples: Sequence[Any],
        test_cfg: dict | None = None,
    ) -> list[InstanceData]:
        """Keypoints in pixels of the network's input, for mmpose.

        Args:
            features: See :meth:`forward`.
            batch_data_samples: Not used.
            test_cfg: ``flip_test`` is not supported.

        Returns:
            For each image ``keypoints`` ``[1, K, 2]``, px, 0 in the middle of
            the first pixel, and ``keypoint_scores`` ``[1, K]``; numpy.

        Raises:
            ValueError: If ``flip_test`` is set.
        """
        if (test_cfg or {}).get('flip_test', False):
            raise ValueError('flip_test: MoveNetHead does not support it')
        points, scores = decode_single_pose(*self.forward(features))
        points = points * _STRIDE - 0.5
        return [
            InstanceData(keypoints=p[None], keypoint_scores=s[None])
            for p, s in zip(
                points.cpu().numpy(), scores.cpu().numpy(), strict=True
            )
        ]

    def loss(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Not supported: Google published no training of MoveNet.

        Raises:
            NotImplementedError: Always, with the config to train instead.
        """
        raise NotImplementedError(
            'MoveNetHead cannot be trained; RTMCCHead on MoveNetFPN can, see '
            'configs/mmpose/rtmpose_movenet_renders-192x192.py'
        )


def decode_single_pose(
    maps: Tensor, centre: Tensor, regress: Tensor, offset: Tensor
) -> tuple[Tensor, Tensor]:
    """Keypoints of the most central person, as in MoveNet's graph.

    Args:
        maps: Of the keypoints ``[B, K, h, w]``, from 0 to 1.
        centre: ``[B, 1, h, w]``, from 0 to 1.
        regress: From a cell to each keypoint ``[B, 2K, h, w]``, (y, x), in
            cells.
        offset: Of a keypoint in its cell ``[B, 2K, h, w]``, (y, x), in cells.

    Returns:
        Keypoints ``[B, K, 2]``, (x, y), in cells from the image's corner, and
        scores ``[B, K]``.
    """
    h, w = maps.shape[-2:]
    grid = _grid(h, w, maps.device)  # [h, w, 2]
    middle = grid.new_tensor([h / 2, w / 2])
    near = (grid - middle).norm(dim=-1) + _SOFTENING
    cell = (centre[:, 0] / near).flatten(1).argmax(dim=1)  # [B]
    coarse = grid.flatten(0, 1)[cell][:, None] + _at(regress, cell[:, None])
    away = (grid - coarse[:, :, None, None]).norm(dim=-1) + _SOFTENING
    best = (maps / away).flatten(2).argmax(dim=2)  # [B, K]
    point = grid.flatten(0, 1)[best] + _at(offset, best)
    scores = maps.flatten(2).gather(2, best[..., None])[..., 0]
    return point.flip(-1), scores


def _grid(h: int, w: int, device: torch.device) -> Tensor:
    """(y, x) of each cell ``[h, w, 2]``."""
    y = torch.arange(h, dtype=torch.float32, device=device)
    x = torch.arange(w, dtype=torch.float32, device=device)
    return torch.stack(torch.meshgrid(y, x, indexing='ij'), dim=-1)


def _at(maps: Tensor, cells: Tensor) -> Tensor:
    """Pairs ``[B, K, 2]`` of maps ``[B, 2K, h, w]`` at ``[B, 1 or K]``."""
    pairs = maps.unflatten(1, (-1, 2)).flatten(3)  # [B, K, 2, h * w]
    index = cells[..., None, None].expand(*pairs.shape[:3], 1)
    return pairs.gather(3, index)[..., 0]
