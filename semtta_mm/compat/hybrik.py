"""HybrIKHead on any device.

mmhuman3d's forward pass creates its index vectors on the current CUDA device
and cannot run on a CPU. Here the same function runs with a replacement of
``torch`` in its globals; mmhuman3d's class is not changed.
"""

from types import FunctionType, SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from .temporary import stand_in


def _broadcast(tensor: Tensor, devices: object) -> list[Tensor]:
    """``torch.cuda.comm.broadcast`` without a copy."""
    del devices
    return [tensor]


def _torch_without_cuda() -> Any:
    cuda = SimpleNamespace(
        FloatTensor=torch.float32,
        comm=SimpleNamespace(broadcast=_broadcast),
    )
    return stand_in('torch', **{**vars(torch), 'cuda': cuda})


def any_device(head: type[nn.Module]) -> type[nn.Module]:
    """Sub-class of HybrIKHead that runs on the device of its input.

    Args:
        head: ``mmhuman3d.models.heads.hybrik_head.HybrIKHead``.

    Returns:
        A class with the same name, arguments and state-dict keys.
    """
    theirs = head.forward
    forward = FunctionType(
        theirs.__code__,
        {**theirs.__globals__, 'torch': _torch_without_cuda()},
        theirs.__name__,
        theirs.__defaults__,
    )

    class HybrIKHead(head):  # type: ignore[valid-type, misc]
        __doc__ = head.__doc__

        def forward(self, feature: Tensor, *args: Any, **kwargs: Any) -> dict:
            """See mmhuman3d; new tensors are created on ``feature.device``."""
            with feature.device:
                return forward(self, feature, *args, **kwargs)

    return HybrIKHead
