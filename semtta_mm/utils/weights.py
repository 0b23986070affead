"""Weights that ship with the toolbox, and loading any weights strictly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ..compat.checkpoints import load_mm_state_dict
from .errors import InputError

WEIGHTS = Path(__file__).parents[1] / 'assets' / 'weights'
"""Folder of ``NAME.safetensors`` and ``manifest.json``."""

SUFFIX = '.safetensors'
_LISTED = 4
"""Names of wrong entries that an error message spells out."""


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
    return load_mm_state_dict(path)


def load_weights(
    model: nn.Module,
    source: str | PathLike[str],
    prefix: str = '',
    folder: Path = WEIGHTS,
) -> None:
    """Fill a model, wholly or not at all.

    Args:
        model: The built model; half-precision weights become its own type.
        source: See :func:`read_weights`.
        prefix: Take entries of this name only, and leave it away, such as
            ``'denoiser.'`` of a trainer's checkpoint.
        folder: Of the shipped weights.

    Raises:
        InputError: If an entry is missing, unexpected, of another shape or
            not finite; the message lists them.
    """
    given = without_prefix(read_weights(source, folder), prefix)
    own = model.state_dict()
    wrong = {
        'lacks': sorted(own.keys() - given.keys()),
        'has unexpected': sorted(given.keys() - own.keys()),
        'has other shapes for': [
            f'{name} {list(given[name].shape)} not {list(value.shape)}'
            for name, value in own.items()
            if name in given and given[name].shape != value.shape
        ],
        'is not finite in': not_finite(given),
    }
    problems = [f'{k} {_some(v)}' for k, v in wrong.items() if v]
    if problems:
        fix = f'give weights of this {type(model).__name__}'
        if not prefix:
            fix += ', or name their prefix'
        raise InputError(source, 'weights', '; '.join(problems), fix)
    model.load_state_dict(given)


def without_prefix(
    state: Mapping[str, Tensor], prefix: str
) -> dict[str, Tensor]:
    """Entries that start with the prefix, named without it."""
    return {
        name.removeprefix(prefix): value
        for name, value in state.items()
        if name.startswith(prefix)
    }


def not_finite(state: Mapping[str, Tensor]) -> list[str]:
    """Names of tensors that hold NaN or infinity."""
    return [
        name
        for name, value in state.items()
        if value.is_floating_point() and not torch.isfinite(value).all()
    ]


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


def _some(names: list[str]) -> str:
    more = len(names) - _LISTED
    return ', '.join(names[:_LISTED]) + (f' and {more} more' * (more > 0))
