"""TensorFlow's padding for networks whose weights were learnt with it."""

from torch import nn


def use_same_padding(module: nn.Module) -> None:
    """Pad strided 3 x 3 convolutions at the end only, in place.

    For an even size TensorFlow's ``SAME`` reads cells 0, 1, 2 | 2, 3, 4 ...,
    torch's ``padding=1`` cells -1, 0, 1 | 1, 2, 3 ...: half a cell of the
    result apart, at every such layer. Weights learnt with the one find
    keypoints in the wrong place under the other (MoveNet at 192 px: a
    constant 0.14 of the crop). State-dict keys stay as they are.

    Args:
        module: A network of mmcv's ``ConvModule``.
    """
    from mmcv.cnn import ConvModule

    for part in module.modules():
        if not isinstance(part, ConvModule):
            continue
        if part.conv.stride == (2, 2) and part.conv.kernel_size == (3, 3):
            part.with_explicit_padding = True
            part.padding_layer = nn.ZeroPad2d((0, 1, 0, 1))
            part.conv.padding = (0, 0)
