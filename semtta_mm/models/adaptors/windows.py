"""From windows of a track to tensors of a batch, and to their texts."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ...geometry.resampling import frame_positions, sample_rotations
from ..losses import motion_text_similarity, with_root
from ..motion_text import MotionDictionary
from .session import Session

MOTION_RATE = 30.0
"""Rate of the motion-text model, Hz."""


@dataclass(frozen=True)
class WindowBatch:
    """The frames of some windows, each frame once.

    Overlapping windows share frames, which need to be predicted once only;
    :meth:`spread` repeats them as the windows do, so that losses weigh every
    frame as often as it was drawn.

    Note:
        - different frames: U; frames of all windows: M; windows: B

    Attributes:
        inputs: ``[U, ...]``, see :attr:`Session.inputs`.
        boxes: ``[U, 4]``, px.
        keypoints: ``[U, K, 2]``, px of the original image.
        weight: ``[U, K]``.
        target_pose: ``[U, 24, 3, 3]``.
        target_betas: ``[U, 10]``.
        target_valid: ``[U]``, bool.
        order: Which of the U each of the M is ``[M]``.
        valid: Frames of the windows ``[B, T]``, bool; M of them.
        label: Row of the dictionary of each window ``[B]``, -1 for none.
        convention: Of the keypoints.
        intrinsics: ``[U, 3, 3]``, px, or None.
    """

    inputs: Tensor
    boxes: Tensor
    keypoints: Tensor
    weight: Tensor
    target_pose: Tensor
    target_betas: Tensor
    target_valid: Tensor
    order: Tensor
    valid: Tensor
    label: Tensor
    convention: str
    intrinsics: Tensor | None = None

    @classmethod
    def gather(
        cls, session: Session, windows: Tensor, device: torch.device
    ) -> WindowBatch:
        """Collect a batch.

        Args:
            session: Of the track.
            windows: Numbers of windows ``[B]``.
            device: Where the batch goes.
        """
        part = session.segments[windows.cpu()]
        used, order = part.index[part.valid].unique(return_inverse=True)
        frames, bank = session.frames, session.bank
        targets = session.targets
        tensors = {
            'inputs': session.inputs[used],
            'boxes': frames.boxes[used],
            'keypoints': bank.keypoints[used],
            'weight': bank.weight[used],
            'target_pose': targets.pose[used],
            'target_betas': targets.betas[used],
            'target_valid': targets.valid[used],
            'order': order,
            'valid': part.valid,
            'label': part.label,
        }
        moved = {name: value.to(device) for name, value in tensors.items()}
        return cls(**moved, convention=frames.convention)

    @property
    def labelled(self) -> Tensor:
        """Windows with one known label ``[B]``, bool."""
        return self.label >= 0

    def spread(self, values: Tensor) -> Tensor:
        """Per-frame values ``[U, ...]`` as windows hold them ``[M, ...]``."""
        return values[self.order]

    def in_windows(self, pose: Tensor) -> Tensor:
        """Rotations ``[U, 24, 3, 3]`` by window ``[B, T, 24, 3, 3]``.

        Where a window has no frame, identities stand.
        """
        eye = torch.eye(3, dtype=pose.dtype, device=pose.device)
        out = eye.expand(*self.valid.shape, *pose.shape[1:]).clone()
        out[self.valid] = self.spread(pose)
        return out


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


def motion_embedding(
    motion_text: nn.Module,
    dictionary: MotionDictionary,
    pose: Tensor,
    valid: Tensor,
    label: Tensor,
    rate: float,
) -> Tensor:
    """Predicted windows in the space of motions and texts.

    The global rotation is replaced by that of the label's exemplar, and the
    window resampled to the model's rate, both differentiably.

    Args:
        motion_text: The frozen model.
        dictionary: Embeddings and exemplars.
        pose: Rotation matrices ``[B, T, 24, 3, 3]``, y up or not: only
            local rotations are used.
        valid: Frames that are there ``[B, T]``, bool; the first ones.
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
    if not getattr(motion_text, 'takes_translation', False):
        return motion_text(moved, valid)
    return motion_text(moved, valid, dictionary.translation[row, :frames])
