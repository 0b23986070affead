"""MDNet in CycleAdapt's checkpoints; our names are the same."""

from __future__ import annotations

from .layout import CheckpointLayout

MDNET_LAYOUTS = (
    CheckpointLayout(
        'mdnet',
        marks=('motion_fc_in.weight', 'motion_mlp.mlps.0.fc0.fc.weight'),
        # CycleAdapt's output; its input md_basemodel.pt; plain state dicts.
        wrappers=(('model_state_dict',), ('model',), ('state_dict',), ()),
        prefixes=('module.md_net.', 'md_net.', 'module.', ''),
        foreign=('hmr_net.', 'smpl_layer.'),
    ),
)
"""Reference, Sec. 2.4 and 5.1."""
