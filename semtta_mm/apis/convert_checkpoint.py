"""Public checkpoints to safetensors of ours.

Nothing needs it, every ``weights=`` of a config reads the original file; but
the converted file is smaller, holds nothing but the network, and loads fast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import save
from torch import nn

from ..checkpoints.layouts import LayoutResult
from ..checkpoints.shipped import SUFFIX
from ..checkpoints.state_dict import contiguous_copies
from ..checkpoints.weights import find_layout, load_content, read_content
from ..registry import MODELS
from ..utils import InputError
from ..utils.files import write_atomically
from .config import read_config

_START_WEIGHTS = ('weights', 'backbone_weights', 'init_cfg')
"""Entries of a network's config that would read other files."""


@dataclass(frozen=True)
class Conversion:
    """Result of a conversion.

    Attributes:
        layout: Name of the layout; empty if the names were ours.
        tensors: Number of tensors written.
        parameters: Numbers in them.
        found: How the layout mapped the file.
    """

    layout: str
    tensors: int
    parameters: int
    found: LayoutResult


def find_part(cfg: Mapping[str, Any], part: str) -> Mapping[str, Any] | None:
    """Config of a network, at any depth of a config.

    Args:
        cfg: The config or a part of it.
        part: Key such as ``'denoiser'``.

    Returns:
        The first entry of that key that has a ``type``, the outermost first;
        None if there is none.
    """
    found = cfg.get(part)
    if isinstance(found, Mapping) and 'type' in found:
        return found
    for value in cfg.values():
        for inner in value if isinstance(value, list | tuple) else (value,):
            if isinstance(inner, Mapping) and (
                found := find_part(inner, part)
            ):
                return found
    return None


def build_part(
    config: Path, part: str, changes: Mapping[str, Any] | None
) -> nn.Module:
    """The network of a config, without its weights.

    Raises:
        InputError: If the config is missing or has none.
    """
    found = find_part(read_config(config, changes), part)
    if found is None:
        fix = 'name a config that has it, or another --part'
        raise InputError(config, part, 'is absent', fix)
    without = {key: None for key in _START_WEIGHTS if key in found}
    model: nn.Module = MODELS.build(dict(found) | without)
    return model


def convert_checkpoint(
    source: Path, target: Path, model: nn.Module, force: bool = False
) -> Conversion:
    """Write the converted file.

    Args:
        source: The public checkpoint.
        target: ``.safetensors`` to write, wholly or not at all.
        model: The network; its weights become those of the file.
        force: Whether an existing ``target`` is overwritten.

    Raises:
        InputError: If ``target`` exists or has another suffix, or the file
            does not fit; see :func:`.load_weights`.
    """
    if target.suffix != SUFFIX:
        fix = f'name a file that ends with {SUFFIX}'
        raise InputError(target, 'DST', 'has another suffix', fix)
    if target.exists() and not force:
        fix = 'name another file, or add --force'
        raise InputError(target, 'DST', 'exists', fix)
    content = read_content(source)
    layout = find_layout(model, content)
    found = load_content(model, content, source, layout)
    state = contiguous_copies(model.state_dict())
    write_atomically(target, lambda draft: draft.write_bytes(save(state)))
    return Conversion(
        layout='' if layout is None else layout.name,
        tensors=len(state),
        parameters=sum(value.numel() for value in state.values()),
        found=found,
    )
