"""Joins the people of single frames to people with identities.

A detection and a person are compared by their overlap, the distance from
the place that constant velocity predicts, their size and their colours;
Hungarian assignment finds the best pairs. Certain detections choose first,
uncertain ones may only continue a person (Zhang et al., ByteTrack, 2022).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from .kalman import BoxFilter
from .tiles import overlaps

IMPOSSIBLE = 1e6
"""Cost of a pair that cannot be."""


@dataclass(frozen=True)
class TrackerOptions:
    """Values of the tracker.

    Attributes:
        certain: Score of a detection that can start a person.
        max_gap: Seconds that a person may be hidden.
        reach: Largest distance of the centres, over the mean height.
        max_ratio: Largest ratio of two heights.
        max_cost: Largest cost of a place; 0 is the predicted one.
        colour_weight: Share of the colours in the cost.
    """

    certain: float = 0.25
    max_gap: float = 1.0
    reach: float = 0.6
    max_ratio: float = 1.6
    max_cost: float = 0.8
    colour_weight: float = 0.4


@dataclass
class Tracked:
    """One person while tracking.

    Attributes:
        filter: Predicts the box.
        frames: Frame numbers of the detections.
        rows: Index of the detection in each of the frames.
        colours: Mean colour histogram ``[D]``; None without colours.
    """

    filter: BoxFilter
    frames: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    colours: np.ndarray | None = None

    def add(
        self, frame: int, row: int, box: np.ndarray, colours: np.ndarray | None
    ) -> None:
        """Continue with a detection."""
        if self.frames:
            self.filter.update(box)
        self.frames.append(frame)
        self.rows.append(row)
        if colours is not None:
            known = colours if self.colours is None else self.colours
            self.colours = 0.9 * known + 0.1 * colours


@dataclass(frozen=True)
class FrameBoxes:
    """Detections of one frame.

    Attributes:
        frame: Its number.
        boxes: ``[N, 4]`` (x1, y1, x2, y2), px.
        scores: ``[N]``.
        colours: Histograms ``[N, D]`` with sum 1; None leaves them out.
    """

    frame: int
    boxes: np.ndarray
    scores: np.ndarray
    colours: np.ndarray | None = None


def track_boxes(
    frames: Iterable[FrameBoxes],
    fps: float,
    options: TrackerOptions | None = None,
) -> list[Tracked]:
    """Follow people through a video.

    Args:
        frames: Detections in rising order of the frames.
        fps: Frames of the video per second.
        options: Values of the tracker.

    Returns:
        People in the order of appearance; in the same frame, the taller one
        first.
    """
    options = options or TrackerOptions()
    frames = list(frames)
    finished: list[Tracked] = []
    active: list[Tracked] = []
    last: int | None = None
    for found in frames:
        seconds = 0.0 if last is None else (found.frame - last) / fps
        last = found.frame
        for person in active:
            person.filter.predict(seconds)
        gone = [(last - p.frames[-1]) / fps > options.max_gap for p in active]
        finished += [p for p, g in zip(active, gone, strict=True) if g]
        active = [p for p, g in zip(active, gone, strict=True) if not g]
        active += _continue(active, found, options)
    people = sorted(finished + active, key=lambda p: p.frames[0])
    _extend_back(people, frames, fps, options)
    return sorted(people, key=lambda p: p.frames[0])


def _extend_back(
    people: list[Tracked],
    frames: list[FrameBoxes],
    fps: float,
    options: TrackerOptions,
) -> None:
    """Begin each person with the uncertain detections before it.

    Args:
        people: Tracked forwards; changed in place.
        frames: All frames in rising order.
        fps: Frames of the video per second.
        options: Values of the tracker.
    """
    places = {found.frame: i for i, found in enumerate(frames)}
    used = {
        (frame, row)
        for person in people
        for frame, row in zip(person.frames, person.rows, strict=True)
    }
    for person in people:
        start = places[person.frames[0]]
        back, last = _reversed(person, frames, places, fps)
        for found in frames[start - 1 :: -1] if start else []:
            if (person.frames[0] - found.frame) / fps > options.max_gap:
                break
            back.filter.predict((last - found.frame) / fps)
            last = found.frame
            free = [(last, row) not in used for row in range(len(found.boxes))]
            rows = np.flatnonzero(free)
            cost = pair_costs([back], found, rows, options)[0]
            if len(rows) and cost.min() < IMPOSSIBLE:
                row = int(rows[cost.argmin()])
                back.filter.update(found.boxes[row])
                person.frames.insert(0, last)
                person.rows.insert(0, row)
                used.add((last, row))


def _reversed(
    person: Tracked,
    frames: list[FrameBoxes],
    places: dict[int, int],
    fps: float,
    count: int = 5,
) -> tuple[Tracked, int]:
    """A person whose first detections were seen in reverse; and its frame."""
    first = list(zip(person.frames, person.rows, strict=True))[:count]
    boxes = [(f, frames[places[f]].boxes[row]) for f, row in first]
    last, box = boxes.pop()
    back = Tracked(BoxFilter(box), colours=person.colours)
    for frame, box in reversed(boxes):
        back.filter.predict((last - frame) / fps)
        back.filter.update(box)
        last = frame
    return back, last


def _continue(
    active: list[Tracked], found: FrameBoxes, options: TrackerOptions
) -> list[Tracked]:
    """Add the detections of a frame; returns new people, the tallest first."""
    certain = found.scores >= options.certain
    free = np.ones(len(active), bool)
    unused = np.ones(len(found.boxes), bool)
    for stage in (certain, ~certain):
        people, rows = np.flatnonzero(free), np.flatnonzero(stage & unused)
        cost = pair_costs([active[p] for p in people], found, rows, options)
        for i, j in zip(*linear_sum_assignment(cost), strict=True):
            if cost[i, j] < IMPOSSIBLE:
                person, row = people[i], rows[j]
                _add(active[person], found, row)
                free[person], unused[row] = False, False
    rows = np.flatnonzero(certain & unused)
    heights = found.boxes[rows, 3] - found.boxes[rows, 1]
    new = []
    for row in rows[np.argsort(-heights, kind='stable')]:
        person = Tracked(BoxFilter(found.boxes[row]))
        _add(person, found, row)
        new.append(person)
    return new


def _add(person: Tracked, found: FrameBoxes, row: int) -> None:
    colours = None if found.colours is None else found.colours[row]
    person.add(found.frame, int(row), found.boxes[row], colours)


def pair_costs(
    people: list[Tracked],
    found: FrameBoxes,
    rows: np.ndarray,
    options: TrackerOptions,
) -> np.ndarray:
    """Costs of all pairs of a person and a detection.

    Args:
        people: P people, predicted to the frame.
        found: The frame.
        rows: Which R of its detections.
        options: Values of the tracker.

    Returns:
        ``[P, R]``; :data:`IMPOSSIBLE` for a pair that cannot be.
    """
    expected = np.array([p.filter.box for p in people]).reshape(-1, 4)
    boxes = found.boxes[rows]
    size, other = (
        expected[:, 2:] - expected[:, :2],
        boxes[:, 2:] - boxes[:, :2],
    )
    height = (size[:, None, 1] + other[None, :, 1]) / 2
    centres = expected[:, None, :2] + size[:, None] / 2
    offset = centres - (boxes[:, :2] + other / 2)
    distance = np.linalg.norm(offset, axis=-1) / np.maximum(height, 1)
    # The longer a person is hidden, the less its place is known.
    spread = np.array([p.filter.spread for p in people])[:, None] / height
    reach = options.reach + spread
    place = 0.5 * (1 - overlaps(expected, boxes)) + 0.5 * distance / reach
    ratio = size[:, None, 1] / np.maximum(other[None, :, 1], 1)
    ratio = np.maximum(ratio, 1 / np.maximum(ratio, 1e-6))
    possible = (distance <= reach) & (ratio <= options.max_ratio)
    cost, share = place, options.colour_weight
    if found.colours is not None and len(people):
        # Colours may allow a pair, but not forbid it: light may change.
        known = np.array([p.colours for p in people])
        alike = np.sqrt(known[:, None] * found.colours[rows]).sum(axis=-1)
        cost = (1 - share) * place + share * 2 * (1 - alike)
    possible &= np.minimum(cost, place) <= options.max_cost
    return np.where(possible, cost, IMPOSSIBLE)
