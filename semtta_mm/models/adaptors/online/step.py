"""The argument of the losses of an online method."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from torch import Tensor

from ....structures import MeshPrediction
from ..batch import WindowBatch
from ..loss_input import LossInput
from .functional import RunNetwork


@dataclass(frozen=True)
class PastFrames:
    """Earlier frames, as many frames before as the motion term compares.

    Attributes:
        batch: The earlier frames ``[P]``.
        rows: Frame of the step that each belongs to ``[P]``.
    """

    batch: WindowBatch
    rows: Tensor


@dataclass(frozen=True)
class SourceSample:
    """Labelled crops of the source domain.

    Note:
        - crops: S; joints of SMPL: J = 24

    Attributes:
        inputs: Inputs of the adapting part ``[S, ...]``.
        pose: Rotation matrices ``[S, 24, 3, 3]``.
        betas: ``[S, 10]``.
        joints3d: ``[S, J, 3]``, m; any origin.
        joints2d: ``[S, J, 2]``, in -1 to 1 over the crop.
        confidence: Of ``joints2d`` ``[S, J]``, 0 where unknown.
    """

    inputs: Tensor
    pose: Tensor
    betas: Tensor
    joints3d: Tensor
    joints2d: Tensor
    confidence: Tensor


@dataclass(frozen=True)
class OnlineFrames:
    """The new frames of a step, with all that its losses compare.

    Attributes:
        batch: The new frames.
        past: Earlier frames, or None.
        source: Labelled crops, or None.
    """

    batch: WindowBatch
    past: PastFrames | None
    source: SourceSample | None


@dataclass
class OnlineInput(LossInput):
    """One level of one step of an online method.

    Beside what :class:`LossInput` has, losses may ask for the network under
    the parameters of the level. ``batch.weight`` is the confidence of the
    keypoints.

    Attributes:
        run: The network under the parameters of this level.
        past: Earlier frames; None if there is none.
        source: Labelled crops; None without a source bank.
        teacher: The teacher's bodies of the batch; None without a teacher.
    """

    run: RunNetwork | None = None
    past: PastFrames | None = None
    source: SourceSample | None = None
    teacher: MeshPrediction | None = None

    @cached_property
    def past_joints2d(self) -> Tensor | None:
        """Projected keypoints of the earlier frames ``[P, K, 2]``, px."""
        if self.past is None or self.run is None:
            return None
        batch = self.past.batch
        return self.adaptor.project(self.run(batch.inputs), batch)

    @cached_property
    def source_prediction(self) -> MeshPrediction | None:
        """Bodies of the source's crops."""
        if self.source is None or self.run is None:
            return None
        return self.run(self.source.inputs)
