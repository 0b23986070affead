"""Motions of a test set, cut or prolonged to the required length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from ...training_data import MotionClip, mirror_pose
from ...utils import InputError
from ..motions.library import cmu_clips, open_clips
from .plan import FPS, HeldOut, TestSetPlan

_BRIDGE = 8
"""Frames over which a repeated clip is blended into its start."""

MIN_LABELS = 6

LARGEST_SEAM = 55.0
"""Largest angle between the ends of a repeated motion, over joints, deg.

Without it, a person who gets up would fall back within the bridge.
"""


@dataclass(frozen=True)
class Take:
    """The motion of one clip of the set.

    Attributes:
        label: Action of the person.
        source: Of the motion: ``'cmu'``, ``'pybullet'`` or ``'procedural'``.
        motion: Name of the motion clip.
        start: Its first frame here, counted at 30 fps.
        mirrored: Whether left and right are swapped.
        pose: Rotation matrices ``[T, 24, 3, 3]``, y up.
    """

    label: str
    source: str
    motion: str
    start: int
    mirrored: bool
    pose: np.ndarray


def source_motions(
    split: HeldOut,
    seed: int,
    seconds: float,
    cmu: Path | None,
    rest_joints: np.ndarray,
) -> list[MotionClip]:
    """Held-out motions at 30 fps.

    Args:
        split: Split of the motions.
        seed: Seed of open motions' styles.
        seconds: Duration of open motions.
        cmu: CMU's file for the edition ``cmu``, None for ``open``.
        rest_joints: Of the body ``[24, 3]``, m.

    Raises:
        InputError: If a file is bad or cannot be fetched.
    """
    if cmu is not None:
        clips = cmu_clips(cmu, split, rest_joints)
        return [clip.resampled(FPS) for clip in clips]
    return open_clips(split, seed, 1, seconds, FPS, rest_joints)


def choose_takes(
    motions: Sequence[MotionClip], plan: TestSetPlan
) -> list[Take]:
    """One take per clip; labels cycle, so all are about equally frequent.

    A motion is used again only if its label has no other, then from another
    start and mirrored.

    Args:
        motions: Held-out motions at 30 fps.
        plan: Gives number, lengths and seed.

    Raises:
        InputError: If there are fewer than six labels.
    """
    rng = plan.rng('motion')
    long = [m for m in motions if is_long_enough(m, plan.max_frames)]
    groups = _in_turn(long, rng)
    if len(groups) < MIN_LABELS:
        raise InputError(
            plan.edition,
            'motions',
            f'have {len(groups)} labels, {MIN_LABELS} are needed',
            'give the whole CMU subset, or use --edition open',
        )
    takes = []
    for i in range(plan.clips):
        group = groups[i % len(groups)]
        again, which = divmod(i // len(groups), len(group))
        frames = int(rng.integers(plan.min_frames, plan.max_frames + 1))
        takes.append(_take(group[which], frames, bool(again % 2), rng))
    return takes


def _in_turn(
    motions: Sequence[MotionClip], rng: np.random.Generator
) -> list[list[MotionClip]]:
    """Motions by label; sources alternate, else in random order."""
    sources: dict[str, dict[str, list[MotionClip]]] = {}
    for clip in motions:
        labels = sources.setdefault(clip.source, {})
        labels.setdefault(clip.label, []).append(clip)
    shuffled = []
    for labels in sources.values():
        groups = list(labels.values())
        shuffled.append([groups[i] for i in rng.permutation(len(groups))])
    alternating = chain.from_iterable(zip_longest(*shuffled))
    return [group for group in alternating if group is not None]


def _take(
    clip: MotionClip, frames: int, mirrored: bool, rng: np.random.Generator
) -> Take:
    longer = prolonged(clip, frames)
    start = int(rng.integers(0, len(longer) - frames + 1))
    pose = longer.pose[start : start + frames]
    return Take(
        label=clip.label,
        source=clip.source,
        motion=clip.name,
        start=start,
        mirrored=mirrored,
        pose=mirror_pose(pose) if mirrored else pose,
    )


def prolonged(clip: MotionClip, frames: int) -> MotionClip:
    """Repeat a motion until it has at least ``frames`` frames.

    The last frames of each repetition are blended into the frames before its
    start, and each repetition continues in the direction in which the
    previous one ended. The cut is where pose and speed match best.
    """
    if len(clip) >= frames:
        return clip
    first, last = best_loop(clip.pose)
    pose = clip.pose[: last + 1]
    while len(pose) < frames:
        pose = _append_repetition(pose, clip.pose, first, last)
    return replace(clip, pose=pose)


def is_long_enough(clip: MotionClip, frames: int) -> bool:
    """Whether a motion has enough frames, or its ends match."""
    if len(clip) >= frames:
        return True
    first, last = best_loop(clip.pose)
    ends = clip.pose[[first, last]].copy()
    ends[:, 0] = without_heading(ends[:, 0])
    turns = Rotation.from_matrix(np.swapaxes(ends[0], -1, -2) @ ends[1])
    return bool(np.degrees(turns.magnitude()).max() <= LARGEST_SEAM)


def best_loop(pose: np.ndarray) -> tuple[int, int]:
    """Frames (first, last) between which a motion repeats best.

    The root's rotation about the vertical is ignored. At least half of the
    motion is kept.

    Args:
        pose: Rotation matrices ``[T, 24, 3, 3]``.
    """
    length = len(pose)
    if length <= 3 * _BRIDGE:
        return 0, length - 1
    level = pose.copy()
    level[:, 0] = without_heading(pose[:, 0])
    flat = level.reshape(length, -1)
    speed = np.gradient(flat, axis=0)
    feature = np.concatenate([flat, 4 * speed], axis=1)
    # The frames before the first are used for blending.
    first = np.arange(_BRIDGE, max(length // 4, _BRIDGE) + 1)
    last = np.arange(length - length // 4 - 1, length)
    gap = np.linalg.norm(feature[first, None] - feature[None, last], axis=2)
    row, column = np.unravel_index(gap.argmin(), gap.shape)
    return int(first[row]), int(last[column])


def heading(root: np.ndarray) -> np.ndarray:
    """Turn about the vertical ``[..., 3, 3]`` of root rotations.

    It is the twist about y, which is defined for inverted bodies too.
    """
    x, y = root[..., 0, 2] - root[..., 2, 0], root[..., 0, 0] + root[..., 2, 2]
    angle = np.arctan2(x, y)
    about_y = angle.reshape(-1, 1) * [[0.0, 1.0, 0.0]]
    return Rotation.from_rotvec(about_y).as_matrix().reshape(root.shape)


def without_heading(root: np.ndarray) -> np.ndarray:
    """Root rotations ``[..., 3, 3]`` as if facing the same way."""
    return np.swapaxes(heading(root), -1, -2) @ root


def _append_repetition(
    pose: np.ndarray, clip: np.ndarray, first: int, last: int
) -> np.ndarray:
    """Append frames after ``first``, rotated to continue ``pose``."""
    turn = heading(pose[-1, 0]) @ heading(clip[first, 0]).T
    count = min(_BRIDGE, first)
    more = clip[first - count + 1 : last + 1].copy()
    more[:, 0] = turn @ more[:, 0]
    weight = (np.arange(1, count + 1) / max(count, 1))[:, None, None]
    end = len(pose) - count
    bridge = blend(pose[end:], more[:count], weight)
    return np.concatenate([pose[:end], bridge, more[count:]])


def blend(
    first: np.ndarray, second: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """Rotations between ``first`` and ``second``.

    Args:
        first: ``[T, J, 3, 3]``.
        second: ``[T, J, 3, 3]``.
        weight: 0 for ``first``, 1 for ``second``; broadcasts to
            ``[T, J, 3]``.
    """
    start = Rotation.from_matrix(first.reshape(-1, 3, 3))
    end = Rotation.from_matrix(second.reshape(-1, 3, 3))
    difference = (start.inv() * end).as_rotvec().reshape(first.shape[:-1])
    part = Rotation.from_rotvec((weight * difference).reshape(-1, 3))
    return (start * part).as_matrix().reshape(first.shape)
