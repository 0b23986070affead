"""The argument of every loss of an adaptor."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from torch import Tensor, nn

from ...structures import MeshPrediction
from ..bodies import SMPLBody
from ..estimators import MeshEstimator
from ..motion_text import MotionDictionary
from .batch import WindowBatch
from .session import Session


class StepAdaptor(Protocol):
    """What a loss may use of :class:`BaseAdaptor`."""

    body: SMPLBody
    estimator: MeshEstimator
    dictionary: MotionDictionary | None

    @property
    def motion_text(self) -> nn.Module | None:
        """The frozen motion-text model, or None."""

    def project(
        self, prediction: MeshPrediction, batch: WindowBatch
    ) -> Tensor:
        """See :meth:`BaseAdaptor.project`."""

    def similarity(
        self, motion: Tensor, valid: Tensor, label: Tensor
    ) -> Tensor:
        """See :meth:`BaseAdaptor.similarity`."""

    def cosines(self, motion: Tensor, valid: Tensor, label: Tensor) -> Tensor:
        """See :meth:`BaseAdaptor.cosines`."""


@dataclass
class LossInput:
    """One step of an adaptation, the only argument of a loss.

    A loss is a module of the config's ``losses``; ``loss(step)`` returns a
    scalar that already has its weight, and exactly 0 where it has nothing to
    compare. Derived values below are computed once, on first use.

    Note:
        - different frames of the batch: U; windows: B; frames of a window: T
        - keypoints of the evidence's convention: K

    Attributes:
        batch: Evidence, targets and windows.
        prediction: Bodies of the batch's different frames ``[U]``.
        session: State of the track.
        adaptor: The method, with body and estimator.
        log: Further log values of a loss, by a name without ``loss``; they
            are not part of the sum.
    """

    batch: WindowBatch
    prediction: MeshPrediction
    session: Session
    adaptor: StepAdaptor
    log: dict[str, Tensor] = field(default_factory=dict)

    @cached_property
    def joints2d(self) -> Tensor:
        """Projected keypoints ``[U, K, 2]``, px of the original image."""
        return self.adaptor.project(self.prediction, self.batch)

    @cached_property
    def motion(self) -> Tensor:
        """Predicted rotation matrices by window ``[B, T, 24, 3, 3]``.

        Where a window has no frame (:attr:`WindowBatch.valid`), identities.
        """
        return self.batch.in_windows(self.prediction.params.pose)

    @cached_property
    def similarity(self) -> Tensor:
        """Cosine of each window with the text of its label ``[B]`` (Eq. 3).

        0 where the adaptor has no motion-text model; undefined where a
        window has no label.
        """
        return self.adaptor.similarity(
            self.motion, self.batch.valid, self.batch.label
        )

    @cached_property
    def cosines(self) -> Tensor:
        """Cosine of each window with every text ``[B, L]``.

        Undefined where a window has no label, because its root is unknown.
        """
        return self.adaptor.cosines(
            self.motion, self.batch.valid, self.batch.label
        )
