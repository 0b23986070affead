"""The 2D pose update at the end of an epoch (paper, Sec. 4.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor

from ...geometry import project_points
from ...models.adaptors import BaseAdaptor, Session
from ...models.adaptors.agreement import Agreement
from ...models.adaptors.gate import MotionTextGate
from ...models.adaptors.position_error import position_error
from ...models.bodies import SMPLBody
from ...registry import HOOKS, MODELS
from ...structures import SMPLParams
from ...structures.pose_bank import PoseBank, Source
from ...utils import InputError
from ..adaptor import adaptor_of, require


@HOOKS.register_module()
class PoseBankEMAHook(Hook):
    """Blends all existing keypoints with the prediction (Eq. 7).

    Runs before :class:`PoseBankFillInHook`: keypoints that are filled in
    this epoch are blended from the next epoch on (Eq. 8).

    Args:
        alpha: Weight of the old value; the paper's is 0.9.
    """

    priority = 60

    def __init__(self, alpha: float = 0.9) -> None:
        if not 0 <= alpha <= 1:
            raise ValueError(f'alpha: expected 0 to 1, got {alpha}')
        self.alpha = alpha

    def before_train(self, runner: Runner) -> None:
        """Check that the method has a pose bank."""
        require(runner, self, 'pose_bank')

    def after_train_epoch(self, runner: Runner) -> None:
        """Update the bank."""
        session = adaptor_of(runner).session
        prediction = session.refreshed.joints2d
        session.bank = session.bank.ema(prediction, self.alpha)


@HOOKS.register_module()
class PoseBankFillInHook(Hook):
    """Fills missing keypoints from text-aligned motion (Eq. 6).

    Args:
        sigma: Least cosine of motion and text, strictly; None is no
            condition.
            The paper's 0.75 belongs to the official MotionCLIP.
        max_rank: Beyond the paper, and the same in every space: worst rank
            of the right text, see
            :class:`~semtta_mm.models.adaptors.agreement.Agreement`.
        min_margin: Likewise: least lead over all other texts.
        weight: Of filled keypoints in the 2D loss; the paper's is 1.
        inside_box: Beyond the paper: share of the crop's side by which a
            fill may lie outside the crop; None allows all.
        latest: Beyond the paper: replace the fills of earlier epochs, so
            that no poor first prediction is kept.
        smoothed: Beyond the paper: fill from the targets of the smoothing
            loss (the denoiser's motion, with a lifter's mixed in), where
            there are any, in place of the prediction itself.
        certain: Beyond the paper, needs ``LifterHook``: a fill whose expected
            error is this many m has half of the weight; None weighs all
            fills alike.
        gate: Beyond the paper: config of a second motion-text model that
            gives the cosines, such as ``MotionTextGate``; its thresholds
            replace ``sigma``. None asks the model of the loss.

    The history of each epoch gets the share of labelled windows that agree,
    ``agreeing``; and with a gate also ``agreeing_without_gate``, of the model
    of the loss.
    """

    priority = 61

    def __init__(
        self,
        sigma: float | None = 0.75,
        max_rank: int | None = None,
        min_margin: float | None = None,
        weight: float = 1.0,
        inside_box: float | None = None,
        latest: bool = False,
        smoothed: bool = False,
        certain: float | None = None,
        gate: dict[str, Any] | None = None,
    ) -> None:
        self.agreement = Agreement(sigma, max_rank, min_margin)
        self.gate: MotionTextGate | None = None
        if gate is not None:
            self.gate = MODELS.build(gate)
        self.weight = weight
        self.inside_box = inside_box
        self.latest = latest
        self.smoothed = smoothed
        self.certain = certain

    def before_train(self, runner: Runner) -> None:
        """Check that the method has a pose bank, and the gate's texts."""
        adaptor = require(runner, self, 'pose_bank')
        if self.gate is not None:
            self.gate.check(adaptor.dictionary)

    def after_train_epoch(self, runner: Runner) -> None:
        """Update the bank and the history."""
        adaptor = adaptor_of(runner)
        session = adaptor.session
        agrees = self.agrees(adaptor)
        if agrees is None:
            return
        aligned = session.frames_in(agrees)
        self._record(session, agrees)
        if self.latest:
            session.bank = without_fills(session.bank)
        if not aligned.any():
            return
        prediction = session.refreshed.joints2d
        if self.smoothed:
            prediction = smoothed_points(adaptor.body, session)
        allowed = aligned[:, None].expand(prediction.shape[:2])
        if self.inside_box is not None:
            boxes = session.frames.boxes
            allowed = allowed & in_boxes(prediction, boxes, self.inside_box)
        weight = self.weight * self._certainty(adaptor)
        session.bank = session.bank.fill(prediction, allowed, weight)

    def _certainty(self, adaptor: BaseAdaptor) -> Tensor:
        """Factor on the weight of each fill ``[T, K]``, or 1."""
        session = adaptor.session
        if self.certain is None:
            return torch.ones(())
        if session.lifted is None or session.lifted.target_error is None:
            raise InputError(
                'config',
                'PoseBankFillInHook.certain',
                'needs the expected errors of LifterHook',
                'add it to hooks, or leave certain out',
            )
        found = session.refreshed.joints
        name = session.frames.convention
        error = position_error(
            found[name], found['smpl_24'], session.lifted.target_error, name
        )
        return 1 / (1 + (error / self.certain).square())

    def agrees(self, adaptor: BaseAdaptor) -> Tensor | None:
        """Windows that fulfil the conditions ``[N]``, bool.

        Args:
            adaptor: After a refresh pass.

        Returns:
            None without a motion-text model.
        """
        session, label = adaptor.session, adaptor.session.segments.label
        if session.cosines is None or adaptor.dictionary is None:
            return None
        if self.gate is None:
            return self.agreement(session.cosines, label)
        cosines = self.gate.cosines(
            session, adaptor.dictionary, adaptor.device
        )
        further = replace(self.agreement, sigma=None)
        return self.gate(cosines, label) & further(cosines, label)

    def _record(self, session: Session, agrees: Tensor) -> None:
        """Write shares of windows to the last entry of the history."""
        segments = session.segments
        if not session.history or not segments.labelled.any():
            return
        shares = {'agreeing': agrees}
        if self.gate is not None and session.cosines is not None:
            own = self.agreement(session.cosines, segments.label)
            shares['agreeing_without_gate'] = own
        for name, values in shares.items():
            share = float(values[segments.labelled].float().mean())
            session.history[-1][name] = share


def in_boxes(points: Tensor, boxes: Tensor, margin: float) -> Tensor:
    """Points inside of widened boxes ``[T, K]``, bool.

    Args:
        points: ``[T, K, 2]``, px.
        boxes: ``[T, 4]`` (x1, y1, x2, y2), px.
        margin: Share of the box's side by which each side is moved out.
    """
    low, high = boxes[:, None, :2], boxes[:, None, 2:]
    reach = margin * (high - low)
    inside = (points >= low - reach) & (points <= high + reach)
    return inside.all(dim=-1)


@torch.no_grad()
def smoothed_points(body: SMPLBody, session: Session) -> Tensor:
    """Projected keypoints of the denoiser's motion ``[T, K, 2]``, px.

    Translation and camera are the prediction's; so is the motion of frames
    without a target.

    Args:
        body: The body, on any device.
        session: After the denoiser's hook.
    """
    prediction, targets = session.refreshed, session.targets
    valid = targets.valid[:, None, None, None]
    pose = torch.where(valid, targets.pose, prediction.params.pose)
    params = SMPLParams.from_pose(pose, prediction.params.betas)
    params = replace(params, transl=prediction.params.transl)
    name = session.frames.convention
    posed = body(params.to(body.v_template.device), False, (name,))
    points = posed.keypoints[name].cpu()
    return project_points(points, prediction.intrinsics)


def without_fills(bank: PoseBank) -> PoseBank:
    """The bank without filled keypoints."""
    filled = bank.source == int(Source.FILLED)
    return PoseBank(
        keypoints=bank.keypoints.masked_fill(filled[..., None], 0),
        weight=bank.weight.masked_fill(filled, 0),
        source=bank.source.masked_fill(filled, int(Source.MISSING)),
    )
