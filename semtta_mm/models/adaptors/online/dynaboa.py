"""DynaBOA: as many steps as a frame needs (Guan et al., TPAMI 2022)."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.optim import OptimWrapper
from torch import Tensor

from ....datasets.source_bank import nearest_cluster
from ....registry import MODELS
from ..batch import WindowBatch
from .functional import cosine_distance
from .online_adaptor import OnlineAdaptor
from .source import check_centres, pooled
from .step import OnlineFrames, SourceSample
from .stop_feature import stop_feature


@MODELS.register_module()
class DynaBOA(OnlineAdaptor):
    """A first-order bilevel step, then more steps while features still move.

    The labelled crop of the source is a random one of the cluster that is
    nearest to the frame, instead of the next one. Constants are in
    ``configs/_base_/methods/dynaboa.py``.

    Args:
        estimator: See :class:`OnlineAdaptor`.
        body: See :class:`OnlineAdaptor`.
        second_order: See :class:`OnlineAdaptor`.
        stop_distance: Another step follows while a step moved the feature by
            more than this, ``1 - cos``.
        max_extra_steps: Further steps at most.
        **kwargs: See :class:`OnlineAdaptor`.
    """

    def __init__(
        self,
        estimator: dict[str, Any],
        body: dict[str, Any],
        second_order: bool = False,
        stop_distance: float = 3.1e-4,
        max_extra_steps: int = 7,
        **kwargs: Any,
    ) -> None:
        super().__init__(estimator, body, second_order=second_order, **kwargs)
        self.stop_distance = stop_distance
        self.max_extra_steps = max_extra_steps

    def adapt_to(
        self, frames: OnlineFrames, optim_wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        """The bilevel step and the steps after it.

        Returns:
            The values of the last step, and ``extra_steps``.
        """
        before = self.feature(frames.batch)
        log = self.bilevel_step(frames, optim_wrapper)
        after = self.feature(frames.batch)
        extra = 0
        while self.goes_on(before, after, extra):
            log = self.single_step(frames, optim_wrapper)
            before, after = after, self.feature(frames.batch)
            extra += 1
        return log | {'extra_steps': torch.tensor(float(extra))}

    def goes_on(self, before: Tensor, after: Tensor, extra: int) -> bool:
        """Whether another step follows.

        Args:
            before: Feature before the last step.
            after: Feature after it.
            extra: Further steps so far.
        """
        if extra >= self.max_extra_steps:
            return False
        return float(cosine_distance(before, after)) > self.stop_distance

    @torch.no_grad()
    def feature(self, batch: WindowBatch) -> Tensor:
        """The feature whose movement is watched."""
        head = self.adapts == 'head'
        return stop_feature(self.estimator, batch.inputs, head)

    @torch.no_grad()
    def draw_source(self, batch: WindowBatch) -> SourceSample | None:
        """A random crop of the cluster that is nearest to each frame.

        Raises:
            InputError: If the bank's clusters are of another network.
        """
        if self.bank is None or not len(self.bank):
            return None
        features = batch.inputs
        if self.adapts != 'head':
            features = self.estimator.extract_features(features)
        query = pooled(features)
        check_centres(self.bank, query)
        rows: list[int] = []
        for vector in query.cpu().numpy():
            members = self.bank.members(nearest_cluster(vector, self.bank))
            drawn = torch.randperm(
                len(members), generator=self.session.generator
            )
            rows += members[drawn[: self.source_batch].numpy()].tolist()
        return self.sample(rows)
