"""MoveNet's feature pyramid and keypoint maps as a neck of mmpose."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from ...registry import MODELS
from .keypoint_fpn import KeypointPyramid


@MODELS.register_module()
class MoveNetFPN(KeypointPyramid):
    """:class:`KeypointPyramid` with a tuple, as heads of mmpose expect.

    Heads of mmpose read the last entry: ``RTMCCHead(in_channels=K)``
    regresses coordinates from the keypoint maps.
    :class:`~semtta_mm.models.heads.MoveNetHead` reads both.
    """

    def forward(self, maps: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Pyramid and keypoint maps.

        Args:
            maps: See :meth:`KeypointPyramid.pyramid`.

        Returns:
            The finest level of the pyramid ``[B, widths[0], h, w]`` and one
            map for each keypoint ``[B, K, h, w]``, from 0 to 1.
        """
        pyramid = self.pyramid(maps)
        return pyramid, self.find(pyramid).sigmoid()
