"""``opt.yaml`` beside MotionCLIP's weights: safe reading and comparison.

The file contains the options of the training, with YAML tags of Python
objects. No such object is built here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ...utils import InputError

NAME = 'opt.yaml'
_PYTHON = 'tag:yaml.org,2002:python/'
_TUPLE = f'{_PYTHON}tuple'

_FIXED: Mapping[str, Any] = {
    'pose_rep': 'rot6d',
    'glob': True,
    'activation': 'gelu',
}
"""Options that our encoder supports; other values are an error."""


class _Loader(yaml.SafeLoader):
    """Plain values; Python objects become None."""


def _tuple(loader: _Loader, node: yaml.SequenceNode) -> list:
    return loader.construct_sequence(node, deep=True)


def _nothing(loader: _Loader, suffix: str, node: yaml.Node) -> None:
    return None


_Loader.add_constructor(_TUPLE, _tuple)
_Loader.add_multi_constructor(_PYTHON, _nothing)


def read_options(path: Path) -> dict[str, Any]:
    """Options of the training; Python objects are None.

    Raises:
        InputError: If the file is not a YAML mapping.
    """
    fix = 'give the opt.yaml of the weights, or remove it'
    try:
        # Derived from SafeLoader: it constructs plain values only.
        content = yaml.load(path.read_text('utf-8'), Loader=_Loader)
    except (OSError, ValueError, yaml.YAMLError) as error:
        problem = f'cannot be read ({error})'
        raise InputError(path, 'file', problem, fix) from error
    if not isinstance(content, dict):
        raise InputError(path, 'file', 'is not a YAML mapping', fix)
    return content


def check_options(weights: Path, sizes: Mapping[str, Any]) -> None:
    """Compare the ``opt.yaml`` beside weights with a network.

    Does nothing if there is no such file.

    Args:
        weights: File of the weights.
        sizes: ``latent_dim``, ``num_layers``, ``num_frames`` and
            ``translation`` of the network.

    Raises:
        InputError: If the file is bad or of another network.
    """
    path = weights.parent / NAME
    if not path.is_file():
        return
    options = read_options(path)
    for name, want in {**_FIXED, **sizes}.items():
        found = options.get(name, want)
        if found != want:
            problem = f'is {found!r}, the config has {want!r}'
            fix = 'set motion_text to the sizes of the checkpoint'
            raise InputError(path, name, problem, fix)
