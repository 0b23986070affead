"""``semtta fit-pose-space``: principal components of recorded poses."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..geometry import rotation_angle
from ..models.priors.linear_space import LinearPoseSpace, fit_components
from ..models.priors.pose_space import BODY_JOINTS
from ..training_data import MotionClip, mirror_pose, read_motion_set
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.files import write_atomically

_RATE = 10.0
"""Poses taken of a second of motion: neighbours are nearly the same."""


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta fit-pose-space',
        description='Fit the linear space of body poses that DAPA perturbs '
        'poses in.',
    )
    add = parser.add_argument
    add('motions', type=Path, help='npz of `semtta make-motions`')
    add('--components', type=int, default=48, help='size of the space')
    add('--check', type=Path, help='npz of other motions, only reported')
    add('--out', type=Path, required=True, help='.pth for `semtta publish`')
    return parser


def poses_of(clips: Sequence[MotionClip]) -> Tensor:
    """Poses of all clips and their mirror images.

    Args:
        clips: Motions.

    Returns:
        Rotation matrices ``[N, 24, 3, 3]``.
    """
    parts = [clip.pose[:: max(1, round(clip.fps / _RATE))] for clip in clips]
    pose = np.concatenate(parts)
    return torch.from_numpy(np.concatenate([pose, mirror_pose(pose)])).float()


def mean_error(space: LinearPoseSpace, pose: Tensor) -> float:
    """Mean angle between joints and their reconstruction, degrees."""
    found = space.decode(space.encode(pose)[0])
    angle = rotation_angle(found, pose[:, 1 : BODY_JOINTS + 1])
    return float(angle.mean().rad2deg())


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    if not 1 <= args.components <= 6 * BODY_JOINTS:
        problem = f'is {args.components}'
        fix = f'give 1 to {6 * BODY_JOINTS}'
        raise InputError('--components', 'value', problem, fix)
    pose = poses_of(read_motion_set(args.motions))
    space = LinearPoseSpace(None, args.components)
    space.load_state_dict(fit_components(pose, args.components))
    content = {'state_dict': space.state_dict(), 'meta': {}}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(args.out, lambda draft: torch.save(content, draft))
    console = make_console()
    error = mean_error(space, pose)
    console.print(f'{len(pose)} poses: {error:.2f} degrees a joint')
    if args.check is not None:
        held_out = poses_of(read_motion_set(args.check))
        error = mean_error(space, held_out)
        console.print(f'{args.check}: {error:.2f} degrees a joint')
    console.print(f'written: {args.out}')
    return 0
