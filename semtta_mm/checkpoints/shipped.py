"""Weights that ship with the toolbox: manifest, hashes, safetensors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from ..utils import InputError
from ..utils.files import file_sha256

WEIGHTS = Path(__file__).parents[1] / 'assets' / 'weights'
"""Folder of ``NAME.safetensors`` and ``manifest.json``."""

SUFFIX = '.safetensors'


@dataclass(frozen=True)
class ShippedWeights:
    """Entry of one file in ``manifest.json``.

    Attributes:
        bytes: Size of the file.
        sha256: Hash of the file, hexadecimal.
        dtype: ``'float32'``, or ``'float16'`` if large tensors are halved.
        parameters: Number of elements of all tensors.
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
    """Name to entry of all weights in a folder; empty without a manifest.

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
            path,
            'file',
            f'is not a manifest ({error})',
            'install semtta_mm again',
        ) from error


def read_shipped(name: str, folder: Path = WEIGHTS) -> dict[str, Tensor]:
    """Tensors of shipped weights, if the file is the published one.

    Args:
        name: A name of the manifest.
        folder: Folder of the shipped weights.

    Raises:
        InputError: If the file is missing, damaged, or of another hash.
    """
    path = folder / f'{name}{SUFFIX}'
    _check_hash(path, shipped_weights(folder)[name])
    return read_safetensors(path)


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """Tensors of a safetensors file, on the CPU.

    Raises:
        InputError: If it is damaged.
    """
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        fix = 'give a complete safetensors file'
        raise InputError(
            path, 'file', f'cannot be read ({error})', fix
        ) from error


def _check_hash(path: Path, entry: ShippedWeights) -> None:
    fix = 'install semtta_mm again, or fetch the file with git'
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', fix)
    found = file_sha256(path)
    if found != entry.sha256:
        problem = f'has sha256 {found}, the manifest has {entry.sha256}'
        raise InputError(path, 'file', problem, fix)
