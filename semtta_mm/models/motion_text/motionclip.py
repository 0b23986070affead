"""MotionCLIP with rotation matrices as input."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Literal, get_args

from torch import Tensor, nn

from ...checkpoints.layouts import CheckpointLayout
from ...checkpoints.layouts.motionclip import MOTIONCLIP_LAYOUTS
from ...checkpoints.weights import load_weights, weights_exist
from ...conventions import NUM_JOINTS
from ...geometry import matrix_to_rot6d
from ...registry import MODELS
from ...utils.required_files import RequiredFile
from .encoder import MotionEncoder
from .frozen_encoder import FrozenEncoder, check_windows
from .official_options import check_options

Row25 = Literal['zeros', 'exemplar']


@MODELS.register_module()
class MotionCLIP(FrozenEncoder):
    """Embeds motion in the space of a text encoder.

    The paper's Eq. 3 compares this embedding with that of a text by cosine;
    see :func:`cosine`. Gradients reach the motion. The defaults are the
    official size: 16,900,608 parameters, without the optional projection.

    Args:
        width: Width of tokens; with ``text_dim=None`` that of the embedding.
        layers: Transformer layers.
        heads: Attention heads.
        feedforward: Width inside a layer.
        frames: Longest window, frames; the paper's 60.
        positions: Length of the stored table of positions; None stores as
            many as ``frames`` needs, official files have 5000.
        dropout: Rate of dropout while training.
        translation: Whether a frame has the 25th row of the released
            weights, which in the official code is the position of the right
            ankle under a fixed root. It changes the embedding little.
        row_25: Source of this row: ``'zeros'``, or ``'exemplar'``, as for
            the global rotation; the paper does not specify it.
        text_dim: Dimension of the text encoder; if it is not ``width``, a
            linear layer without bias is added.
        frozen: Always in eval mode, and no gradient for any parameter. Only
            the trainer disables this.
        weights: Weights to start from, see :meth:`load`.
        init_cfg: mmengine's initialisation config.
    """

    required_files = (
        RequiredFile(
            'weights',
            'MotionCLIP',
            "its repository's released checkpoint_0100.pth.tar, unchanged; "
            'motion_text_open ships',
            weights_exist,
        ),
    )

    def __init__(
        self,
        width: int = 512,
        layers: int = 8,
        heads: int = 4,
        feedforward: int = 1024,
        frames: int = 60,
        positions: int | None = 5000,
        dropout: float = 0.1,
        translation: bool = True,
        row_25: Row25 = 'zeros',
        text_dim: int | None = None,
        frozen: bool = True,
        weights: str | PathLike[str] | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(frames, frozen, init_cfg)
        self._options = {
            'latent_dim': width,
            'num_layers': layers,
            'num_frames': frames,
            'translation': translation,
        }
        self.rows = NUM_JOINTS + int(translation)
        if row_25 not in get_args(Row25):
            raise ValueError(f"row_25: 'zeros' or 'exemplar', got {row_25!r}")
        self.takes_translation = translation and row_25 == 'exemplar'
        self.encoder = MotionEncoder(
            self.rows,
            width,
            layers,
            heads,
            feedforward,
            positions or frames + 2,
            dropout,
        )
        projects = text_dim is not None and text_dim != width
        self.dim = text_dim if projects and text_dim else width
        self.projection = (
            nn.Linear(width, self.dim, bias=False) if projects else None
        )
        if weights is not None:
            self.load(weights)
        self.freeze()

    def forward(
        self,
        pose: Tensor,
        mask: Tensor | None = None,
        translation: Tensor | None = None,
    ) -> Tensor:
        """Embed windows at 30 fps.

        Args:
            pose: Rotation matrices ``[B, T, 24, 3, 3]``, the root first, in
                a world with y up (the open weights) or z up (official ones).
            mask: Valid frames ``[B, T]``, bool; None means all. Values of
                invalid frames are ignored.
            translation: The 25th row ``[B, T, 3]``, m; None is zeros.

        Returns:
            ``[B, D]``, not normalised.

        Raises:
            ValueError: If a shape is wrong, a window is too long, or a
                window has no frame.
        """
        mask = check_windows(pose, mask, self.frames)
        rot6d = matrix_to_rot6d(pose, 'rows')
        # NaN of an invalid frame would pass through attention as 0 * NaN.
        rot6d = rot6d.masked_fill(~mask[:, :, None, None], 0)
        padded = nn.functional.pad(rot6d, (0, 0, 0, self.rows - NUM_JOINTS))
        if translation is not None and self.rows > NUM_JOINTS:
            shift = translation.to(padded).masked_fill(~mask[..., None], 0)
            padded[:, :, NUM_JOINTS, :3] = shift
        out = self.encoder(padded.permute(0, 2, 3, 1), mask)
        return out if self.projection is None else self.projection(out)

    def load(self, path: str | PathLike[str]) -> None:
        """Load weights: official, of our trainer, or shipped.

        Args:
            path: ``checkpoint_0100.pth.tar`` (its decoder is not needed), a
                checkpoint of :class:`MotionTextTrainer`, or the name of
                shipped weights.

        Raises:
            InputError: If the file is bad, weights are absent, unknown, of
                another size or not finite (the message lists them), or an
                ``opt.yaml`` beside it is of another network.
        """
        check_options(Path(path), self._options)
        load_weights(self, path)

    def checkpoint_layouts(self) -> tuple[CheckpointLayout, ...]:
        """Public checkpoints that :func:`.load_weights` reads."""
        return MOTIONCLIP_LAYOUTS


def cosine(motion: Tensor, text: Tensor) -> Tensor:
    """Similarity of each motion with each text, Eq. 3.

    Args:
        motion: Embeddings ``[B, D]``.
        text: Embeddings ``[L, D]``.

    Returns:
        ``[B, L]``, in -1 to 1.
    """
    normalize = nn.functional.normalize
    return normalize(motion, dim=-1) @ normalize(text, dim=-1).T
