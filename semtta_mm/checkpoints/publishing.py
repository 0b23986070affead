"""Publishing of weights: a safetensors file and its manifest entry."""

from __future__ import annotations

import json
import pickle
import re
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from ..utils import InputError
from ..utils.files import file_sha256, write_atomically
from .shipped import SUFFIX, WEIGHTS, ShippedWeights, shipped_weights
from .state_dict import contiguous_copies, not_finite, without_prefix

HALF_FROM = 1024
"""Tensors with fewer elements keep their precision; they are small."""

_STATISTICS = ('running_mean', 'running_var', 'num_batches_tracked')
_NAME = re.compile(r'[a-z0-9_]+(/[a-z0-9_]+)*')
_FIX = 'give a checkpoint of `semtta train`'


@dataclass(frozen=True)
class Provenance:
    """Facts about a training that its checkpoint does not contain.

    Attributes:
        command: Exact command of the training.
        config: Name of the training's config.
        licence: Licence of the weights.
        trained_on: Data, with their licences.
        date: Day of publication, ``YYYY-MM-DD``.
    """

    command: str
    config: str
    licence: str
    trained_on: str
    date: str


def publish(
    checkpoint: Path,
    name: str,
    provenance: Provenance,
    prefix: str = '',
    half: bool = False,
    folder: Path = WEIGHTS,
) -> ShippedWeights:
    """Write ``NAME.safetensors`` and its entry in the manifest.

    Args:
        checkpoint: File of an mmengine Runner. With an ``EMAHook`` its
            ``state_dict`` is the running mean, which is published.
        name: Lower case, digits, ``_`` and ``/``.
        provenance: Facts that the checkpoint does not contain.
        prefix: Only entries with this prefix are kept; it is removed.
        half: Store large float tensors as float16, see :func:`halved`.
        folder: Where file and manifest are.

    Returns:
        The new entry.

    Raises:
        InputError: If the checkpoint is bad, no entry has the prefix, or
            weights are not finite, before or after halving.
    """
    _check_name(name)
    content = _read(checkpoint)
    state = _weights(checkpoint, content['state_dict'], prefix, half)
    path = folder / f'{name}{SUFFIX}'
    write_atomically(path, lambda draft: draft.write_bytes(save(state)))
    entry = ShippedWeights(
        bytes=path.stat().st_size,
        sha256=file_sha256(path),
        dtype='float16' if half else 'float32',
        parameters=sum(value.numel() for value in state.values()),
        averaged='ema_state_dict' in content,
        seed=content.get('meta', {}).get('seed'),
        **asdict(provenance),
    )
    entries = shipped_weights(folder) | {name: entry}
    rows = {key: asdict(entries[key]) for key in sorted(entries)}
    text = json.dumps(rows, indent=2) + '\n'
    manifest = folder / 'manifest.json'
    write_atomically(manifest, lambda draft: draft.write_text(text))
    return entry


def halved(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Convert large float tensors to float16.

    BatchNorm statistics, integers and small tensors are not converted.
    """
    return {
        name: value.half()
        if value.is_floating_point()
        and value.numel() >= HALF_FROM
        and not name.endswith(_STATISTICS)
        else value
        for name, value in contiguous_copies(state).items()
    }


def _weights(
    checkpoint: Path, whole: Mapping[str, Tensor], prefix: str, half: bool
) -> dict[str, Tensor]:
    """The entries of a state dict that are published."""
    state = without_prefix(whole, prefix)
    if not state:
        first = next(iter(whole), 'nothing')
        problem = f'no name starts with {prefix!r}; the first is {first!r}'
        fix = 'give another --prefix'
        raise InputError(checkpoint, 'state_dict', problem, fix)
    if bad := not_finite(state):
        fix = 'publish an earlier checkpoint'
        raise InputError(checkpoint, bad[0], 'contains NaN or infinity', fix)
    state = halved(state) if half else contiguous_copies(state)
    if bad := not_finite(state):
        problem = 'contains numbers beyond the range of float16'
        raise InputError(checkpoint, bad[0], problem, 'publish without --half')
    return state


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', _FIX)
    if not zipfile.is_zipfile(path):
        problem = 'is not a checkpoint of torch, or is damaged'
        raise InputError(path, 'file', problem, _FIX)
    try:
        content = torch.load(path, map_location='cpu', weights_only=True)
    except pickle.UnpicklingError as error:
        problem = 'contains objects beside tensors'
        fix = 'train with PlainCheckpointHook among the custom_hooks'
        raise InputError(path, 'file', problem, fix) from error
    except (RuntimeError, EOFError, OSError) as error:
        raise InputError(
            path, 'file', f'cannot be read ({error})', _FIX
        ) from error
    if not isinstance(content, dict) or 'state_dict' not in content:
        raise InputError(path, 'state_dict', 'is absent', _FIX)
    return content


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        fix = 'use lower case, digits, _ and /, e.g. mdnet_open'
        raise InputError('NAME', 'value', f'{name!r} is not a valid name', fix)
