"""VIBE's motion discriminator in checkpoints of its trainer."""

from __future__ import annotations

from .layout import CheckpointLayout

VIBE_LAYOUTS = (
    CheckpointLayout(
        'vibe_discriminator',
        marks=(
            'gru.weight_ih_l0',
            'attention.attention.0.weight',
            'fc.weight',
        ),
        wrappers=(('disc_motion_state_dict',), ('state_dict',), ()),
        prefixes=('module.', ''),
    ),
)
"""``save_model`` in ``lib/core/trainer.py`` of mkocabas/VIBE; the generator
beside it (``gen_state_dict``) is not read."""
