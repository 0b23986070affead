"""Output of a body model."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class BodyOutput:
    """Posed bodies, in the frame and unit of the parameters (m).

    Note:
        - batch size: B; vertices: V; keypoints of a convention: K

    Attributes:
        joints: SMPL's joints ``[B, 24, 3]``.
        keypoints: Convention to its keypoints ``[B, K, 3]``, in the order of
            ``semtta_mm.conventions.CONVENTIONS``.
        vertices: ``[B, V, 3]``, or None if not requested.
    """

    joints: Tensor
    keypoints: dict[str, Tensor]
    vertices: Tensor | None = None
