"""Text transformers of CLIP: OpenAI's, open_clip's, transformers'."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from .layout import CheckpointLayout

_PLAIN = {'input_resolution', 'context_length', 'vocab_size', 'attn_mask'}
"""Sizes in OpenAI's archive, and open_clip's constant mask."""

_OWN = re.compile(
    r'(token_embedding|ln_final|transformer\.resblocks\.\d+)\.'
    r'|(positional_embedding|text_projection)$'
)
_LAYER = re.compile(r'text_model\.encoder\.layers\.(\d+)\.(.+)')
_PARTS = {
    'layer_norm1': 'ln_1',
    'layer_norm2': 'ln_2',
    'mlp.fc1': 'mlp.c_fc',
    'mlp.fc2': 'mlp.c_proj',
    'self_attn.out_proj': 'attn.out_proj',
    'self_attn.q_proj': 'attn.q',
    'self_attn.k_proj': 'attn.k',
    'self_attn.v_proj': 'attn.v',
}
_OUTER = {
    'text_model.embeddings.token_embedding.weight': 'token_embedding.weight',
    'text_model.embeddings.position_embedding.weight': 'positional_embedding',
    'text_model.final_layer_norm.weight': 'ln_final.weight',
    'text_model.final_layer_norm.bias': 'ln_final.bias',
    'text_projection.weight': 'text_projection',
}


def _rename(name: str) -> str | None:
    if name in _PLAIN:
        return None
    if _OWN.match(name):
        return name
    raise KeyError(name)


def _rename_transformers(name: str) -> str | None:
    if name == 'text_model.embeddings.position_ids':
        return None  # 0, 1, 2 ...; stored by older versions
    if name in _OUTER:
        return _OUTER[name]
    found = _LAYER.fullmatch(name)
    if found is None:
        raise KeyError(name)
    number, rest = found.groups()
    part, _, kind = rest.rpartition('.')
    return f'transformer.resblocks.{number}.{_PARTS[part]}.{kind}'


def _joined(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Concatenate query, key and value; transpose the projection."""
    out = dict(state)
    for name in state:
        base, found, kind = name.rpartition('.attn.q.')
        if found:
            parts = [out.pop(f'{base}.attn.{one}.{kind}') for one in 'qkv']
            out[f'{base}.attn.in_proj_{kind}'] = torch.cat(parts)
    out['text_projection'] = out['text_projection'].T.contiguous()
    return out


CLIP_TEXT_LAYOUTS = (
    CheckpointLayout(
        'clip',
        marks=(
            'token_embedding.weight',
            'positional_embedding',
            'text_projection',
        ),
        wrappers=(('state_dict',), ()),
        prefixes=('module.', ''),
        rename=_rename,
        foreign=('visual.', 'logit_scale', 'logit_bias'),
    ),
    CheckpointLayout(
        'transformers_clip',
        marks=(
            'text_model.embeddings.token_embedding.weight',
            'text_projection.weight',
        ),
        rename=_rename_transformers,
        foreign=('vision_model.', 'visual_projection.', 'logit_scale'),
        convert=_joined,
    ),
)
"""``ViT-B-32.pt`` and open_clip's files; ``CLIPModel`` and
``CLIPTextModelWithProjection``."""
