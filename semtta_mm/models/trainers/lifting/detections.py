"""Simulated 2D detections of training windows.

Beside a detector's noise, every window has its own keypoint *definition*: a
detector's hip is some centimetres away from the body model's, always to the
same side.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ....conventions import flip_index, keypoint_names
from ...lifters import CONVENTION
from .missing import keypoints_of

_OTHER_END = {
    'nose': 'left_ear',
    'eye': 'ear',
    'ear': 'eye',
    'shoulder': 'hip',
    'elbow': 'shoulder',
    'wrist': 'elbow',
    'hip': 'knee',
    'knee': 'hip',
    'ankle': 'knee',
    'big_toe': 'heel',
    'small_toe': 'heel',
    'heel': 'big_toe',
}
"""Keypoint to the other end of its limb, of the same side."""

_OFFSETS = {
    'nose': 0.02,
    'eye': 0.015,
    'ear': 0.02,
    'shoulder': 0.025,
    'elbow': 0.012,
    'wrist': 0.015,
    'hip': 0.035,
    'knee': 0.015,
    'ankle': 0.015,
    'big_toe': 0.02,
    'small_toe': 0.02,
    'heel': 0.02,
}
"""Deviation of a keypoint's definition along each axis, m."""

_ALONG = 0.04
"""Deviation of a definition along the limb, of its length."""


@dataclass(frozen=True)
class Detections:
    """2D keypoints as a detector gives them.

    Attributes:
        points: ``[B, T, K, 2]``, in the unit of the true keypoints.
        scores: ``[B, T, K]``, 0 where missing.
    """

    points: Tensor
    scores: Tensor


def other_ends() -> Tensor:
    """Index of the other end of each keypoint's limb ``[K]``."""
    names = keypoint_names(CONVENTION)
    found = []
    for name in names:
        side, _, kind = name.partition('_')
        end = _OTHER_END[kind or name]
        found.append(names.index(end if end in names else f'{side}_{end}'))
    return torch.tensor(found)


def redefine(keypoints: Tensor, root: Tensor) -> Tensor:
    """Keypoints by another definition, one for each window.

    Args:
        keypoints: ``[B, T, K, 3]``, m.
        root: Root rotations of the bodies ``[B, T, 3, 3]``; a definition is
            constant in their axes.

    Returns:
        ``[B, T, K, 3]``, m. Definitions are symmetric up to small parts.
    """
    size, _, count = keypoints.shape[:3]
    device = keypoints.device
    level = 1.6 * torch.rand(size, 1, 1, device=device)
    kinds = [name.split('_', 1)[-1] for name in keypoint_names(CONVENTION)]
    deviation = torch.tensor([_OFFSETS[kind] for kind in kinds])
    offset = torch.randn(size, count, 3, device=device)
    flipped = offset[:, flip_index(CONVENTION)] * offset.new_tensor([-1, 1, 1])
    symmetric = (offset + flipped) / 2**0.5
    offset = level * deviation[:, None].to(device) * symmetric
    along = torch.randn(size, count, device=device)
    along = (along + along[:, flip_index(CONVENTION)]) / 2**0.5
    limb = keypoints[:, :, other_ends()] - keypoints
    share = (level[..., 0] * _ALONG * along)[:, None, :, None]
    turned = torch.einsum('btij,bkj->btki', root, offset)
    return keypoints + turned + share * limb


def correlated_noise(shape: tuple[int, ...], keep: float = 0.7) -> Tensor:
    """Noise of deviation 1 that is correlated in time.

    Args:
        shape: ``[B, T, ...]``.
        keep: Correlation with the frame before.
    """
    fresh = torch.randn(shape)
    out = fresh.clone()
    new = (1 - keep**2) ** 0.5
    for t in range(1, shape[1]):
        out[:, t] = keep * out[:, t - 1] + new * fresh[:, t]
    return out


def simulate_detections(
    points: Tensor, depth: Tensor, missing: Tensor, valid: Tensor
) -> Detections:
    """Detector output for true keypoints.

    Args:
        points: True keypoints by the detector's definition
            ``[B, T, K, 2]``, in any unit.
        depth: Of the keypoints behind the pelvis ``[B, T, K]``, m; what is
            deeper is hidden by the own body more often.
        missing: Keypoints out of sight ``[B, T, K]``, bool.
        valid: Frames that exist ``[B, T]``, bool.

    Returns:
        Of the device of ``points``. In a third of the windows the detector
        guesses keypoints out of sight, with large errors and low scores.
    """
    shape = points.shape[:3]
    device = points.device
    side = (points.amax(2) - points.amin(2)).amax(-1, keepdim=True)
    hidden = (correlated_noise(shape, 0.95) > 1.2).to(device)
    hidden |= (correlated_noise(shape, 0.95).to(device) > 0.3) & (depth > 0.08)
    sigma = _deviation(points, side) * (1 + 1.5 * hidden)
    guessed = missing & (torch.rand(shape[0], 1, 1, device=device) < 0.33)
    wild = 0.04 + 0.12 * torch.rand(shape[0], 1, 1, device=device)
    sigma = torch.where(guessed, wild * side, sigma)
    noise = correlated_noise((*shape, 2)).to(device)
    slow = correlated_noise((*shape, 2), 0.97).to(device)
    noise = torch.where(guessed[..., None], slow, noise)
    found = swap_sides(points + noise * sigma[..., None])
    error = (found - points).norm(dim=-1) / side
    chance = torch.rand(shape, device=device)
    missed = chance < 0.005 + 0.115 * hidden
    there = (~missing | guessed) & ~missed & valid[..., None]
    scores = _scores(error, hidden | guessed).masked_fill(~there, 0)
    return Detections(found, scores)


def _deviation(points: Tensor, side: Tensor) -> Tensor:
    """Deviation of the noise of visible keypoints ``[B, T, K]``."""
    limb = (points - points[:, :, other_ends()]).norm(dim=-1)
    steps = (points[:, 1:] - points[:, :-1]).norm(dim=-1)
    speed = torch.cat((steps[:, :1], steps), dim=1)
    level = (0.35 * torch.randn(len(points), 1, 1, device=points.device)).exp()
    return level * (0.035 * limb + 0.004 * side + 0.08 * speed)


def _scores(error: Tensor, uncertain: Tensor) -> Tensor:
    """Scores that fall with the error, on a scale of each window."""
    size = (len(error), 1, 1)
    scale = 0.5 + torch.rand(size, device=error.device)
    fall = (-error / (0.06 * scale)).exp()
    noise = 0.1 * torch.randn(error.shape, device=error.device)
    best = 0.75 + 0.25 * torch.rand(size, device=error.device)
    score = best * (0.3 + 0.7 * fall) - 0.25 * uncertain + noise
    return score.clamp(0.3, 1.0)


def swap_sides(
    points: Tensor, chance: float = 0.003, longest: int = 5
) -> Tensor:
    """Take both arms, or both legs, for each other for some frames.

    Args:
        points: ``[B, T, K, 2]``.
        chance: That a swap begins in a frame.
        longest: Frames of a swap, at most.
    """
    flip = flip_index(CONVENTION)
    out = points
    parts = (
        keypoints_of('elbow', 'wrist'),
        keypoints_of('knee', 'ankle', 'heel', 'big_toe', 'small_toe'),
    )
    for part in parts:
        when = torch.zeros(points.shape[:2], dtype=torch.bool)
        for b, start in (torch.rand(points.shape[:2]) < chance).nonzero():
            end = start + torch.randint(1, longest + 1, ())
            when[b, start:end] = True
        swapped = (when[..., None] & part).to(points.device)[..., None]
        out = torch.where(swapped, out[:, :, flip], out)
    return out


def simulate_boxes(points: Tensor, detections: Detections) -> Tensor:
    """Boxes of the person, as different detectors give them.

    About all keypoints, or (40 %) about the detected ones only; wider by a
    factor of each window, with slow noise.

    Args:
        points: True keypoints ``[B, T, K, 2]``.
        detections: Of the same frames.

    Returns:
        ``[B, T, 4]``, in the unit of the keypoints.
    """
    device, size = points.device, len(points)
    tight = torch.cat((points.amin(2), points.amax(2)), dim=-1)
    there = (detections.scores > 0)[..., None]
    low = detections.points.masked_fill(~there, torch.inf).amin(2)
    high = detections.points.masked_fill(~there, -torch.inf).amax(2)
    enough = there.sum(dim=2) >= 4
    seen = torch.cat((low, high), dim=-1)
    by_seen = (torch.rand(size, 1, 1, device=device) < 0.4) & enough
    box = torch.where(by_seen, seen, tight)
    centre, half = (
        (box[..., :2] + box[..., 2:]) / 2,
        box[..., 2:] - box[..., :2],
    )
    wider = 0.95 + 0.4 * torch.rand(size, 1, 1, device=device)
    half = wider * half / 2
    noise = correlated_noise((*points.shape[:2], 4)).to(device)
    side = half.amax(dim=-1, keepdim=True)
    return torch.cat((centre - half, centre + half), -1) + 0.03 * side * noise
