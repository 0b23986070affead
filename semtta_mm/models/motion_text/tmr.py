"""TMR behind rotation matrices: another motion-text model.

Petrovich et al., "TMR: Text-to-Motion Retrieval Using Contrastive 3D Human
Motion Synthesis", ICCV 2023; names, sizes and order of steps are those of the
public code (Mathux/TMR, MIT), of which nothing is used here.
"""

from __future__ import annotations

from functools import partial
from os import PathLike
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ...checkpoints.layouts import CheckpointLayout
from ...checkpoints.layouts.tmr import TMR_MOTION
from ...checkpoints.weights import weights_exist
from ...registry import MODELS
from ...utils import InputError
from ...utils.required_files import RequiredFile
from .actor_encoder import ActorEncoder
from .frozen_encoder import JointEncoder, check_windows
from .joint_features import SIZE, joint_features
from .statistics import (
    read_feature_vector,
    read_joint_array,
    read_statistics,
)


@MODELS.register_module()
class TMR(JointEncoder):
    """Embeds motion in the space of :class:`TMRText`.

    It reads HumanML3D's features, so rotations move a body first. What
    differs from its training: the person stays in place (a track has no
    trajectory), and frames at 20 fps are blended from those at 30 fps.
    Where a bone points against its axis (an arm straight up) the features
    jump, and gradients are large.

    Args:
        weights: ``motion_encoder.pt`` of the public code, or its Lightning
            checkpoint.
        statistics: Folder with ``mean.pt`` and ``std.pt`` ``[263]``, in the
            public code ``stats/humanml3d/guoh3dfeats``.
        skeleton: ``skeleton_example_h3d.npy`` ``[22, 3]``, m, of the public
            code: the body that all motions of HumanML3D have.
        body: Config of the body whose bones move.
        dim: Dimension of the common space.
        layers: Transformer layers.
        heads: Attention heads.
        feedforward: Width inside a layer.
        frames: Longest window at 30 fps.
        z_up: Whether motions come in a world with z up (AMASS) instead of
            y up (the open dictionary).
        init_cfg: mmengine's initialisation config.

    Raises:
        InputError: If a file is missing, bad, or of another network.
    """

    required_files = (
        RequiredFile(
            'weights',
            'TMR',
            "tmr_humanml3d_guoh3dfeats of its repository's pre-trained "
            'models: last_weights/motion_encoder.pt, as it is',
            weights_exist,
        ),
        RequiredFile(
            'statistics',
            "mean and deviation of TMR's features",
            'stats/humanml3d/guoh3dfeats of its repository: mean.pt and '
            'std.pt',
        ),
        RequiredFile(
            'skeleton',
            "HumanML3D's skeleton",
            "src/guofeats/skeleton_example_h3d.npy of TMR's repository",
        ),
    )

    skeleton: Tensor
    mean: Tensor
    std: Tensor

    def __init__(
        self,
        weights: str | PathLike[str] | None,
        statistics: str | PathLike[str],
        skeleton: str | PathLike[str],
        body: dict,
        dim: int = 256,
        layers: int = 6,
        heads: int = 4,
        feedforward: int = 1024,
        frames: int = 60,
        z_up: bool = False,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(frames, dim, z_up, init_cfg)
        self.motion_encoder = ActorEncoder(
            SIZE, dim, layers, heads, feedforward, frames
        )
        mean, std = read_feature_statistics(Path(statistics))
        shape = read_skeleton(Path(skeleton))
        constants = {'skeleton': shape, 'mean': mean, 'std': std}
        self.complete(body, constants, weights)

    def checkpoint_layouts(self) -> tuple[CheckpointLayout, ...]:
        """Public checkpoints that :func:`.load_weights` reads."""
        return (TMR_MOTION,)

    def forward(self, pose: Tensor, mask: Tensor | None = None) -> Tensor:
        """Embed windows at 30 fps.

        Args:
            pose: Rotation matrices ``[B, T, 24, 3, 3]``.
            mask: ``[B, T]`` bool, True where a frame is there, the first
                ones; None means all.

        Returns:
            ``[B, D]``, not normalised.

        Raises:
            ValueError: If a shape is wrong, a window is too long, or one is
                too short to have a velocity.
        """
        mask = check_windows(pose, mask, self.frames)
        joints, there = self.joints(pose, mask)
        if there.shape[1] < 2 or not there[:, 1].all():
            raise ValueError('mask: TMR needs 3 frames at least')
        features = joint_features(joints, there, self.skeleton)
        x = (features - self.mean) / self.std
        there = there[:, 1:]
        x = x.masked_fill(~there[..., None], 0)
        return self.motion_encoder(x, there)


def read_feature_statistics(folder: Path) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of HumanML3D's features ``[263]``.

    Raises:
        InputError: If a file is missing, of another shape, or not finite.
    """
    fix = "give stats/humanml3d/guoh3dfeats of TMR's repository"
    read = partial(read_feature_vector, size=SIZE, fix=fix)
    return read_statistics(folder, ('mean.pt', 'std.pt'), read, fix)


def read_skeleton(path: Path) -> Tensor:
    """Joints of the body of HumanML3D ``[22, 3]``, m.

    Raises:
        InputError: If the file is missing, of another shape, or its bones
            have no human lengths.
    """
    fix = "give src/guofeats/skeleton_example_h3d.npy of TMR's repository"
    joints = read_joint_array(path, fix)
    # From the left hip, joint 1, to knee and ankle.
    leg = np.linalg.norm(np.diff(joints[[1, 4, 7]], axis=0), axis=-1).sum()
    if not 0.3 < leg < 1.5:
        problem = f'has legs of {leg:.2f} m'
        raise InputError(path, 'file', problem, fix)
    return torch.from_numpy(joints).float()
