"""The 2D pose update at the end of an epoch (paper, Sec. 4.2)."""

from __future__ import annotations

from dataclasses import replace

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor

from ...geometry import project_points
from ...models.adaptors import Session
from ...models.adaptors.agreement import Agreement
from ...models.bodies import SMPLBody
from ...registry import HOOKS
from ...structures import SMPLParams, TrackPrediction
from ...structures.pose_bank import PoseBank, Source
from ..session_of import adaptor_of, session_of


def refreshed(session: Session) -> TrackPrediction:
    """The prediction of the last refresh pass.

    Raises:
        RuntimeError: If there was none.
    """
    if session.prediction is None:
        raise RuntimeError('no refresh pass yet: add RefreshHook')
    return session.prediction


@HOOKS.register_module()
class PoseBankEMAHook(Hook):
    """Blends all existing keypoints with the prediction (Eq. 7).

    Comes before :class:`PoseBankFillInHook`: what is filled in this epoch is
    blended from the next on (Eq. 8).

    Args:
        alpha: Weight of the old value; the paper's is 0.9.
    """

    priority = 60

    def __init__(self, alpha: float = 0.9) -> None:
        if not 0 <= alpha <= 1:
            raise ValueError(f'alpha: expected 0 to 1, got {alpha}')
        self.alpha = alpha

    def after_train_epoch(self, runner: Runner) -> None:
        """Update the bank."""
        session = session_of(runner)
        prediction = refreshed(session).joints2d
        session.bank = session.bank.ema(prediction, self.alpha)


@HOOKS.register_module()
class PoseBankFillInHook(Hook):
    """Fills keypoints that nobody saw with text-aligned motion (Eq. 6).

    Args:
        sigma: Least cosine of motion and text, strictly; None asks for none.
            The paper's 0.75 belongs to the official MotionCLIP.
        max_rank: Beyond the paper, and the same in every space: at most this
            many texts of the dictionary may fit as well, see
            :class:`~semtta_mm.models.adaptors.agreement.Agreement`.
        min_margin: Likewise: least lead over all other texts.
        weight: Of filled keypoints in the 2D loss; the paper's is 1.
        inside_box: Beyond the paper: share of the crop's side by which a
            fill may lie outside the crop; None lets all through.
        latest: Beyond the paper: forget last epoch's fills and fill anew, so
            that no poor first prediction is kept.
        smoothed: Beyond the paper: fill from the denoiser's motion, where
            there is one, in place of the prediction itself.
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
    ) -> None:
        self.agreement = Agreement(sigma, max_rank, min_margin)
        self.weight = weight
        self.inside_box = inside_box
        self.latest = latest
        self.smoothed = smoothed

    def after_train_epoch(self, runner: Runner) -> None:
        """Update the bank."""
        session = session_of(runner)
        prediction = refreshed(session).joints2d
        if self.smoothed:
            prediction = smoothed_points(adaptor_of(runner).body, session)
        if session.cosines is None:
            return
        agrees = self.agreement(session.cosines, session.segments.label)
        aligned = session.frames_in(agrees)
        allowed = aligned[:, None].expand(prediction.shape[:2])
        if self.inside_box is not None:
            boxes = session.frames.boxes[:, None]
            side = boxes[..., 2:] - boxes[..., :2]
            margin = self.inside_box * side
            inside = (prediction >= boxes[..., :2] - margin) & (
                prediction <= boxes[..., 2:] + margin
            )
            allowed = allowed & inside.all(dim=-1)
        bank = session.bank
        if self.latest:
            bank = without_fills(bank)
        session.bank = bank.fill(prediction, allowed, self.weight)


@torch.no_grad()
def smoothed_points(body: SMPLBody, session: Session) -> Tensor:
    """Where the denoiser's motion has the keypoints ``[T, K, 2]``, px.

    Place and camera are the prediction's; so is the motion of frames that
    the denoiser has no target for.

    Args:
        body: The body, on any device.
        session: After the denoiser's turn.
    """
    prediction, targets = refreshed(session), session.targets
    valid = targets.valid[:, None, None, None]
    pose = torch.where(valid, targets.pose, prediction.params.pose)
    params = SMPLParams.from_pose(pose, prediction.params.betas)
    params = replace(params, transl=prediction.params.transl)
    name = session.frames.convention
    posed = body(params.to(body.v_template.device), False, (name,))
    points = posed.keypoints[name].cpu()
    return project_points(points, prediction.intrinsics)


def without_fills(bank: PoseBank) -> PoseBank:
    """The bank as if nothing had been filled in."""
    filled = bank.source == int(Source.FILLED)
    return PoseBank(
        keypoints=bank.keypoints.masked_fill(filled[..., None], 0),
        weight=bank.weight.masked_fill(filled, 0),
        source=bank.source.masked_fill(filled, int(Source.MISSING)),
    )
