"""Targets for joints that nobody saw, told from the others and the text."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from ...geometry import project_to_rotation
from ...geometry.resampling import frame_positions, sample_rotations
from ...structures.pose_bank import Source
from ..denoisers import TextInpainter
from .denoise import MOTION_RATE, RunWindows, run_windows
from .seen import seen_rotations
from .session import Session

_STEP = 6
"""Windows start this many frames apart; each frame is in ten of them."""


@torch.no_grad()
def inpaint_targets(
    inpainter: TextInpainter,
    texts: Tensor | None,
    session: Session,
    trust: float = 1.0,
) -> None:
    """Replace the pose targets of rotations that nobody saw.

    Args:
        inpainter: In eval mode.
        texts: Vectors of the dictionary ``[L, D]``; None tells no text.
        session: After the denoiser's turn; its targets change. Frames in
            stretches that are too short for a window keep theirs.
        trust: How far targets go from the motion as it is, 0, to what is
            told, 1.
    """
    assert session.prediction is not None
    targets, track = session.targets, session.frames.track
    detected = session.bank.source == int(Source.DETECTED)
    seen = seen_rotations(detected, session.frames.convention)
    if seen.all():
        return
    own = session.prediction.params.pose
    valid = targets.valid.clone()
    pose = torch.where(valid[:, None, None, None], targets.pose, own)
    runs = run_windows(
        pose, track.frame_ids, track.stride, track.rate, inpainter.frames
    )
    for run in list(runs):
        told = _completed(inpainter, texts, session, run, seen[run.frames])
        part, old = seen[run.frames][..., None, None], pose[run.frames]
        told = project_to_rotation(torch.lerp(old, told, trust))
        pose[run.frames] = torch.where(part, old, told)
        valid[run.frames] = True
    session.targets = replace(targets, pose=pose, valid=valid)


def _completed(
    inpainter: TextInpainter,
    texts: Tensor | None,
    session: Session,
    run: RunWindows,
    seen: Tensor,
) -> Tensor:
    """Rotations of a stretch ``[T, 24, 3, 3]``, the mean over windows."""
    rate = session.frames.track.rate
    nearest = frame_positions(len(seen), rate, MOTION_RATE).round().long()
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
    known = (label >= 0) & (texts is not None)
    out = inpainter(
        run.pose[index].to(kind),
        seen[nearest][index].to(kind.device),
        there.to(kind.device),
        text.to(kind),
        known.to(kind.device),
    ).to(run.pose)
    total = torch.zeros_like(run.pose)
    total.index_add_(0, index[there], out[there])
    # The nearest rotation of a mean is that of the sum.
    return sample_rotations(project_to_rotation(total), run.at)
