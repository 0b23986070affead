"""Weights that ship with the toolbox, and loading any weights strictly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ..compat.checkpoints import mm_checkpoint
from ..compat.foreign import read_foreign
from ..compat.layouts import CheckpointLayout, LayoutResult
from .errors import InputError
from .fill import fill
from .fill import not_finite as not_finite

WEIGHTS = Path(__file__).parents[1] / 'assets' / 'weights'
"""Folder of ``NAME.safetensors`` and ``manifest.json``."""

SUFFIX = '.safetensors'


@dataclass(frozen=True)
class ShippedWeights:
    """What ``manifest.json`` says about one file.

    Attributes:
        bytes: Size of the file.
        sha256: Hash of the file, hexadecimal.
        dtype: ``'float32'``, or ``'float16'`` if large tensors are halved.
        parameters: Numbers in all tensors.
        averaged: Whether they are the running mean (EMA) of training.
        command: Exact command that trained them.
        config: Name of the training's config.
        seed: Seed of the training; None if it had none.
        licence: Licence of the weights.
        trained_on: Data, with their licences.
        date: Day of publication, ``YYYY-MM-DD``.
    """

    bytes: int
    sha256: str
    dtype: str
    parameters: int
    averaged: bool
    command: str
    config: str
    seed: int | None
    licence: str
    trained_on: str
    date: str


def shipped_weights(folder: Path = WEIGHTS) -> dict[str, ShippedWeights]:
    """Name to facts of all weights in a folder; empty without a manifest.

    Raises:
        InputError: If the manifest is broken.
    """
    path = folder / 'manifest.json'
    if not path.is_file():
        return {}
    try:
        rows = json.loads(path.read_text())
        return {name: ShippedWeights(**row) for name, row in rows.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(
            path, 'file', f'is no manifest ({error})', 'install it again'
        ) from error


def read_weights(
    source: str | PathLike[str], folder: Path = WEIGHTS
) -> dict[str, Tensor]:
    """Read tensors.

    Args:
        source: Name of shipped weights, or a ``.safetensors`` file, or a
            checkpoint of mmengine or plain state dict of torch.
        folder: Of the shipped weights.

    Returns:
        Name to tensor, on the CPU.

    Raises:
        InputError: If it is neither a name nor a file, is damaged, or
            shipped weights are not the published ones.
    """
    content = read_content(source, folder)
    return mm_checkpoint(content, source).state_dict


def read_content(source: str | PathLike[str], folder: Path = WEIGHTS) -> Any:
    """What a file holds, or the tensors of shipped weights.

    See :func:`read_weights` for arguments and errors.
    """
    known = shipped_weights(folder)
    name = str(source)
    if name in known:
        path = folder / f'{name}{SUFFIX}'
        _check_hash(path, known[name])
        return _read_safetensors(path)
    path = Path(source)
    if not path.is_file():
        names = ', '.join(known) or 'none'
        fix = f'name a file, or weights that ship ({names})'
        raise InputError(name, 'weights', 'is neither a file nor a name', fix)
    if path.suffix == SUFFIX:
        return _read_safetensors(path)
    return read_foreign(path)


def load_weights(
    model: nn.Module,
    source: str | PathLike[str],
    prefix: str = '',
    folder: Path = WEIGHTS,
) -> None:
    """Fill a model, wholly or not at all.

    Args:
        model: The built model; half-precision weights become its own type.
            If it has ``checkpoint_layouts()``, public checkpoints of these
            layouts are read as they are.
        source: See :func:`read_weights`.
        prefix: Take entries of this name only, and leave it away, such as
            ``'denoiser.'`` of a trainer's checkpoint of ours.
        folder: Of the shipped weights.

    Raises:
        InputError: If an entry is missing, unexpected, of another shape or
            not finite; the message lists them.
    """
    content = read_content(source, folder)
    if not prefix:
        fill_from(model, content, source, find_layout(model, content))
        return
    state = mm_checkpoint(content, source).state_dict
    given = without_prefix(state, prefix)
    fill(model, given, source, 'weights', _give(model))


def fill_from(
    model: nn.Module,
    content: object,
    source: str | PathLike[str],
    layout: CheckpointLayout | None,
) -> LayoutResult:
    """Fill a model with what a file holds, wholly or not at all.

    Args:
        model: The built model.
        content: See :func:`read_content`.
        source: The file, for messages.
        layout: How the file names entries; None: as the model does.

    Returns:
        The parts of the file.

    Raises:
        InputError: See :func:`load_weights`.
    """
    if layout is not None:
        found = layout.take_apart(content, source)
        fix = f'{_give(model)} (the file was read as {layout.name})'
    else:
        found = LayoutResult(mm_checkpoint(content, source).state_dict)
        known = ', '.join(x.name for x in _layouts(model) if not x.refusal)
        fix = _give(model) + (f', or of the layouts {known}' * bool(known))
        fix += ', or name their prefix'
    fill(model, found.state, source, 'weights', fix)
    return found


def find_layout(model: nn.Module, content: object) -> CheckpointLayout | None:
    """The first of a model's layouts that recognises what a file holds."""
    return next((x for x in _layouts(model) if x.recognises(content)), None)


def _layouts(model: nn.Module) -> Sequence[CheckpointLayout]:
    return getattr(model, 'checkpoint_layouts', tuple)()


def _give(model: nn.Module) -> str:
    return f'give weights of this {type(model).__name__}'


def without_prefix(
    state: Mapping[str, Tensor], prefix: str
) -> dict[str, Tensor]:
    """Entries that start with the prefix, named without it."""
    return {
        name.removeprefix(prefix): value
        for name, value in state.items()
        if name.startswith(prefix)
    }


def file_sha256(path: Path) -> str:
    """Hash of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _check_hash(path: Path, facts: ShippedWeights) -> None:
    fix = 'install it again, or fetch the file with git'
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', fix)
    found = file_sha256(path)
    if found != facts.sha256:
        problem = f'has sha256 {found}, the manifest {facts.sha256}'
        raise InputError(path, 'file', problem, fix)


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        fix = 'give a whole safetensors file'
        raise InputError(
            path, 'file', f'cannot be read ({error})', fix
        ) from error
