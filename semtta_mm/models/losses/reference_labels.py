"""Reference motions of the labels of a batch's windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor

from ...utils import InputError
from ..adaptors.loss_input import LossInput, StepAdaptor
from ..reference_motions import ReferenceMotions


def check_labels_known(adaptor: StepAdaptor, loss: str) -> None:
    """Refuse a method without labels.

    Args:
        adaptor: The method.
        loss: Name of the loss that needs them.

    Raises:
        InputError: If it has no dictionary.
    """
    if adaptor.dictionary is None:
        problem = 'needs labels, and model.dictionary is None'
        fix = "set model.dictionary='open' and train_cfg.labeler"
        raise InputError('config', loss, problem, fix)


def windows_with_references(
    step: LossInput, references: ReferenceMotions
) -> Iterator[tuple[int, Sequence[Tensor]]]:
    """Windows of a batch that have a label with reference motions.

    Args:
        step: The batch.
        references: Gives motions by label.

    Yields:
        Number of the window in the batch, and its label's motions
        ``[T, 24, 3, 3]`` at 30 fps.
    """
    dictionary = step.adaptor.dictionary
    if dictionary is None:
        return
    for window, row in enumerate(step.batch.label.tolist()):
        if row < 0:
            continue
        motions = references.motions(dictionary.labels[row])
        if motions:
            yield window, motions
