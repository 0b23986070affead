"""Loading of weights: shipped, our own, or of a public project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from ..utils import InputError
from .layouts import CheckpointLayout, LayoutResult
from .mmengine_checkpoints import parse_mm_checkpoint
from .shipped import (
    SUFFIX,
    WEIGHTS,
    read_safetensors,
    read_shipped,
    shipped_weights,
)
from .state_dict import load_state, without_prefix
from .torch_files import read_torch_file

_FETCHED = ('imagenet/', 'movenet/')
"""Prefixes of weights that are downloaded by name."""


def weights_exist(
    source: str, config: Mapping[str, Any] | None = None
) -> bool:
    """Whether weights ship, are downloaded by name, or are a file.

    Args:
        source: See :func:`read_weights`.
        config: Not used; every check of a
            :class:`~semtta_mm.utils.required_files.RequiredFile` takes it.
    """
    if source.startswith(_FETCHED) or source in shipped_weights():
        return True
    return Path(source).expanduser().exists()


def read_weights(
    source: str | PathLike[str], folder: Path = WEIGHTS
) -> dict[str, Tensor]:
    """Read tensors.

    Args:
        source: Name of shipped weights, or a ``.safetensors`` file, or a
            checkpoint of mmengine or plain state dict of torch.
        folder: Folder of the shipped weights.

    Returns:
        Name to tensor, on the CPU.

    Raises:
        InputError: If it is neither a name nor a file, is damaged, or
            shipped weights are not the published ones.
    """
    content = read_content(source, folder)
    return parse_mm_checkpoint(content, source).state_dict


def read_content(source: str | PathLike[str], folder: Path = WEIGHTS) -> Any:
    """Content of a file, or the tensors of shipped weights.

    See :func:`read_weights` for arguments and errors.
    """
    known = shipped_weights(folder)
    name = str(source)
    if name in known:
        return read_shipped(name, folder)
    path = Path(source)
    if not path.is_file():
        names = ', '.join(known) or 'none'
        fix = f'give a file, or a name of weights that ship ({names})'
        raise InputError(name, 'weights', 'is neither a file nor a name', fix)
    if path.suffix == SUFFIX:
        return read_safetensors(path)
    return read_torch_file(path)


def load_weights(
    model: nn.Module,
    source: str | PathLike[str],
    prefix: str = '',
    folder: Path = WEIGHTS,
) -> None:
    """Load weights into a model: all of them, or none and an error.

    Args:
        model: The built model; weights are converted to its dtypes. If it
            has ``checkpoint_layouts()``, public checkpoints of these layouts
            need no conversion.
        source: See :func:`read_weights`. A checkpoint of a trainer of one
            network needs no prefix.
        prefix: Load entries with this prefix only and remove it, such as
            ``'denoiser.'`` for a checkpoint of our trainers.
        folder: Folder of the shipped weights.

    Raises:
        InputError: If an entry is missing, unexpected, of another shape or
            not finite; the message lists them.
    """
    content = read_content(source, folder)
    if not prefix:
        load_content(model, content, source, find_layout(model, content))
        return
    state = parse_mm_checkpoint(content, source).state_dict
    given = without_prefix(state, prefix)
    load_state(model, given, source, 'weights', _fix_for(model))


def load_content(
    model: nn.Module,
    content: object,
    source: str | PathLike[str],
    layout: CheckpointLayout | None,
) -> LayoutResult:
    """Load the content of a file into a model: all of it, or none.

    Args:
        model: The built model.
        content: See :func:`read_content`.
        source: The file, for messages.
        layout: Layout of the file; None if its names are the model's.

    Returns:
        The entries of the file: loaded, left out and dropped.

    Raises:
        InputError: See :func:`load_weights`.
    """
    if layout is not None:
        found = layout.extract(content, source)
        fix = f'{_fix_for(model)} (the file was read as {layout.name})'
    else:
        state = parse_mm_checkpoint(content, source).state_dict
        found = LayoutResult(_of_one_part(state, model))
        known = ', '.join(x.name for x in _layouts(model) if not x.refusal)
        fix = _fix_for(model) + (f', or of the layouts {known}' * bool(known))
        fix += ', or give their prefix'
    load_state(model, found.state, source, 'weights', fix)
    return found


def _of_one_part(
    state: dict[str, Tensor], model: nn.Module
) -> dict[str, Tensor]:
    """Without the name of the part, if all entries are of one.

    A trainer holds its network as a part, such as ``estimator``, so all
    entries of its checkpoint begin with it.
    """
    parts = {name.partition('.')[0] for name in state}
    own = {name.partition('.')[0] for name in model.state_dict()}
    if len(parts) != 1 or parts & own:
        return state
    return without_prefix(state, f'{parts.pop()}.')


def find_layout(model: nn.Module, content: object) -> CheckpointLayout | None:
    """The first of a model's layouts that the content of a file matches."""
    return next((x for x in _layouts(model) if x.matches(content)), None)


def _layouts(model: nn.Module) -> Sequence[CheckpointLayout]:
    return getattr(model, 'checkpoint_layouts', tuple)()


def _fix_for(model: nn.Module) -> str:
    name = type(model).__name__
    return f'give weights of this {name}, or weights=None to start without'
