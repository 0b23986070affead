"""TensorFlow's padding and fused frozen norms for mmcv's convolutions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, pad


class SameConv2d(nn.Conv2d):
    """A 3 x 3 convolution of stride 2 that pads as TensorFlow's ``SAME``.

    For an even size that reads cells 0, 1, 2 | 2, 3, 4 ..., where torch's
    ``padding=1`` reads -1, 0, 1 | 1, 2, 3 ... Without gradients, a row and a
    column of zeros before the kernel have the same effect: padding the input
    costs four times the convolution on a CPU. With gradients the input is
    padded, because the backward pass of a 4 x 4 kernel is slow.
    """

    def _conv_forward(
        self, input: Tensor, weight: Tensor, bias: Tensor | None
    ) -> Tensor:
        if weight.requires_grad and torch.is_grad_enabled():
            padded = pad(input, (0, 1, 0, 1))
            return conv2d(padded, weight, bias, 2, groups=self.groups)
        return super()._conv_forward(input, pad(weight, (1, 0, 1, 0)), bias)


def use_same_padding(module: nn.Module) -> None:
    """Give every strided 3 x 3 convolution TensorFlow's padding, in place.

    Weights trained with one padding give shifted keypoints with the other
    (MoveNet at 192 px: a constant 0.14 of the crop). State-dict keys and
    shapes do not change.

    Args:
        module: A network of mmcv's ``ConvModule``, for even sizes.
    """
    for part in _blocks(module):
        old = part.conv
        if old.stride != (2, 2) or old.kernel_size != (3, 3):
            continue
        new = SameConv2d(
            old.in_channels,
            old.out_channels,
            3,
            stride=2,
            padding=1,
            groups=old.groups,
            bias=old.bias is not None,
        )
        new.load_state_dict(old.state_dict())
        new.weight.requires_grad_(old.weight.requires_grad)
        part.conv = new


def fuse_frozen_norms(module: nn.Module) -> None:
    """Fuse BatchNorms in eval mode into their convolutions, in place.

    mmcv's Tune-Mode ConvBN (You et al., 2023): the same function and the
    same gradients, without a separate pass over the features. Norms in train
    mode are not fused.

    Args:
        module: A network; only its ``ConvModule`` blocks change.
    """
    for part in _blocks(module):
        part.turn_on_efficient_conv_bn_eval()


def _blocks(module: nn.Module) -> Iterator[Any]:
    from mmcv.cnn import ConvModule

    return (part for part in module.modules() if isinstance(part, ConvModule))
