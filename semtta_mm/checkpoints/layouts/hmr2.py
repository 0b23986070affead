"""HMR2.0's Lightning checkpoints (4D-Humans)."""

from __future__ import annotations

from .layout import CheckpointLayout

_NEIGHBOURS = ('discriminator.', 'smpl.', 'smpl_parameter_loss.')
"""Parts of the training module beside the network."""

_STATE = ('initialized',)
"""A flag of the training module; it holds no weights."""


def hmr2_layouts() -> tuple[CheckpointLayout, ...]:
    """``epoch=35-step=1000000.ckpt``: ``backbone.*`` and ``smpl_head.*``."""
    return (
        CheckpointLayout(
            'hmr2',
            marks=(
                'backbone.pos_embed',
                'backbone.patch_embed.proj.weight',
                'smpl_head.decpose.weight',
                'smpl_head.init_body_pose',
            ),
            wrappers=(('state_dict',), ()),
            prefixes=('module.', ''),
            rename=_rename,
            foreign=_NEIGHBOURS,
        ),
    )


def _rename(name: str) -> str | None:
    if name in _STATE:
        return None
    part, _, rest = name.partition('.')
    if part == 'smpl_head':
        return f'head.{rest}'
    if part == 'backbone':
        return name
    raise KeyError(name)
