"""From a Runner to the adaptor that it trains."""

from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from ..models.adaptors import BaseAdaptor
from ..utils import InputError


def adaptor_of(runner: Runner) -> BaseAdaptor:
    """The adaptor that a Runner trains, out of any wrapper.

    Raises:
        InputError: If the Runner trains something else.
    """
    model = runner.model
    model = model.module if is_model_wrapper(model) else model
    if not isinstance(model, BaseAdaptor):
        raise InputError(
            'config',
            'model.type',
            f'is {type(model).__name__}, and these hooks need an adaptor',
            "write model=dict(type='semtta_mm.SemTTA', ...) or a sub-class "
            'of BaseAdaptor',
        )
    return model


def require(runner: Runner, user: object, capability: str) -> BaseAdaptor:
    """The adaptor, if its sessions have a part that a hook or loop needs.

    Args:
        runner: See :func:`adaptor_of`.
        user: The hook or loop, for the message.
        capability: One of
            :data:`~semtta_mm.models.adaptors.base.CAPABILITIES`.

    Raises:
        InputError: If the adaptor does not provide it.
    """
    model = adaptor_of(runner)
    if capability not in model.provides:
        name = type(user).__name__
        raise InputError(
            'config',
            name,
            f'needs {capability}, which {type(model).__name__} has not',
            f'leave {name} out, e.g. set its role in hooks to None',
        )
    return model
