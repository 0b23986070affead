"""Procedural motions for labels without a capture: a table of actions.

The motions have the moving limbs, directions and rhythm of the action; they
are simpler than captured motions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from ....training_data import MotionClip, mirror_pose
from ....utils import InputError
from . import legs, upper
from .articulated_figure import ArticulatedFigure, sway
from .style import Split, Style

Action = Callable[[Style, np.ndarray], ArticulatedFigure]
"""Style and seconds ``[T]`` to a figure; one-sided actions are left-sided."""

ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        'stand': upper.stand,
        'wave a hand': upper.wave,
        'reach up': upper.reach_up,
        'clap hands': upper.clap,
        'point at something': upper.point,
        'drink from a cup': upper.drink,
        'talk on the phone': upper.phone,
        'look around': upper.look_around,
        'stretch the arms': upper.stretch,
        'bend sideways': upper.bend_sideways,
        'bend forward': upper.bend_forward,
        'twist the torso': upper.twist_torso,
        'balance on one leg': legs.balance,
        'sit': legs.sit,
        'sit down and stand up': legs.sit_down,
        'squat': legs.squat,
        'lunge': legs.lunge,
        'climb stairs': legs.climb_stairs,
        'march in place': legs.march,
        'jumping jacks': legs.jumping_jacks,
        'step sideways': legs.side_step,
        'turn around': legs.turn_around,
        'kneel': legs.kneel,
    }
)
"""Label to action."""


def make_clip(
    label: str,
    rng: np.random.Generator,
    seconds: float = 6.0,
    fps: float = 30.0,
    split: Split = 'train',
) -> MotionClip:
    """Generate one performance of an action.

    Args:
        label: A key of :data:`ACTIONS`.
        rng: Source of its style; determines the clip.
        seconds: Duration.
        fps: Frames per second.
        split: Range of styles.

    Raises:
        InputError: If the label is unknown.
    """
    if label not in ACTIONS:
        fix = f'choose among {", ".join(ACTIONS)}'
        raise InputError('label', label, 'has no procedural motion', fix)
    style = Style(split, rng)
    times = np.arange(max(1, round(seconds * fps))) / fps
    figure = ACTIONS[label](style, times)
    sway(figure, times, style(1.0, 4.0), rng)
    pose = figure.pose(len(times))
    mirrored = style.coin()
    name = f'procedural/{split}/{label}/{rng.integers(2**32):08x}'
    return MotionClip(
        name=name,
        label=label,
        source='procedural',
        fps=fps,
        pose=mirror_pose(pose) if mirrored else pose,
    )
