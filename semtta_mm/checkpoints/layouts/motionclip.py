"""MotionCLIP's released checkpoint; our names are the same."""

from __future__ import annotations

from .layout import CheckpointLayout


def _rename(name: str) -> str:
    """Keep names of the encoder, and of our optional projection."""
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
``MotionTextTrainer``. Decoder and CLIP are not needed to embed a motion."""
