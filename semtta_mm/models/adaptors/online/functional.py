"""Networks under other parameters: the arithmetic of the online methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from mmengine.optim import OptimWrapper
from torch import Tensor, nn
from torch.func import functional_call

from ....structures import MeshPrediction
from ...estimators import MeshEstimator

Parameters = Mapping[str, Tensor]
"""Adapting parameters of an estimator, by name."""

RunNetwork = Callable[[Tensor], MeshPrediction]
"""From inputs of the network ``[B, ...]`` to bodies."""


class AdaptingPart(nn.Module):
    """The part of an estimator that adapts, with given parameters.

    Args:
        estimator: The network; it is shared, not copied.
        head: Whether inputs are features of the frozen trunk.
    """

    def __init__(self, estimator: MeshEstimator, head: bool) -> None:
        super().__init__()
        self.estimator, self.head = estimator, head

    def forward(self, inputs: Tensor) -> MeshPrediction:
        """Bodies of inputs ``[B, ...]``."""
        if self.head:
            return self.estimator.forward_head(inputs)
        out: MeshPrediction = self.estimator(inputs)
        return out

    def parameters_now(self) -> dict[str, Tensor]:
        """The parameters that adapt, by name."""
        return {
            name: value
            for name, value in self.named_parameters()
            if value.requires_grad
        }

    def under(self, parameters: Parameters) -> RunNetwork:
        """The network with other parameters, differentiable in them.

        Args:
            parameters: As :meth:`parameters_now` names them; others stay.
        """

        def run(inputs: Tensor) -> MeshPrediction:
            out: MeshPrediction = functional_call(
                self, dict(parameters), (inputs,)
            )
            return out

        return run


def inner_step(
    loss: Tensor, parameters: Parameters, lr: float, second_order: bool
) -> dict[str, Tensor]:
    """One step of gradient descent that later losses can look through.

    With ``second_order`` the gradient of a loss of the result includes the
    change of the step itself, ``(I - lr H) g``; without, the step counts as a
    constant, and it is ``g`` at the new parameters (first-order MAML, Finn et
    al., ICML 2017).

    Args:
        loss: Scalar of the parameters.
        parameters: Name to value.
        lr: Size of the step.
        second_order: Whether to keep the graph of the step.

    Returns:
        The new parameters; unchanged ones where the loss has no gradient.
    """
    if not loss.requires_grad:
        return dict(parameters)
    gradients = torch.autograd.grad(
        loss,
        list(parameters.values()),
        create_graph=second_order,
        allow_unused=True,
    )
    return {
        name: value if gradient is None else value - lr * gradient
        for (name, value), gradient in zip(
            parameters.items(), gradients, strict=True
        )
    }


def update_if_finite(
    total: Tensor, network: nn.Module, optim_wrapper: OptimWrapper
) -> None:
    """A step of the optimizer, unless a gradient is not finite.

    The second derivative of an axis-angle (a pose prior) is undefined at the
    identity; a network must not be lost for one frame.

    Args:
        total: Loss, a scalar with a gradient.
        network: Whose gradients are checked.
        optim_wrapper: Of its parameters.
    """
    optim_wrapper.backward(optim_wrapper.scale_loss(total))
    gradients = [p.grad for p in network.parameters()]
    if all(g is None or bool(g.isfinite().all()) for g in gradients):
        optim_wrapper.step()
    optim_wrapper.zero_grad()


@torch.no_grad()
def ema_update(
    teacher: dict[str, Tensor], student: Parameters, decay: float
) -> None:
    """``teacher = decay * teacher + (1 - decay) * student``, in place.

    Args:
        teacher: Name to value, without gradients.
        student: Name to value.
        decay: Share that the teacher keeps; BOA's is 0.1, so that the teacher
            is nearly the student.
    """
    for name, value in student.items():
        teacher[name].lerp_(value.detach(), 1 - decay)


def frozen_copy(parameters: Parameters) -> dict[str, Tensor]:
    """Copies without gradients."""
    return {name: p.detach().clone() for name, p in parameters.items()}


@contextmanager
def dropout_as_in_training(module: nn.Module, active: bool) -> Any:
    """Switch dropout layers on inside of the block.

    Args:
        module: In eval mode.
        active: False changes nothing.
    """
    layers = [m for m in module.modules() if isinstance(m, nn.Dropout)]
    for layer in layers:
        layer.train(active)
    try:
        yield
    finally:
        for layer in layers:
            layer.train(False)


def cosine_distance(first: Tensor, second: Tensor) -> Tensor:
    """``1 - cos`` of two tensors, flattened; a scalar, 0 for equal ones."""
    a, b = first.flatten().double(), second.flatten().double()
    scale = (a.norm() * b.norm()).clamp(min=1e-12)
    distance: Tensor = 1 - a.dot(b) / scale
    return distance
