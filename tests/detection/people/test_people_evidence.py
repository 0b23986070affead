"""What tells a person from a poster, a chair and noise."""

from dataclasses import replace

import numpy as np
import pytest
from people_poses import FPS, HEIGHT, NAMES, poses

from semtta_mm.detection import DetectionResult
from semtta_mm.detection.people import Limits, TrackedPeople, measure
from semtta_mm.detection.people.evidence import (
    Evidence,
    agreement,
    asymmetry,
    inner_motion,
    largest_motion,
    limb_change,
    why_no_person,
)


def candidate(first, second, scores=0.5, missing=0):
    """Both networks' joints of one candidate, in all frames."""
    frames = np.arange(len(first))
    box = np.array([340, 200, 460, 200 + HEIGHT])
    people = TrackedPeople(
        fps=FPS,
        image_size=(800, 600),
        searched=frames,
        people=np.zeros(len(first), int),
        frame_ids=frames,
        boxes=np.tile(box, (len(first), 1)),
        scores=np.full(len(first), scores),
        keypoints=first,
        keypoint_scores=np.full(first.shape[:2], 0.6),
    )
    kept = len(second) - missing
    found = DetectionResult(
        source='a.mp4',
        fps=FPS,
        image_size=(800, 600),
        convention='coco_17',
        searched=frames,
        frame_ids=frames[:kept],
        keypoints=second[:kept],
        scores=np.full((kept, 17), 0.9),
        boxes=np.tile(box, (kept, 1)),
    )
    return measure(people, 0, found)


def verdict(*args, **options):
    return why_no_person(candidate(*args, **options), Limits())


def test_a_walking_person_is_one():
    first = poses(40, swing=0.1, noise=0.01)
    second = poses(40, swing=0.1, noise=0.01, seed=1)
    assert verdict(first, second) is None


def test_a_photograph_is_a_person_and_a_poster_is_not():
    still = poses(1)
    assert verdict(still, still) is None
    poster = poses(40, noise=0.002)  # the noise of a compressed video
    assert 'does not move' in verdict(poster, poses(40, noise=0.002, seed=1))
    short = poses(15)
    assert verdict(short, short) is None


def test_a_poster_before_a_moving_camera_is_none():
    poster, t = poses(60), np.arange(60)[:, None, None] / 60
    moved = (poster - 300) * (1 + 0.3 * t) + 200 * t
    assert 'does not move' in verdict(moved, moved)


def test_networks_that_see_different_things():
    """In noise each network imagines another body."""
    rng = np.random.default_rng(0)
    first = rng.uniform(200, 400, (40, 17, 2))
    second = rng.uniform(200, 400, (40, 17, 2))
    assert 'other joints' in verdict(first, second)
    walk = poses(40, swing=0.1)
    assert 'other joints' in verdict(walk, walk, missing=36)


def test_limbs_of_changing_lengths():
    wild = poses(40, swing=0.1, noise=0.06)
    assert 'lengths' in verdict(wild, wild)


def test_left_and_right_of_different_lengths():
    crooked = poses(40, swing=0.05)
    for joint in ('elbow', 'wrist', 'knee', 'ankle'):
        k, parent = NAMES.index(f'left_{joint}'), NAMES.index('left_hip')
        crooked[:, k] = crooked[:, parent] + 0.2 * (
            crooked[:, k] - crooked[:, parent]
        )
    assert 'differ' in verdict(crooked, crooked)


def test_an_uncertain_detector():
    """Another network that sees the same joints makes up for it."""
    walk = poses(40, swing=0.1)
    assert verdict(walk, walk, scores=0.15) is None
    elsewhere = walk + [0.5 * HEIGHT, 0]
    assert 'uncertain' in verdict(walk, elsewhere, scores=0.15)
    assert 'other joints' in verdict(walk, elsewhere, scores=0.5)


def test_agreement_counts_the_frames_of_the_first():
    joints = np.zeros((4, 12, 2))
    other = joints.copy()
    other[1] += 15  # 21 px of 100
    found = agreement(
        joints, np.arange(4), other[:3], np.arange(3), np.full(4, 100.0)
    )
    assert found == 0.5
    hidden = np.full((4, 12, 2), np.nan)
    frames, heights = np.arange(4), np.full(4, 100.0)
    assert agreement(joints, frames, hidden, frames, heights) == 0


def test_measures_of_a_limb():
    """Left upper arm: 10, 20, 20 px; right: 10 px."""
    points = np.full((3, 12, 2), np.nan)
    points[:, :4] = 0
    points[:, 2, 0] = 10, 20, 20
    points[:, 3, 0] = 10
    steps = np.ones(2, bool)
    left = points.copy()
    left[:, 3] = np.nan
    # One step of log 2, one without a change.
    assert limb_change(left, steps) == pytest.approx(np.log(2) / 2)
    assert np.isnan(limb_change(points[:1], np.zeros(0, bool)))
    assert asymmetry(points) == pytest.approx(np.log(2))


def test_motion_of_the_whole_is_no_inner_motion():
    rest = poses(30)[:, 5:]
    heights = np.full(30, HEIGHT)
    turn = np.exp(0.02j * np.arange(30))[:, None]
    plane = (rest[..., 0] + 1j * rest[..., 1] - 300) * turn * 1.5 + 70
    turned = np.stack([plane.real, plane.imag], axis=-1)
    assert inner_motion(turned, heights * 1.5) < 1e-6
    swung = poses(30, swing=0.1)[:, 5:]
    # Ten frames a second, median over five: the swing is flattened.
    assert inner_motion(swung, heights) > 0.02
    assert np.isnan(inner_motion(np.full((5, 12, 2), np.nan), heights[:5]))


def test_unknown_measures_are_no_reason():
    evidence = Evidence(5, 0.5, 1.0, np.nan, np.nan, np.nan)
    assert why_no_person(evidence, Limits()) is None
    assert why_no_person(replace(evidence, motion=0.0), Limits())


def test_who_stands_still_after_walking_in_has_moved():
    rng = np.random.default_rng(0)
    body = rng.uniform(0, 100, (1, 12, 2))
    points = np.repeat(body, 600, axis=0)
    points[:15, 9] += np.linspace(12, 0, 15)[:, None]  # a step, then nothing
    points[:15, 10] -= np.linspace(12, 0, 15)[:, None]
    points[:15, 11] += np.linspace(9, 0, 15)[:, None]
    heights = np.full(600, 100.0)
    assert inner_motion(points, heights) < 0.015
    assert largest_motion(points, heights, 30) > 0.03
    assert largest_motion(points[50:], heights[50:], 30) < 1e-6
    assert np.isnan(largest_motion(points * np.nan, heights, 30))
