"""CycleAdapt: network and motion denoiser teach each other (ICCV 2023)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ...datasets import TrackFrames
from ...registry import MODELS
from ...utils.required_files import RequiredFile
from ..motion_text import read_dictionary
from .base import CAPABILITIES, BaseAdaptor
from .loss_input import LossInput
from .parts import dictionary_file
from .session import FrameLabels, Session
from .step_bodies import StepBodies


@MODELS.register_module()
class CycleAdapt(BaseAdaptor):
    """Nam et al., "Cyclic Test-Time Adaptation ... from Sequential Images".

    A cycle is an epoch. Its first stage adapts the network on all frames,
    shuffled, under 2D evidence and the denoiser's motion of the cycle before
    (``Keypoint2DLoss``, ``SmoothLoss``). Its second stage adapts the denoiser
    to the network's motion (``DenoiserHook``). The numbers are in
    ``configs/_base_/methods/cycleadapt.py``.

    Training steps keep the bodies that they predict, with dropout and before
    the update of the step: this is the motion that CycleAdapt denoises
    (``DenoiserHook(motion='step')``).

    Args:
        estimator: See :class:`BaseAdaptor`.
        body: See :class:`BaseAdaptor`.
        dictionary: Labels that losses of the method know: ``'open'`` or the
            path of a dictionary; None, as in CycleAdapt, uses no labels.
        window_frames: See :class:`BaseAdaptor`; 0, as in CycleAdapt, draws
            single frames. Losses on motions need windows.
        **kwargs: See :class:`BaseAdaptor`.
    """

    provides: frozenset[str] = frozenset({*CAPABILITIES, 'step_bodies'})

    def __init__(
        self,
        estimator: dict[str, Any],
        body: dict[str, Any],
        dictionary: str | None = None,
        window_frames: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            estimator, body, window_frames=window_frames, **kwargs
        )
        if dictionary is not None:
            self.dictionary = read_dictionary(dictionary)

    @classmethod
    def required_files(
        cls, config: Mapping[str, Any]
    ) -> tuple[RequiredFile, ...]:
        """See :meth:`BaseAdaptor.required_files`."""
        return (*super().required_files(config), dictionary_file())

    def begin(
        self,
        frames: TrackFrames,
        labels: FrameLabels | None = None,
        seed: int = 0,
        restore: float = 1.0,
    ) -> Session:
        """See :meth:`BaseAdaptor.begin`; no frame has a step's body."""
        session = super().begin(frames, labels, seed, restore)
        session.step_bodies = StepBodies.none(len(frames))
        return session

    def step_losses(self, step: LossInput) -> dict[str, Tensor]:
        """See :meth:`BaseAdaptor.step_losses`; keeps the step's bodies."""
        session, params = step.session, step.prediction.params
        if session.step_bodies is not None:
            session.step_bodies = session.step_bodies.written(
                step.batch.frame, params.pose, params.betas
            )
        return super().step_losses(step)
