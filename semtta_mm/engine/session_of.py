"""From a Runner to the adaptor and its session."""

from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from ..models.adaptors import SemTTA, Session
from ..utils import InputError


def adaptor_of(runner: Runner) -> SemTTA:
    """The adaptor that a Runner trains, out of any wrapper.

    Raises:
        InputError: If the Runner trains something else.
    """
    model = runner.model
    model = model.module if is_model_wrapper(model) else model
    if not isinstance(model, SemTTA):
        raise InputError(
            'config',
            'model.type',
            f'is {type(model).__name__}, and these hooks need SemTTA',
            "write model=dict(type='semtta_mm.SemTTA', ...)",
        )
    return model


def session_of(runner: Runner) -> Session:
    """State of the track under adaptation."""
    return adaptor_of(runner).session
