"""Actions that an independent classifier recognises in adapted motions.

The classifier only evaluates: it is in no loss, gate or selection. See
:class:`~semtta_mm.models.classifiers.ActionClassifier`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ..checkpoints.shipped import shipped_weights
from ..evaluation.functional.ranks import right_rank
from ..geometry.resampling import MOTION_RATE, frame_positions
from ..models.classifiers import ActionClassifier
from ..models.motion_text.labels import normalise
from ..models.motion_text.posed_joints import sample_points
from .unobserved_errors import Values

WEIGHTS = 'action_classifier_open'
STRIDE = 15
"""Frames at 30 fps from one window to the next."""


def open_classifier() -> ActionClassifier | None:
    """The classifier that ships, in eval mode; None without its weights."""
    if WEIGHTS not in shipped_weights():
        return None
    return ActionClassifier(weights=WEIGHTS).eval()


def action_scores(
    classifier: ActionClassifier,
    joints: Tensor,
    truth: Tensor,
    rate: float,
    label: str,
) -> Values:
    """Shares of a track's windows in which its action is recognised.

    Args:
        classifier: In eval mode.
        joints: Predicted, ``smpl_24`` ``[T, 24, 3]``, m.
        truth: The same, true.
        rate: Frames per second.
        label: The true action.

    Returns:
        ``action_r1`` and ``action_r3``, the shares of windows where the
        label is first and among the first three, and the same of the truth,
        ``action_r1_true`` and ``action_r3_true``; None for a label that the
        classifier does not know.
    """
    label = normalise(label)
    out: Values = {}
    for name, motion in (('', joints), ('_true', truth)):
        ranks = None
        if label in classifier.labels:
            ranks = _ranks(classifier, motion, rate, label)
        for k in (1, 3):
            share = None if ranks is None else (ranks < k).float().mean()
            out[f'action_r{k}{name}'] = None if share is None else float(share)
    return out


def _ranks(
    classifier: ActionClassifier, motion: Tensor, rate: float, label: str
) -> Tensor:
    """Rank of the label in each window, from 0 ``[N]``."""
    windows = windows_of(motion, rate, classifier.frames)
    with torch.no_grad():
        logits = classifier(windows)
    row = torch.full((len(windows),), classifier.labels.index(label))
    return right_rank(logits, row)


def windows_of(motion: Tensor, rate: float, frames: int) -> Tensor:
    """Windows at 30 fps, the last one at the end.

    Args:
        motion: Joints ``[T, 24, 3]``.
        rate: Frames per second.
        frames: Longest window N; a shorter motion is one window.

    Returns:
        ``[B, N, 24, 3]``.
    """
    at = frame_positions(len(motion), rate, MOTION_RATE)
    motion = sample_points(motion[None].float(), at)[0]
    last = max(len(motion) - frames, 0)
    starts = sorted({*range(0, last + 1, STRIDE), last})
    return torch.stack([motion[i : i + frames] for i in starts])
