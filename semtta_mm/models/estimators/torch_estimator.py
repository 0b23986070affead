"""Any torch module as an estimator, with a user's function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import Tensor, nn

from ...registry import MODELS, TASK_UTILS
from ...structures import MeshPrediction, SMPLParams
from ...utils import InputError
from .base import MeshEstimator

PredictBodies = Callable[[nn.Module, Tensor], Mapping[str, Tensor]]
"""Module and normalised crops ``[B, 3, S, S]`` to the fields of a body."""

_FIELDS = {
    'global_orient': (3, 3),
    'body_pose': (23, 3, 3),
    'betas': (10,),
    'camera': (3,),
}


@MODELS.register_module()
class TorchEstimator(MeshEstimator):
    """Wraps a network of any code base; nothing of it changes.

    Args:
        module: The network, or the config of a registered one.
        predict_bodies: Function ``(module, images) -> dict``, or its name in
            ``TASK_UTILS``. The dict has rotation matrices ``global_orient
            [B, 3, 3]`` and ``body_pose [B, 23, 3, 3]``, ``betas [B, 10]`` and
            ``camera [B, 3]``: weak perspective (s, tx, ty) in the crop, as
            SPIN and HMR2.0 have it.
        adapted: Names of the parts of the module that adapt, such as
            ``('head',)``; None adapts all of it.
        **kwargs: See :class:`MeshEstimator`: the size of the crop, and mean
            and deviation of its normalisation.

    Raises:
        InputError: If the function or a part is unknown.

    Example config::

        estimator = dict(
            type='TorchEstimator',
            module=dict(type='MyNetwork'),
            predict_bodies='my_bodies',
            input_size=256,
        )
    """

    def __init__(
        self,
        module: nn.Module | dict[str, Any],
        predict_bodies: PredictBodies | str,
        adapted: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.module: nn.Module = (
            module if isinstance(module, nn.Module) else MODELS.build(module)
        )
        self._predict_bodies = _function(predict_bodies)
        self.adapted = adapted
        if adapted is not None:
            self._adapt_only(adapted)

    def _adapt_only(self, names: Sequence[str]) -> None:
        known = dict(self.module.named_modules())
        self.module.requires_grad_(False)
        for name in names:
            if name not in known:
                parts = ', '.join(n for n, _ in self.module.named_children())
                fix = f'name parts of the module: {parts}'
                raise InputError('TorchEstimator', 'adapted', name, fix)
            known[name].requires_grad_(True)

    def predict(self, images: Tensor) -> MeshPrediction:
        """See :meth:`MeshEstimator.predict`.

        Raises:
            InputError: If a field of the function's result is absent or has
                another shape.
        """
        out = self._predict_bodies(self.module, images)
        found = {
            name: _field(out, name, (len(images), *shape))
            for name, shape in _FIELDS.items()
        }
        camera = found.pop('camera')
        return MeshPrediction(SMPLParams(**found), camera)


def _function(value: PredictBodies | str) -> PredictBodies:
    if callable(value):
        return value
    function: PredictBodies | None = TASK_UTILS.get(value)
    if function is None:
        fix = 'register it: @TASK_UTILS.register_module() before its def'
        problem = f'no function {value!r}'
        raise InputError('TorchEstimator', 'predict_bodies', problem, fix)
    return function


def _field(
    out: Mapping[str, Tensor], name: str, shape: tuple[int, ...]
) -> Tensor:
    where = 'result of predict_bodies'
    if name not in out:
        fix = f'return a dict with {", ".join(_FIELDS)}'
        raise InputError(where, name, 'is absent', fix)
    value = out[name]
    if tuple(value.shape) != shape:
        problem = f'has shape {list(value.shape)}'
        raise InputError(where, name, problem, f'return {list(shape)}')
    return value
