"""Training mask of a motion denoiser."""

import torch
from torch import Tensor


def hidden_frames(
    batch: int,
    frames: int = 49,
    others: int = 24,
    generator: torch.Generator | None = None,
) -> Tensor:
    """The training mask of MDNet (CycleAdapt, ICCV 2023).

    Args:
        batch: Windows B.
        frames: Length T of a window.
        others: Random frames to hide beside the middle one.
        generator: Random generator; None takes torch's default.

    Returns:
        ``[B, T]`` bool, True where a frame is hidden: the middle frame and
        ``others`` more, 25 of 49 by default.

    Raises:
        ValueError: If there are fewer other frames.
    """
    if not 0 <= others < frames:
        raise ValueError(f'others: expected 0 to {frames - 1}, got {others}')
    order = torch.rand(batch, frames, generator=generator)
    order[:, frames // 2] = -1  # always the first to be hidden
    rank = order.argsort(dim=1).argsort(dim=1)
    return rank <= others
