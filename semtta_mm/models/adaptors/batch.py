"""The frames of some windows of a track, gathered for one step."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ...datasets.segments import UNKNOWN
from .session import Session


@dataclass(frozen=True)
class WindowBatch:
    """The frames of some windows, each frame once.

    Overlapping windows share frames, which are predicted once;
    :meth:`spread` repeats them by window, so that losses weigh every frame
    as often as it was drawn.

    Note:
        - different frames: U; frames of all windows: M; windows: B
        - frames of a window: T

    Attributes:
        inputs: ``[U, ...]``, see :attr:`Session.inputs`.
        boxes: Square crop boxes ``[U, 4]``, px.
        keypoints: ``[U, K, 2]``, px of the original image.
        weight: ``[U, K]``, 0 where missing.
        target_pose: Rotation matrices ``[U, 24, 3, 3]``.
        target_betas: ``[U, 10]``.
        target_valid: Frames that have a target ``[U]``, bool.
        frame: Position of each frame in the track ``[U]``.
        order: Index in the U frames of each of the M ``[M]``.
        valid: Frames of the windows ``[B, T]``, bool; M of them.
        label: Row of the dictionary of each window ``[B]``, -1 for none.
        convention: Of the keypoints.
        intrinsics: ``[U, 3, 3]``, px; None for the estimator's crop camera.
            See :attr:`Session.intrinsics`.
    """

    inputs: Tensor
    boxes: Tensor
    keypoints: Tensor
    weight: Tensor
    target_pose: Tensor
    target_betas: Tensor
    target_valid: Tensor
    frame: Tensor
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
        targets, intrinsics = session.targets, session.intrinsics
        tensors = {
            'inputs': session.inputs[used],
            'boxes': frames.boxes[used],
            'keypoints': bank.keypoints[used],
            'weight': bank.weight[used],
            'target_pose': targets.pose[used],
            'target_betas': targets.betas[used],
            'target_valid': targets.valid[used],
            'frame': used,
            'order': order,
            'valid': part.valid,
            'label': part.label,
        }
        if intrinsics is not None:
            tensors['intrinsics'] = intrinsics[used]
        moved = {name: value.to(device) for name, value in tensors.items()}
        return cls(**moved, convention=frames.convention)

    @property
    def labelled(self) -> Tensor:
        """Windows with one known label ``[B]``, bool."""
        return self.label != UNKNOWN

    def spread(self, values: Tensor) -> Tensor:
        """Per-frame values ``[U, ...]``, repeated by window ``[M, ...]``."""
        return values[self.order]

    def in_windows(self, pose: Tensor) -> Tensor:
        """Rotations ``[U, 24, 3, 3]`` by window ``[B, T, 24, 3, 3]``.

        Padding frames of a window are identities.
        """
        eye = torch.eye(3, dtype=pose.dtype, device=pose.device)
        out = eye.expand(*self.valid.shape, *pose.shape[1:]).clone()
        out[self.valid] = self.spread(pose)
        return out
