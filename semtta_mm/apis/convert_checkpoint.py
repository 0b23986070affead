"""A public checkpoint as safetensors of ours: ``tools/convert_checkpoint.py``.

Nothing needs it, every ``weights=`` of a config reads the original file; but
the converted file is smaller, holds nothing but the network, and loads fast.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmengine.config import DictAction
from rich.console import Console
from safetensors.torch import save
from torch import nn

from ..checkpoints.layouts import LayoutResult
from ..checkpoints.shipped import SUFFIX
from ..checkpoints.state_dict import contiguous_copies
from ..checkpoints.weights import find_layout, load_content, read_content
from ..registry import MODELS
from ..setup_env import register_all_modules
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.files import write_atomically
from .config import read_config

_START_WEIGHTS = ('weights', 'backbone_weights', 'init_cfg')
"""Entries of a network's config that would read other files."""


@dataclass(frozen=True)
class Conversion:
    """What became of a file.

    Attributes:
        layout: Name of the layout; empty if the names were ours.
        tensors: Number of tensors written.
        parameters: Numbers in them.
        found: What the layout made of the file.
    """

    layout: str
    tensors: int
    parameters: int
    found: LayoutResult


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='convert_checkpoint',
        description='Turn a public checkpoint into safetensors of ours.',
    )
    add = parser.add_argument
    add('source', type=Path, metavar='SRC', help='.pt, .pth, .ckpt …')
    add('target', type=Path, metavar='DST', help='.safetensors to write')
    add('--config', type=Path, required=True, help='has the network')
    add(
        '--part',
        default='estimator',
        help='the network: estimator (default), denoiser, motion_text …',
    )
    add('--force', action='store_true', help='overwrite DST')
    add(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='change entries of the config',
    )
    return parser


def find_part(cfg: Mapping[str, Any], part: str) -> Mapping[str, Any] | None:
    """Config of a network, wherever in a config it stands.

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
    return MODELS.build(dict(found) | without)


def convert(
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


def summary(done: Conversion) -> list[str]:
    """Lines for the user."""
    counts = f'{done.tensors} tensors, {done.parameters} numbers'
    lines = [f'layout: {done.layout or "our own names"}', f'wrote: {counts}']
    for title, names in (
        ('left out (other networks)', done.found.left_out),
        ('left out (computed anew)', done.found.dropped),
    ):
        if names:
            lines.append(f'{title}: {_grouped(names)}')
    return lines


def _grouped(names: Sequence[str]) -> str:
    """``smpl.* (12), ...``: entries by the first part of their names."""
    bare = (name.removeprefix('module.') for name in names)
    groups = Counter(name.partition('.')[0] for name in bare)
    return ', '.join(f'{key} ({count})' for key, count in groups.items())


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if the input is bad.
    """
    args = build_parser().parse_args(argv)
    register_all_modules()
    model = build_part(args.config, args.part, args.cfg_options)
    done = convert(args.source, args.target, model, args.force)
    console = Console(markup=False, highlight=False, soft_wrap=True)
    for line in (*summary(done), f'written: {args.target}'):
        console.print(line)
    return 0
