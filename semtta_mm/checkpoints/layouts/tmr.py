"""TMR's encoders: extracted files, and the Lightning checkpoint."""

from __future__ import annotations

from .layout import CheckpointLayout

_MARKS = ('projection.weight', 'tokens', 'seqTransEncoder.layers.0.norm1.bias')
_PARTS = ('motion_encoder.', 'text_encoder.', 'motion_decoder.')
_OWN = ('projection.', 'seqTransEncoder.')


def _rename(name: str) -> str | None:
    if name == 'sequence_pos_encoding.pe':
        return None  # recomputed; stored by some versions
    if name == 'tokens' or name.startswith(_OWN):
        return name
    raise KeyError(name)


def _rename_motion(name: str) -> str | None:
    found = _rename(name)
    return None if found is None else f'motion_encoder.{found}'


TMR_MOTION = CheckpointLayout(
    'tmr_motion_encoder',
    marks=_MARKS,
    wrappers=(('state_dict',), ()),
    prefixes=('motion_encoder.', ''),
    rename=_rename_motion,
    foreign=_PARTS[1:],
)
"""``last_weights/motion_encoder.pt``, or ``logs/checkpoints/last.ckpt``; see
``extract_ckpt`` in ``src/load.py`` of Mathux/TMR."""

TMR_TEXT = CheckpointLayout(
    'tmr_text_encoder',
    marks=_MARKS,
    wrappers=(('state_dict',), ()),
    prefixes=('text_encoder.', ''),
    rename=_rename,
    foreign=(_PARTS[0], _PARTS[2]),
)
"""``last_weights/text_encoder.pt``, or the same checkpoint."""
