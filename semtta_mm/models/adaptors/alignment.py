"""Predicted windows in the space of motions and texts (Eq. 3)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ...geometry.resampling import (
    MOTION_RATE,
    frame_positions,
    sample_rotations,
)
from ..motion_text import MotionDictionary, cosine
from .session import Session


def with_root(pose: Tensor, root: Tensor) -> Tensor:
    """Replace the global rotation by the exemplar's (Sec. 4.1).

    The alignment loss pulls local rotations only. The orientation of the
    body towards the camera is left to the image evidence.

    Args:
        pose: Rotation matrices ``[B, T, 24, 3, 3]``.
        root: The exemplars' global rotations ``[B, T, 3, 3]``.

    Returns:
        ``[B, T, 24, 3, 3]``; no gradient flows into joint 0.
    """
    return torch.cat([root[:, :, None].to(pose), pose[:, :, 1:]], dim=2)


def motion_text_similarity(motion: Tensor, text: Tensor) -> Tensor:
    """Cosine of embeddings ``[B, D]`` (Eq. 3), ``[B]``."""
    return torch.cosine_similarity(motion, text, dim=-1)


def motion_embedding(
    motion_text: nn.Module,
    dictionary: MotionDictionary,
    pose: Tensor,
    valid: Tensor,
    label: Tensor,
    rate: float,
) -> Tensor:
    """Embed predicted windows.

    The global rotation is replaced by that of the label's exemplar, and the
    window resampled to the model's rate, both differentiably.

    Args:
        motion_text: The frozen model.
        dictionary: Embeddings and exemplars.
        pose: Rotation matrices ``[B, T, 24, 3, 3]``; only local rotations
            are used.
        valid: Frames that exist ``[B, T]``, bool; the first ones.
        label: Row of the dictionary ``[B]``; -1 is taken as row 0.
        rate: Frames per second of ``pose``.

    Returns:
        ``[B, D]``.
    """
    if rate != MOTION_RATE:
        at = frame_positions(pose.shape[1], rate, MOTION_RATE)
        pose = sample_rotations(pose, at.to(pose.device))
        valid = valid[:, at.ceil().long().to(valid.device)]
    row = label.clamp(min=0).cpu()
    frames = pose.shape[1]
    root = dictionary.root[row, :frames].to(pose)
    moved = with_root(pose, root)
    extra: tuple[Tensor, ...] = ()
    if getattr(motion_text, 'takes_translation', False):
        extra = (dictionary.translation[row, :frames],)
    embedding: Tensor = motion_text(moved, valid, *extra)
    return embedding


def text_similarity(
    motion_text: nn.Module,
    dictionary: MotionDictionary,
    pose: Tensor,
    valid: Tensor,
    label: Tensor,
    rate: float,
) -> Tensor:
    """Cosine of predicted windows with the texts of their labels (Eq. 3).

    See :func:`motion_embedding` for the arguments.

    Returns:
        ``[B]``.
    """
    motion = motion_embedding(
        motion_text, dictionary, pose, valid, label, rate
    )
    text = dictionary.embedding[label.clamp(min=0).cpu()].to(motion)
    return motion_text_similarity(motion, text)


def text_cosines(
    motion_text: nn.Module,
    dictionary: MotionDictionary,
    pose: Tensor,
    valid: Tensor,
    label: Tensor,
    rate: float,
) -> Tensor:
    """Cosine of predicted windows with the texts of all labels.

    See :func:`motion_embedding` for the arguments.

    Returns:
        ``[B, L]``.
    """
    motion = motion_embedding(
        motion_text, dictionary, pose, valid, label, rate
    )
    return cosine(motion, dictionary.embedding.to(motion))


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
        ``[N, L]``, on the CPU; NaN where a window has no label, because its
        root is then unknown.
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
