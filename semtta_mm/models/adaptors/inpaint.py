"""Targets for unobserved rotations, from the observed ones and the text."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from ...datasets.segments import UNKNOWN
from ...geometry import project_to_rotation
from ...geometry.resampling import (
    MOTION_RATE,
    frame_positions,
    sample_rotations,
)
from ...structures.pose_bank import Source
from ..denoisers import TextInpainter
from .denoise import RunWindows, run_windows
from .observed_rotations import observed_rotations
from .session import Session

_STEP = 6
"""Windows start this many frames apart; each frame is in ten of them."""


@torch.no_grad()
def inpaint_targets(
    inpainter: TextInpainter,
    texts: Tensor | None,
    session: Session,
    trust: float = 0.5,
) -> None:
    """Replace the pose targets of unobserved rotations.

    Args:
        inpainter: In eval mode.
        texts: Vectors of the dictionary ``[L, D]``; None conditions on no
            text.
        session: After the denoiser's hook; its targets change. Frames in
            runs that are too short for a window keep theirs.
        trust: Share of the way from the current target, 0, to the
            inpainter's output, 1.
    """
    targets, track = session.targets, session.frames.track
    detected = session.bank.source == int(Source.DETECTED)
    observed = observed_rotations(detected, session.frames.convention)
    if observed.all():
        return
    own = session.refreshed.params.pose
    valid = targets.valid.clone()
    pose = torch.where(valid[:, None, None, None], targets.pose, own)
    runs = run_windows(
        pose, track.frame_ids, track.stride, track.rate, inpainter.frames
    )
    for run in list(runs):
        filled = _inpainted(
            inpainter, texts, session, run, observed[run.frames]
        )
        kept, old = observed[run.frames][..., None, None], pose[run.frames]
        filled = project_to_rotation(torch.lerp(old, filled, trust))
        pose[run.frames] = torch.where(kept, old, filled)
        valid[run.frames] = True
    session.targets = replace(targets, pose=pose, valid=valid)


def _inpainted(
    inpainter: TextInpainter,
    texts: Tensor | None,
    session: Session,
    run: RunWindows,
    observed: Tensor,
) -> Tensor:
    """Rotations of a run ``[T, 24, 3, 3]``, the mean over windows."""
    rate = session.frames.track.rate
    nearest = frame_positions(len(observed), rate, MOTION_RATE).round().long()
    labels = session.labels.index[run.frames][nearest]
    chosen = torch.arange(0, len(run.index), _STEP)
    last = torch.tensor([len(run.index) - 1])
    chosen = torch.cat((chosen, last)).unique()
    index, there = run.index[chosen], ~run.hidden[chosen]
    label = labels[index].mode(dim=1).values
    kind = next(inpainter.parameters())
    row = label.clamp(min=0)
    text = (
        inpainter.no_text.expand(len(row), -1) if texts is None else texts[row]
    )
    known = (label != UNKNOWN) & (texts is not None)
    out = inpainter(
        run.pose[index].to(kind),
        observed[nearest][index].to(kind.device),
        there.to(kind.device),
        text.to(kind),
        known.to(kind.device),
    ).to(run.pose)
    total = torch.zeros_like(run.pose)
    total.index_add_(0, index[there], out[there])
    # The sum and the mean have the same nearest rotation.
    return sample_rotations(project_to_rotation(total), run.at)
