"""MotionPatches behind rotation matrices: another motion-text model.

Yu et al., "Exploring Vision Transformers for 3D Human Motion-Language Models
with Motion Patches", CVPR 2024; names and sizes are those of the public code
(line/MotionPatches, CC BY-NC 4.0, of which nothing is used here) and of
timm's ``vit_base_patch16_224`` under mean pooling.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import torch
from torch import Tensor, nn

from ...checkpoints.layouts import CheckpointLayout
from ...checkpoints.layouts.motion_patches import MOTION_PATCHES
from ...checkpoints.weights import weights_exist
from ...registry import MODELS
from ...utils.required_files import RequiredFile
from .frozen_encoder import JointEncoder, check_windows
from .joint_patches import chain_matrix
from .patch_network import ROWS, PatchEncoder, ProjectionHead
from .posed_joints import stand_and_face
from .statistics import read_joint_array, read_statistics


@MODELS.register_module()
class MotionPatches(JointEncoder):
    """Embeds motion in the space of :class:`MotionPatchesText`.

    Its pictures show joints, so rotations move a body first. Two things
    differ from what it was trained on and were not evaluated here: the
    person stays in place (a track has no trajectory), and bones have the
    body's lengths, not those of HumanML3D's one skeleton.

    Args:
        weights: ``best_model.pt`` of the public code; its text part is left
            to :class:`MotionPatchesText`.
        statistics: Folder with HumanML3D's ``Mean_raw.npy`` and
            ``Std_raw.npy`` (``[22, 3]``, m), which the public code computes
            from the data.
        body: Config of the body whose bones move; the rest stays behind.
        dim: Dimension of the common space.
        width: Width of tokens.
        depth: Blocks.
        heads: Attention heads.
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
            'MotionPatches',
            "its repository's best_model.pt for HumanML3D, as it is",
            weights_exist,
        ),
        RequiredFile(
            'statistics',
            'mean and deviation of HumanML3D',
            "HumanML3D, then MotionPatches' scripts/cal_mean_var.py, which "
            'writes Mean_raw.npy and Std_raw.npy',
        ),
    )

    mean: Tensor
    std: Tensor
    columns: Tensor

    def __init__(
        self,
        weights: str | PathLike[str] | None,
        statistics: str | PathLike[str],
        body: dict,
        dim: int = 256,
        width: int = 768,
        depth: int = 12,
        heads: int = 12,
        frames: int = 60,
        z_up: bool = False,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(frames, dim, z_up, init_cfg)
        self.motion_encoder = PatchEncoder(width, depth, heads)
        self.motion_projection = ProjectionHead(width, dim)
        mean, std = read_joint_statistics(Path(statistics))
        constants = {'mean': mean, 'std': std, 'columns': chain_matrix()}
        self.complete(body, constants, weights)

    def checkpoint_layouts(self) -> tuple[CheckpointLayout, ...]:
        """Public checkpoints that :func:`.load_weights` reads."""
        return (MOTION_PATCHES,)

    def forward(self, pose: Tensor, mask: Tensor | None = None) -> Tensor:
        """Embed windows at 30 fps.

        Args:
            pose: Rotation matrices ``[B, T, 24, 3, 3]``.
            mask: ``[B, T]`` bool, True where a frame is there, the first
                ones; None means all.

        Returns:
            ``[B, D]``, not normalised.

        Raises:
            ValueError: If a shape is wrong, a window is too long, or a
                window has no frame.
        """
        mask = check_windows(pose, mask, self.frames)
        picture = self.picture(pose, mask)
        return self.motion_projection(self.motion_encoder(picture))

    def picture(self, pose: Tensor, mask: Tensor) -> Tensor:
        """Input of the network ``[B, 3, 224, 80]``; see :meth:`forward`."""
        joints, there = self.joints(pose, mask)
        joints = stand_and_face(joints, there)
        colours = self.columns.to(pose) @ ((joints - self.mean) / self.std)
        colours = colours.masked_fill(~there[..., None, None], 0)
        missing = ROWS - colours.shape[1]
        return nn.functional.pad(
            colours.permute(0, 3, 1, 2), (0, 0, 0, missing)
        )


def read_joint_statistics(folder: Path) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of HumanML3D's joints ``[22, 3]``, m.

    Raises:
        InputError: If a file is missing, of another shape, or not finite.
    """
    fix = "give HumanML3D's folder after MotionPatches' cal_mean_var.py"

    def read(path: Path) -> Tensor:
        return torch.from_numpy(read_joint_array(path, fix)).float()

    names = ('Mean_raw.npy', 'Std_raw.npy')
    return read_statistics(folder, names, read, fix)
