"""Parts of an adaptor, from their configs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from torch import nn

from ...checkpoints.weights import weights_exist
from ...registry import MODELS
from ...utils import InputError
from ...utils.required_files import RequiredFile, path_exists

if TYPE_CHECKING:
    from .base import BaseAdaptor


def build_losses(
    configs: Mapping[str, dict[str, Any] | None],
) -> nn.ModuleDict:
    """Losses of an adaptor.

    Args:
        configs: Name to config; None leaves the name out.

    Raises:
        InputError: If a config has no type.
    """
    losses = nn.ModuleDict()
    for name, config in configs.items():
        if config is None:
            continue
        if 'type' not in config:
            fix = f"write {name}=dict(type='...') or check the name"
            raise InputError('config', f'losses.{name}', 'has no type', fix)
        losses[name] = MODELS.build(config)
    return losses


def check_losses(adaptor: BaseAdaptor) -> None:
    """Call ``check(adaptor)`` of every loss that has one.

    Args:
        adaptor: With its losses.

    Raises:
        InputError: If a loss refuses it.
    """
    for loss in adaptor.losses.values():
        check = getattr(loss, 'check', None)
        if callable(check):
            check(adaptor)


def estimator_weights(config: Mapping[str, Any]) -> RequiredFile:
    """Pre-trained weights of the estimator of a config.

    Args:
        config: With ``estimator``; ``weights`` is beside it.
    """
    estimator = config.get('estimator')
    kind = None
    if isinstance(estimator, Mapping) and estimator.get('type'):
        kind = MODELS.get(str(estimator['type']))
    if kind is not None and hasattr(kind, 'weights_file'):
        file: RequiredFile = kind.weights_file(estimator)
        return file
    get = 'a checkpoint of this estimator'
    return RequiredFile('weights', 'weights', get, weights_exist)


def dictionary_file() -> RequiredFile:
    """The motion dictionary, as the argument ``dictionary`` of an adaptor."""
    return RequiredFile(
        'dictionary',
        'motion dictionary',
        'BABEL and AMASS, then `semtta build-dictionary --babel DIR '
        '--amass DIR --encoder clip --weights ViT-B-32.pt --out FILE`; '
        'open is in the package',
        lambda value, _: value == 'open' or path_exists(value),
    )
