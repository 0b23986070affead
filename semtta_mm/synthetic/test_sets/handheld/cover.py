"""What hides the person in each variant of a clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ....conventions import keypoint_names
from ..room import softened
from .furniture import FURNITURE, Region, panel
from .phone import PITCH_LIMIT as HIGHEST
from .phone import Phone, inside, pixels, tilted
from .stand import Stand, body_region, leg_points, legs_region
from .things import Thing

BLOCK = (30, 120)
"""Fewest and most frames of a block."""

KINDS = ('legs', 'left', 'right', 'whole')
"""What a block hides; left and right are those of the image."""

_SIDES = ('left', 'right')

_SLIDE = (18, 28)
"""Frames in which a thing moves in, or out."""

_EDGE = 6
"""Frames before the first and after the last slide."""

CONTRAST = 0.5
"""Of things and background, see :func:`.softened`."""

_LONGEST_SHARE = 1 / 3
"""Longest block over the frames that it may lie in."""

_SECOND = 210
"""Frames from which a clip has two blocks."""


@dataclass(frozen=True)
class Moving:
    """A thing and its displacement in each frame.

    Attributes:
        thing: In the world.
        path: ``[T, 3]``, m; NaN where it is far from the image.
    """

    thing: Thing
    path: np.ndarray


@dataclass(frozen=True)
class Shot:
    """One variant of a clip.

    Attributes:
        phone: The camera.
        things: What is in front of the person.
        notes: What was drawn, as plain values for ``scene.json``.
    """

    phone: Phone
    things: tuple[Moving, ...] = ()
    notes: dict[str, object] = field(default_factory=dict)


def legs_hidden(
    phone: Phone,
    points: np.ndarray,
    convention: str,
    border: bool,
    rng: np.random.Generator,
    furniture: Sequence[str] = tuple(FURNITURE),
) -> Shot:
    """Legs behind furniture, or below the image's border, in all frames.

    Args:
        phone: The camera of the clip.
        points: Keypoints ``[T, K, 3]``, m, world.
        convention: Of the keypoints.
        border: Whether to prefer the border.
        rng: Source of all choices.
        furniture: Names in :data:`.FURNITURE` to choose from.
    """
    tilt = border_tilt(phone, points, convention)
    if tilt is not None and border:
        return Shot(tilted(phone, tilt), notes={'by': 'border'})
    stand = Stand.under(phone.rig)
    region = legs_region(stand, points, convention, rng.uniform(0.3, 0.6))
    left, right = rng.uniform(0.0, 0.7, 2)
    if _lies(stand, points, convention, region.top):
        left, right = 0.0, 0.0
    region = replace(
        region, left=region.left - left, right=region.right + right
    )
    name = str(rng.choice(sorted(furniture)))
    thing = _placed(FURNITURE[name](region, rng), stand)
    path = np.zeros((len(points), 3))
    return Shot(phone, (Moving(thing, path),), {'by': name})


def border_tilt(
    phone: Phone, points: np.ndarray, convention: str
) -> float | None:
    """Degrees by which the phone must look up to cut off the legs.

    Args:
        phone: The camera.
        points: Keypoints ``[T, K, 3]``, m, world.
        convention: Of the keypoints.

    Returns:
        None if that is outside the phone's pitches, or would cut off the
        head or not the legs.
    """
    rig = phone.rig
    focal, middle = rig.intrinsics[1, 1], rig.intrinsics[1, 2]
    legs = pixels(rig, leg_points(points, convention))[..., 1]
    cut = float(np.median(legs.min(axis=1)))
    edge = float(phone.size[1])
    angle = np.arctan((edge - middle) / focal) - np.arctan(
        (cut - middle) / focal
    )
    degrees = float(np.degrees(angle))
    if not 0 < degrees <= phone.pitch + HIGHEST:
        return None
    after = inside(
        pixels(tilted(phone, degrees).rig, points), phone.size
    ).mean(axis=0)
    names = keypoint_names(convention)
    head = after[[names.index(n) for n in ('nose', 'left_ear', 'right_ear')]]
    feet = after[[i for i, n in enumerate(names) if n.endswith('ankle')]]
    return degrees if head.mean() > 0.85 and feet.mean() < 0.15 else None


def blocks(
    phone: Phone,
    points: np.ndarray,
    convention: str,
    first: int,
    rng: np.random.Generator,
) -> Shot:
    """Something moves in front of the person, stays, and moves away.

    Args:
        phone: The camera of the clip.
        points: Keypoints ``[T, K, 3]``, m, world.
        convention: Of the keypoints.
        first: Index in :data:`KINDS` of the first block.
        rng: Source of all choices.
    """
    stand = Stand.under(phone.rig)
    frames = len(points)
    count = 2 if frames >= _SECOND else 1
    edges = np.linspace(0, frames, count + 1).astype(int)
    things, notes = [], []
    for i in range(count):
        kind = KINDS[(first + i) % len(KINDS)]
        start, end, slide = _when(int(edges[i]), int(edges[i + 1]), rng)
        seen = points[start:end]
        region = _region(kind, stand, seen, convention, rng)
        name = str(rng.choice(sorted(FURNITURE)))
        maker = FURNITURE[name] if kind == 'legs' else panel
        thing = _placed(maker(region, rng), stand)
        path = _path(region, stand, frames, (start, end, slide), rng)
        things.append(Moving(thing, path @ stand.axes))
        notes.append({'start': start, 'end': end, 'hides': kind})
    return Shot(phone, tuple(things), {'blocks': notes})


def _placed(thing: Thing, stand: Stand) -> Thing:
    """A thing in the world, in calm colours."""
    colours = softened(thing.colours, CONTRAST)
    return replace(thing, colours=colours).moved(stand.axes, stand.origin)


def _region(
    kind: str,
    stand: Stand,
    points: np.ndarray,
    convention: str,
    rng: np.random.Generator,
) -> Region:
    depth = float(rng.uniform(0.06, 0.4))
    if kind == 'legs':
        return legs_region(stand, points, convention, depth)
    side = {'left': -1, 'right': 1, 'whole': 0}[kind]
    return body_region(stand, points, depth, side)


def _when(
    first: int, last: int, rng: np.random.Generator
) -> tuple[int, int, int]:
    """First frame of a block, the frame after it, and frames of a slide."""
    slide = int(rng.integers(*_SLIDE))
    around = slide + _EDGE
    span = last - first
    longest = min(BLOCK[1], span - 2 * around, round(_LONGEST_SHARE * span))
    longest = max(longest, 2)
    length = int(rng.integers(min(BLOCK[0], longest), longest + 1))
    latest = max(last - around - length, first + 1)
    start = int(rng.integers(min(first + around, latest), latest + 1))
    return start, start + length, slide


def _path(
    region: Region,
    stand: Stand,
    frames: int,
    when: tuple[int, int, int],
    rng: np.random.Generator,
) -> np.ndarray:
    """Displacement ``[T, 3]`` in the stand's frame; NaN when far away."""
    start, end, slide = when
    # Twice the half width: the camera turns, and near sides look larger.
    out = 1.3 * stand.half_width * region.ahead + 0.3
    way = {
        -1.0: -out - region.right,
        1.0: out - region.left,
    }
    come, go = rng.choice([-1.0, 1.0], 2)
    at = np.arange(frames)
    rise = _ease((start - at) / slide) * way[float(come)]
    fall = _ease((at - end + 1) / slide) * way[float(go)]
    path = np.zeros((frames, 3))
    path[:, 0] = rise + fall
    path[(at < start - slide) | (at > end - 1 + slide)] = np.nan
    return path


def _ease(share: np.ndarray) -> np.ndarray:
    x = np.clip(share, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))


def _lies(
    stand: Stand, points: np.ndarray, convention: str, top: float
) -> bool:
    """Whether shoulders mostly are below a height in front of the person."""
    names = keypoint_names(convention)
    local = stand.local(points)
    shoulders = local[:, [names.index(f'{s}_shoulder') for s in _SIDES]]
    flat = stand.on_plane(shoulders, stand.before(local))
    return bool(np.median(flat[..., 1]) < top + 0.15)
