"""Procedural actions of the legs."""

from __future__ import annotations

import numpy as np

from .articulated_figure import Arm, ArticulatedFigure, Leg
from .rhythm import bumps, cycle, rise, swell, wander
from .style import Style
from .upper import hanging_arm, resting_arms, stand


def balance(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Stand on the right leg, the left lifted, arms out and correcting."""
    figure = stand(style, times)
    wobble = wander(style, times, 0.7)
    up = rise(times, style(-1.5, 1.0), style(0.5, 1.2))
    forward = style(-35, 85)
    lift = max(0.0, forward)
    figure.left_leg = Leg(
        hip=up * (forward + 6 * wobble),
        out=3 + up * (style(0, 30) + 5 * wobble),
        knee=4 + up * (style(10, 60) + 0.5 * lift),
        level=0.3,
    )
    figure.right_leg = Leg(knee=style(2, 18), hip=style(0, 9))
    figure.lean = up * (style(-14, 5) + 7 * wobble)
    figure.roll = -up * style(0, 8)
    figure.bend = figure.bend + up * max(0.0, -forward) * style(0.2, 0.9)
    level = style(25, 95)
    for side, sign in (('left', 1), ('right', -1)):
        arm = Arm(
            raise_=10 + up * (level - 10 + sign * 14 * wobble),
            plane=style(-10, 40),
            elbow=style(3, 50),
        )
        setattr(figure, f'{side}_arm', arm)
    return figure


def sit(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Sit on a chair, hands on the lap, crossed or gesturing."""
    figure = ArticulatedFigure(
        bend=style(-15, 25),
        tilt=style(-15, 10),
        lean=style(-8, 8),
        nod=style(-10, 30),
        look=style(-40, 40) + 8 * wander(style, times, 0.2),
    )
    wide = style(2, 28)
    for side in ('left', 'right'):
        leg = Leg(hip=style(75, 98), knee=style(55, 105), out=wide, level=0.7)
        setattr(figure, f'{side}_leg', leg)
        busy = style(0, 18) * wander(style, times, 0.5)
        arm = Arm(
            raise_=style(10, 45) + busy,
            plane=style(40, 95),
            twist=style(0, 50),
            elbow=style(30, 100) + busy,
        )
        setattr(figure, f'{side}_arm', arm)
    return figure


def sit_down(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Sit down and stand up again."""
    figure = stand(style, times)
    down = swell(cycle(style, times, 0.12, 0.35), style(0, 0.8))
    # The trunk leans forward half way, and is upright on the chair.
    dip = 4 * down * (1 - down) * style(15, 45)
    figure.tilt = dip
    figure.bend = style(-5, 15) + dip * 0.4
    _bend_knees(
        figure, style, down * style(75, 95), down * style(75, 105), dip
    )
    return figure


def squat(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Squat and rise, arms forward or hanging."""
    figure = stand(style, times)
    down = swell(cycle(style, times, 0.2, 0.7), style(0, 0.5))
    deep = style(60, 120)
    tilt = down * style(15, 45)
    figure.tilt = tilt
    figure.bend = down * style(-5, 15)
    _bend_knees(figure, style, down * deep * 0.75, down * deep, tilt)
    if style.coin():
        for side in ('left', 'right'):
            arm = Arm(
                raise_=10 + down * style(60, 110),
                plane=style(70, 95),
                elbow=style(3, 40),
            )
            setattr(figure, f'{side}_arm', arm)
    return figure


def _bend_knees(
    figure: ArticulatedFigure,
    style: Style,
    hip: np.ndarray,
    knee: np.ndarray,
    tilt: np.ndarray,
) -> None:
    wide = style(3, 25)
    for side in ('left', 'right'):
        leg = Leg(hip=hip + tilt, knee=knee + 4, out=wide, twist=wide)
        leg.level = 0.8
        setattr(figure, f'{side}_leg', leg)


def lunge(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """A long step forward, and down."""
    figure = stand(style, times)
    down = swell(cycle(style, times, 0.15, 0.5), style(0, 0.6))
    deep = style(50, 95)
    figure.left_leg = Leg(hip=down * deep, knee=4 + down * deep)
    figure.right_leg = Leg(
        hip=-down * style(5, 30), knee=4 + down * style(35, 95), level=0.2
    )
    figure.bend = down * style(-5, 25)
    return figure


def climb_stairs(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Climb: knees lifted high in front, trunk leaning forward."""
    phase = cycle(style, times, 0.5, 1.1)
    high, push = style(45, 80), style(5, 25)
    figure = ArticulatedFigure(
        bend=style(4, 22), tilt=style(0, 12), nod=style(-5, 30)
    )
    swing = style(5, 30)
    for side, at in (('left', phase), ('right', phase + np.pi)):
        lift = swell(at)
        early = swell(at + 0.7)
        leg = Leg(
            hip=lift * high + figure.tilt - (1 - lift) * style(0, 8),
            knee=6 + early * (high + push),
            out=style(1, 7),
            level=0.8,
        )
        setattr(figure, f'{side}_leg', leg)
    for side, at in (('left', phase + np.pi), ('right', phase)):
        arm = Arm(
            raise_=8 + swing * swell(at),
            plane=85,
            elbow=style(15, 55) + 10 * swell(at),
        )
        setattr(figure, f'{side}_arm', arm)
    figure.twist = style(2, 10) * np.cos(phase)
    if style.coin():  # a hand on the rail
        figure.left_arm = Arm(
            raise_=style(30, 60),
            plane=style(30, 85),
            elbow=style(20, 70) + 8 * np.sin(phase),
        )
    return figure


def march(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """March in place, knees up, arms swinging straight."""
    phase = cycle(style, times, 0.6, 1.3)
    high, swing = style(40, 95), style(20, 75)
    figure = ArticulatedFigure(bend=style(-6, 6), look=style(-10, 10))
    bent = style(5, 60)
    for side, at in (('left', phase), ('right', phase + np.pi)):
        lift = bumps(at, 1.3)
        leg = Leg(hip=lift * high, knee=4 + lift * (high + 8), level=0.7)
        setattr(figure, f'{side}_leg', leg)
        arm = Arm(raise_=-swing * np.sin(at), plane=88, elbow=bent)
        setattr(figure, f'{side}_arm', arm)
    return figure


def jumping_jacks(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Arms and legs open and close together."""
    open_ = swell(cycle(style, times, 0.6, 1.4), style(0, 0.3))
    figure = ArticulatedFigure(bend=style(-5, 8))
    wide, height = style(12, 32), style(110, 168)
    for side in ('left', 'right'):
        leg = Leg(out=2 + wide * open_, knee=6 + 10 * open_ * (1 - open_))
        setattr(figure, f'{side}_leg', leg)
        arm = Arm(
            raise_=8 + height * open_, plane=style(-5, 15), elbow=style(2, 30)
        )
        setattr(figure, f'{side}_arm', arm)
    return figure


def side_step(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Step to a side, foot after foot."""
    phase = cycle(style, times, 0.5, 1.2)
    wide = style(10, 28)
    figure = ArticulatedFigure(bend=style(0, 22), nod=style(-5, 20))
    bent = style(4, 30)
    for side, at in (('left', phase), ('right', phase + np.pi)):
        lift = bumps(at, 1.5)
        leg = Leg(
            hip=bent / 2 + lift * style(5, 25),
            knee=bent + lift * style(10, 45),
            out=2 + wide * swell(phase),
        )
        setattr(figure, f'{side}_leg', leg)
    figure.lean = style(2, 9) * np.sin(phase)
    figure.left_arm, figure.right_arm = resting_arms(style)
    return figure


def turn_around(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Turn on the spot with small steps."""
    phase = cycle(style, times, 0.8, 1.6)
    figure = ArticulatedFigure(turn=style(35, 110) * times, bend=style(-4, 10))
    high = style(10, 35)
    for side, at in (('left', phase), ('right', phase + np.pi)):
        lift = bumps(at, 1.5)
        leg = Leg(hip=lift * high, knee=4 + 1.8 * lift * high)
        leg.twist = 6 + style(5, 20) * np.cos(at)
        setattr(figure, f'{side}_leg', leg)
        arm = hanging_arm(style)
        arm.raise_ = arm.raise_ + 6 * swell(at + np.pi)
        setattr(figure, f'{side}_arm', arm)
    figure.look = style(5, 35)
    return figure


def kneel(style: Style, times: np.ndarray) -> ArticulatedFigure:
    """Down on the right knee, and up again."""
    figure = stand(style, times)
    down = swell(cycle(style, times, 0.1, 0.3), style(0.2, 0.9))
    figure.left_leg = Leg(hip=down * style(80, 98), knee=4 + down * 88)
    figure.right_leg = Leg(
        hip=-down * style(0, 15),
        knee=4 + down * style(82, 105),
        ankle=down * style(5, 30),
        level=0.0,
    )
    figure.bend = down * style(-5, 30)
    figure.nod = style(0, 35) * down
    return figure
