"""The lifted motion as the result: a row of comparison."""

from __future__ import annotations

from dataclasses import replace

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...geometry import project_points
from ...registry import HOOKS
from ...structures import SMPLParams
from ..adaptor import adaptor_of


@HOOKS.register_module()
class LiftedResultHook(Hook):
    """Replaces the refresh pass of an epoch by the lifted motion.

    With a learning rate of 0 this is the lifter alone, without adaptation.
    Camera and translation stay the network's. Needs :class:`LifterHook`.
    """

    priority = 42

    @torch.no_grad()
    def after_train_epoch(self, runner: Runner) -> None:
        """Replace ``session.prediction``."""
        adaptor = adaptor_of(runner)
        session, body = adaptor.session, adaptor.body
        lifted, found = session.lifted, session.refreshed
        if lifted is None:
            raise RuntimeError('LiftedResultHook: add LifterHook')
        betas = lifted.betas.mean(0).expand_as(lifted.betas)
        params = SMPLParams.from_pose(lifted.pose, betas, found.params.transl)
        names = tuple(found.joints)
        device = body.v_template.device
        posed = body(params.to(device), False, names).keypoints
        joints = {name: posed[name].cpu() for name in names}
        points = joints[session.frames.convention]
        session.prediction = replace(
            found,
            params=params,
            joints=joints,
            joints2d=project_points(points, found.intrinsics),
        )
