"""MotionPatches' checkpoints (``best_model.pt``), as two networks."""

from __future__ import annotations

from .layout import CheckpointLayout

_MARKS = (
    'motion_encoder.model.patch_embed.proj.weight',
    'motion_projection.projection.weight',
)
_PREFIXES = ('module.', '')


def _motion(name: str) -> str:
    """Keep names of the motion encoder and its projection."""
    if name.startswith(('motion_encoder.model.', 'motion_projection.')):
        return name
    raise KeyError(name)


def _text(name: str) -> str:
    if name.startswith(('text_encoder.text_model.', 'text_projection.')):
        return name
    raise KeyError(name)


MOTION_PATCHES = CheckpointLayout(
    'motion_patches',
    marks=_MARKS,
    prefixes=_PREFIXES,
    rename=_motion,
    foreign=('text_encoder.', 'text_projection.', 'logit_scale'),
)
MOTION_PATCHES_TEXT = CheckpointLayout(
    'motion_patches_text',
    marks=(*_MARKS, 'text_projection.projection.weight'),
    prefixes=_PREFIXES,
    rename=_text,
    foreign=('motion_encoder.', 'motion_projection.', 'logit_scale'),
)
