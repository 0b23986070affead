"""Procedural actions of trunk and arms of a standing figure."""

from __future__ import annotations

import numpy as np

from .articulated_figure import Arm, ArticulatedFigure, Leg
from .rhythm import cycle, rise, swell, wander
from .style import Style


def stand(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Quiet standing, weight on one leg, arms hanging, crossed or akimbo."""
    shift = wander(style, times, 0.15) * style(1, 5)
    bent = style(0, 22)
    figure = ArticulatedFigure(
        left_leg=Leg(
            hip=bent, knee=2 * bent, out=style(1, 12), twist=style(0, 25)
        ),
        right_leg=Leg(out=style(1, 10), twist=style(0, 20)),
        bend=style(-6, 14),
        lean=style(-8, 8) + shift,
        nod=style(-10, 25),
        look=style(-35, 35) + 6 * wander(style, times, 0.2),
        roll=style(-5, 5),
    )
    figure.left_arm, figure.right_arm = resting_arms(style)
    return figure


def resting_arms(style: Style) -> tuple[Arm, Arm]:
    """Both arms at rest in one of four ways."""
    kind = style.rng.integers(4)
    if kind == 0:  # hands on the hips
        return tuple(  # type: ignore[return-value]
            Arm(
                raise_=style(35, 55),
                plane=style(-25, 5),
                twist=style(50, 80),
                elbow=style(85, 115),
            )
            for _ in range(2)
        )
    if kind == 1:  # before the body
        return tuple(  # type: ignore[return-value]
            Arm(
                raise_=style(15, 35),
                plane=style(60, 95),
                twist=style(40, 75),
                elbow=style(65, 105),
            )
            for _ in range(2)
        )
    return hanging_arm(style), hanging_arm(style)


def hanging_arm(style: Style) -> Arm:
    """One arm that hangs."""
    return Arm(raise_=style(3, 22), plane=style(-30, 60), elbow=style(3, 35))


def wave(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Wave a raised hand from side to side."""
    figure = stand(style, times)
    swing = np.sin(cycle(style, times, 0.8, 2.5))
    up = rise(times, style(-1.5, 0.8), style(0.4, 1.0))
    high = style(50, 150)
    figure.left_arm = Arm(
        raise_=10 + up * (high - 10 + 0.15 * style(20, 60) * swing),
        plane=style(0, 50),
        twist=-up * style(40, 85),
        elbow=15 + up * (style(40, 95) + style(12, 35) * swing),
        wrist=10 * swing,
    )
    return figure


def reach_up(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Reach above the head with one arm or both, and lower them again."""
    figure = stand(style, times)
    up = swell(cycle(style, times, 0.15, 0.5), style(0, 0.8))
    for side in ('left', 'right') if style.coin() else ('left',):
        arm = Arm(
            raise_=10 + up * style(125, 165),
            plane=style(20, 95),
            elbow=35 - up * style(5, 35),
        )
        setattr(figure, f'{side}_arm', arm)
    figure.bend = figure.bend - up * style(0, 12)
    figure.nod = figure.nod - up * style(5, 40)
    heels = up * style(0, 30)
    figure.left_leg.ankle = figure.right_leg.ankle = heels
    return figure


def clap(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Clap before the chest."""
    figure = stand(style, times)
    open_ = swell(cycle(style, times, 1.2, 3.0))
    level, elbow = style(25, 70), style(60, 95)
    for side in ('left', 'right'):
        arm = Arm(
            raise_=level,
            plane=style(75, 95) - 35 * open_,
            twist=style(25, 45) - 35 * open_,
            elbow=elbow - 15 * open_,
        )
        setattr(figure, f'{side}_arm', arm)
    return figure


def point(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Stretch an arm out and hold it."""
    figure = stand(style, times)
    out = swell(cycle(style, times, 0.1, 0.4), style(0.3, 1))
    where = style(0, 110)
    figure.left_arm = Arm(
        raise_=10 + out * style(55, 110),
        plane=where,
        elbow=25 - out * style(5, 25),
    )
    figure.look = figure.look * (1 - out) + out * (80 - where) / 2
    return figure


def drink(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Lift a cup to the mouth."""
    figure = stand(style, times)
    up = swell(cycle(style, times, 0.15, 0.45), style(0, 0.8))
    figure.left_arm = Arm(
        raise_=15 + up * style(20, 55),
        plane=style(55, 90),
        twist=up * style(-5, 30),
        elbow=70 + up * style(50, 70),
        wrist=style(-20, 20),
    )
    figure.nod = figure.nod - up * style(0, 30)
    return figure


def phone(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Hold a phone to the ear, turning slowly."""
    figure = stand(style, times)
    figure.left_arm = Arm(
        raise_=style(30, 75),
        plane=style(20, 65),
        twist=style(-35, -5),
        elbow=style(125, 145),
    )
    figure.turn = style(10, 50) * wander(style, times, 0.12)
    figure.nod = style(0, 25) + 5 * wander(style, times, 0.5)
    return figure


def look_around(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Turn the head, and some of the trunk, from side to side."""
    figure = stand(style, times)
    side = np.sin(cycle(style, times, 0.15, 0.5))
    figure.look = side * style(40, 80)
    figure.twist = side * style(0, 35)
    figure.nod = style(-15, 15) + 10 * wander(style, times, 0.3)
    return figure


def stretch(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Open both arms wide, and lower them."""
    figure = stand(style, times)
    out = swell(cycle(style, times, 0.15, 0.6), style(0, 0.7))
    height, back = style(75, 150), style(-25, 10)
    for side in ('left', 'right'):
        arm = Arm(raise_=10 + out * height, plane=back, elbow=style(3, 25))
        setattr(figure, f'{side}_arm', arm)
    figure.bend = figure.bend - out * style(0, 12)
    return figure


def bend_sideways(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Bend the trunk to a side, often with an arm overhead."""
    figure = stand(style, times)
    phase = cycle(style, times, 0.12, 0.5)
    down = swell(phase, style(0, 0.7))
    if style.coin():  # both sides in turn
        down = np.sin(phase)
    figure.lean = -down * style(20, 50)
    figure.roll = -down * style(0, 12)
    figure.twist = style(-8, 8)
    if style.coin():
        lifted = np.clip(down, 0, 1)
        figure.left_arm = Arm(
            raise_=10 + lifted * style(130, 165),
            plane=style(0, 40),
            elbow=style(5, 50),
        )
    return figure


def bend_forward(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Bow, or reach for the floor."""
    figure = stand(style, times)
    down = swell(cycle(style, times, 0.12, 0.5), style(0, 0.8))
    deep = style(25, 100)
    knees = style(0, 35)
    figure.tilt = down * deep * 0.5
    figure.bend = down * deep * 0.6
    for side in ('left', 'right'):
        leg = getattr(figure, f'{side}_leg')
        leg.hip, leg.knee = down * (0.5 * deep + knees / 2), down * knees + 3
        leg.level = 0.0
        arm = Arm(
            raise_=10 + down * deep * style(0.6, 1.1),
            plane=style(70, 95),
            elbow=style(5, 35),
        )
        setattr(figure, f'{side}_arm', arm)
    return figure


def twist_torso(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Turn the shoulders left and right, arms bent or wide."""
    figure = stand(style, times)
    side = np.sin(cycle(style, times, 0.25, 0.9))
    figure.twist = side * style(30, 65)
    figure.look = side * style(0, 30)
    level, elbow = style(35, 90), style(15, 110)
    for name, away in (('left', 1), ('right', -1)):
        arm = Arm(
            raise_=level,
            plane=style(10, 60) - away * 15 * side,
            twist=style(0, 40),
            elbow=elbow,
        )
        setattr(figure, f'{name}_arm', arm)
    return figure
