"""People keep their identities, also when they cross or are hidden."""

import numpy as np
import pytest

from semtta_mm.detection.people.kalman import BoxFilter
from semtta_mm.detection.people.tiles import overlaps
from semtta_mm.detection.people.tracking import (
    FrameBoxes,
    TrackerOptions,
    track_boxes,
)

FPS, STEP = 30.0, 3


def box(x, y, height):
    """Box of a person whose middle is at x, and whose feet are at y."""
    width = 0.4 * height
    return np.array([x - width / 2, y - height, x + width / 2, y])


def film(paths, seconds, hidden=None, noise=1.0, scores=0.8, colours=None):
    """Detections of people on paths ``t -> box``; hidden: t, person."""
    rng = np.random.default_rng(0)
    for frame in range(0, round(seconds * FPS), STEP):
        t = frame / FPS
        shown = [i for i in range(len(paths)) if not (hidden and hidden(t, i))]
        rng.shuffle(shown)
        boxes = np.array([paths[i](t) for i in shown]).reshape(-1, 4)
        boxes = boxes + rng.normal(0, noise, boxes.shape)
        looks = None if colours is None else colours[shown]
        yield (
            FrameBoxes(frame, boxes, np.full(len(shown), scores), looks),
            shown,
        )


def identities(paths, seconds, **options):
    """For each tracked person, the set of true people in its detections."""
    frames = list(film(paths, seconds, **options))
    truth = {f.frame: shown for f, shown in frames}
    tracked = track_boxes([f for f, _ in frames], FPS)
    return [
        {truth[f][row] for f, row in zip(p.frames, p.rows, strict=True)}
        for p in tracked
    ], tracked


def walk(start, speed, y=400.0, height=200.0):
    return lambda t: box(start + speed * t, y, height)


CROSSING = [walk(100, 120), walk(700, -120, y=410, height=210)]
"""They meet after 2.5 s, at 400 px."""


def test_crossing_people_keep_their_identities():
    found, tracked = identities(CROSSING, 5.0)
    assert found == [{1}, {0}]  # the taller one first
    assert [len(p.frames) for p in tracked] == [50, 50]


@pytest.mark.parametrize('seconds', [0.3, 0.6, 0.9])
def test_a_person_hidden_behind_the_other_comes_back(seconds):
    def hidden(t, person):
        return person == 0 and abs(t - 2.5) < seconds / 2

    found, _ = identities(CROSSING, 5.0, hidden=hidden)
    assert found == [{1}, {0}]


def test_a_person_hidden_too_long_is_a_new_one():
    def hidden(t, person):
        return 1 < t < 2.6

    found, tracked = identities([walk(100, 30)], 4.0, hidden=hidden)
    assert found == [{0}, {0}]
    assert tracked[0].frames[-1] / FPS <= 1.0
    assert tracked[1].frames[0] / FPS >= 2.6


def test_colours_tell_people_apart_who_turn_back():
    """Both meet, are one detection for a while, and go back."""

    def meet(side):
        def path(t):
            far = 40 + 150 * abs(t - 2)
            return box(400 + side * far, 400, 200)

        return path

    def hidden(t, person):
        return person == 0 and 1.6 < t < 2.4

    colours = np.array([[1.0, 0, 0], [0, 0, 1.0]])
    paths = [meet(-1), meet(1)]
    found, _ = identities(paths, 4.0, hidden=hidden, colours=colours)
    assert sorted(map(tuple, found)) == [(0,), (1,)]
    found, _ = identities(paths, 4.0, hidden=hidden)
    assert len(found) == 3  # without colours one is a new person


def test_a_light_that_goes_on_ends_no_person():
    dark, light = np.eye(2)
    boxes = walk(100, 50)(0)[None]
    frames = [
        FrameBoxes(3 * i, boxes, np.array([0.9]), looks[None])
        for i, looks in enumerate([dark, dark, light, light])
    ]
    assert len(track_boxes(frames, FPS)) == 1


def test_uncertain_detections_continue_a_person_but_start_none():
    frames = [f for f, _ in film([walk(100, 50)], 1.0, scores=0.15)]
    assert track_boxes(frames, FPS) == []
    first = next(film([walk(100, 50)], 1.0, scores=0.5))[0]
    (person,) = track_boxes([first, *frames[1:]], FPS)
    assert len(person.frames) == len(frames)


def test_a_person_begins_with_the_uncertain_detections_before():
    """Uncertain for a second, then certain; another one stays uncertain."""
    frames = []
    for found, _ in film([walk(100, 50), walk(500, 0)], 2.0):
        scores = np.full(2, 0.15)
        near = found.boxes[:, 0] < 300
        scores[near] = 0.15 if found.frame < 30 else 0.6
        frames.append(FrameBoxes(found.frame, found.boxes, scores))
    (person,) = track_boxes(frames, FPS)
    assert person.frames == [found.frame for found in frames]
    for found, row in zip(frames, person.rows, strict=True):
        assert found.boxes[row, 0] < 300


def test_another_place_or_size_is_another_person():
    there = FrameBoxes(3, box(600, 400, 200)[None], np.array([0.9]))
    large = FrameBoxes(3, box(100, 400, 390)[None], np.array([0.9]))
    here = FrameBoxes(0, box(100, 400, 200)[None], np.array([0.9]))
    for other in (there, large):
        assert len(track_boxes([here, other], FPS)) == 2
    wide = TrackerOptions(max_ratio=3, reach=2, max_cost=1)
    assert len(track_boxes([here, large], FPS, wide)) == 1


def test_the_filter_learns_a_constant_velocity():
    person = BoxFilter(box(0, 400, 200))
    for i in range(1, 21):
        person.predict(0.1)
        person.update(box(12 * i, 400, 200))
    person.predict(0.5)
    middle = (person.box[0] + person.box[2]) / 2
    assert middle == pytest.approx(300, abs=5)
    assert person.box[3] - person.box[1] == pytest.approx(200, abs=1)


def test_overlap_of_boxes():
    first = np.array([[0, 0, 10, 10.0]])
    second = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 0, 30, 9.0]])
    assert overlaps(first, second)[0] == pytest.approx([1, 1 / 3, 0])
