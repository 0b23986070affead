"""MotionCLIP's released checkpoint; the names inside are ours too."""

from __future__ import annotations

from .layout import CheckpointLayout


def _rename(name: str) -> str:
    """Names of the encoder, and of the projection that ours may have."""
    if name.startswith(('encoder.', 'projection.')):
        return name
    raise KeyError(name)


MOTIONCLIP_LAYOUTS = (
    CheckpointLayout(
        'motionclip',
        marks=('encoder.muQuery', 'encoder.skelEmbedding.weight'),
        # The released file is a plain state dict; ours have a wrapper.
        wrappers=((), ('state_dict',)),
        prefixes=('module.', 'motion_text.', ''),
        rename=_rename,
        foreign=('decoder.', 'clip_model.'),
    ),
)
"""``checkpoint_0100.pth.tar`` (reference, Sec. 4.2), and checkpoints of our
``MotionTextTrainer``. Neither decoder nor CLIP embeds a motion."""
