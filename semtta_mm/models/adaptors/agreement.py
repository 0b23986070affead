"""When a motion agrees with its text well enough to be believed (Eq. 6).

The paper asks for a cosine above 0.75 in the official MotionCLIP. Cosines of
another space mean something else; how many other texts fit better, or how
much better the right one fits, means the same in all.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..motion_text import MotionDictionary
from .session import Session
from .windows import motion_embedding


@dataclass(frozen=True)
class Agreement:
    """Conditions on a window; all that are given must hold.

    Attributes:
        sigma: Its cosine must be above this, strictly; the paper's 0.75
            belongs to the official MotionCLIP.
        max_rank: At most this many texts of the dictionary may fit as well,
            itself included; 1 asks for the best of all.
        min_margin: It must fit better than every other text, by more than
            this; below 0 it may even fit worse.
    """

    sigma: float | None = 0.75
    max_rank: int | None = None
    min_margin: float | None = None

    def __call__(self, cosines: Tensor, label: Tensor) -> Tensor:
        """Windows that agree ``[N]``, bool; none without a label.

        Args:
            cosines: With every text ``[N, L]``; NaN without a label.
            label: Row of the right text ``[N]``, -1 for none.
        """
        own, margin, rank = standing(cosines, label)
        fits = label >= 0
        if self.sigma is not None:
            fits = fits & (own > self.sigma)
        if self.max_rank is not None:
            fits = fits & (rank <= self.max_rank)
        if self.min_margin is not None:
            fits = fits & (margin > self.min_margin)
        return fits


def standing(cosines: Tensor, label: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """How a window's own text stands among all.

    Args:
        cosines: ``[N, L]``.
        label: Row of the right text ``[N]``; -1 is taken as row 0.

    Returns:
        Own cosine ``[N]``, how far it is above the best other one ``[N]``,
        and its rank ``[N]``, 1 for the best.
    """
    row = label.clamp(min=0)[:, None]
    own = cosines.gather(1, row)
    others = cosines.scatter(1, row, -torch.inf)
    rank = 1 + (others >= own).sum(dim=1)
    return own[:, 0], own[:, 0] - others.amax(dim=1), rank


@torch.no_grad()
def session_cosines(
    session: Session,
    motion_text: nn.Module,
    dictionary: MotionDictionary,
    pose: Tensor,
    batch_size: int = 64,
) -> Tensor:
    """Cosine of every window of a session with every text.

    Args:
        session: Of the track.
        motion_text: The frozen model.
        dictionary: Its texts.
        pose: Predicted rotation matrices of the track ``[T, 24, 3, 3]``.
        batch_size: Windows at a time.

    Returns:
        ``[N, L]``, on the CPU; NaN where a window has no label, because the
        root that goes with it is then unknown.
    """
    segments, texts = session.segments, dictionary.embedding
    out = torch.full((len(segments), len(texts)), torch.nan)
    rows = segments.labelled.nonzero()[:, 0]
    for chosen in rows.split(batch_size) if len(rows) else ():
        part = segments[chosen]
        motion = motion_embedding(
            motion_text,
            dictionary,
            pose[part.index.to(pose.device)],
            part.valid.to(pose.device),
            part.label,
            session.frames.track.rate,
        ).cpu()
        out[chosen] = torch.cosine_similarity(
            motion[:, None], texts.to(motion)[None], dim=-1
        )
    return out
