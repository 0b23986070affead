"""Takes of a test set: choice, length and repetition."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.models.bodies import SMPLBody
from semtta_mm.synthetic.motions import library
from semtta_mm.synthetic.test_sets.motions import (
    best_loop,
    blend,
    choose_takes,
    heading,
    is_long_enough,
    prolonged,
    source_motions,
    without_heading,
)
from semtta_mm.training_data import MotionClip
from semtta_mm.utils import InputError

UP = np.eye(3)


def turned(degrees, axis=(0.0, 1.0, 0.0)):
    vectors = np.radians(degrees)[:, None] * np.array(axis)
    return Rotation.from_rotvec(vectors).as_matrix()


def clip_of(label, frames=200, source='procedural', name=None):
    pose = np.tile(UP, (frames, 24, 1, 1))
    return MotionClip(name or label, label, source, 30.0, pose)


def test_heading_is_the_turn_about_the_vertical():
    lean = Rotation.from_euler('x', 30, degrees=True).as_matrix()
    root = turned(np.array([0.0, 40, 170, -120]))
    np.testing.assert_allclose(heading(root @ lean), root, atol=1e-9)
    np.testing.assert_allclose(
        without_heading(root @ lean), np.tile(lean, (4, 1, 1)), atol=1e-9
    )


def test_blend_half_way():
    first, second = (
        turned(np.array([0.0]))[:, None],
        turned(np.array([60.0]))[:, None],
    )
    half = blend(first, second, np.full((1, 1, 1), 0.5))
    np.testing.assert_allclose(
        half, turned(np.array([30.0]))[:, None], atol=1e-9
    )


def test_prolonged_motion_is_smooth_and_keeps_turning():
    """A bow every 20 frames while turning by 2 degrees a frame."""
    frame = np.arange(70)
    clip = clip_of('a', 70)
    clip.pose[:, 0] = turned(2.0 * frame)
    bow = 30 * np.sin(2 * np.pi * frame / 20)
    clip.pose[:, 3] = turned(bow, (1.0, 0, 0))
    first, last = best_loop(clip.pose)
    assert (last - first) % 20 == 0
    longer = prolonged(clip, 150).pose
    assert len(longer) >= 150
    # No step is larger than in the motion itself (9.4 degrees).
    steps = np.swapaxes(longer[:-1, [0, 3]], -1, -2) @ longer[1:, [0, 3]]
    angle = Rotation.from_matrix(steps.reshape(-1, 3, 3)).magnitude()
    assert np.degrees(angle).max() < 9.5
    turn = Rotation.from_matrix(longer[:, 0]).as_euler('yxz')[:, 0]
    assert np.degrees(np.unwrap(turn))[140] == pytest.approx(280, abs=5)


@pytest.mark.parametrize(('fall', 'good'), [(40.0, True), (120.0, False)])
def test_motion_with_different_ends_is_not_repeated(fall, good):
    clip = clip_of('a', 60)
    clip.pose[:, 0] = turned(np.linspace(0, fall, 60), (1.0, 0, 0))
    assert is_long_enough(clip, 60)
    assert is_long_enough(clip, 61) == good


def test_takes_cycle_through_labels_then_mirror(plan_with):
    motions = [clip_of(c) for c in 'abcdef']
    takes = choose_takes(motions, plan_with(clips=12))
    assert {t.label for t in takes[:6]} == set('abcdef')
    assert [t.mirrored for t in takes] == [False] * 6 + [True] * 6
    assert {len(t.pose) for t in takes} == {24}


def test_sources_alternate(plan_with):
    motions = [clip_of(c) for c in 'abc']
    motions += [clip_of(c, source='pybullet') for c in 'xyz']
    takes = choose_takes(motions, plan_with(clips=6))
    assert [t.source for t in takes] == ['procedural', 'pybullet'] * 3


def test_dev_and_test_share_no_motion(monkeypatch, plan_with):
    """Procedural motions of both splits, chosen by the public function."""
    monkeypatch.setattr(library, 'pybullet_clips', lambda *_: [])
    rest = SMPLBody().joint_template.numpy()
    chosen = []
    for split in ('dev', 'test'):
        motions = source_motions(split, 0, 2.0, None, rest)
        takes = choose_takes(motions, plan_with(split=split, clips=23))
        chosen.append({t.motion for t in takes})
        assert all(f'/{split}/' in name for name in chosen[-1])
    assert len(chosen[0]) == len(chosen[1]) == 23
    assert not chosen[0] & chosen[1]


def test_too_few_labels_are_an_error(plan_with):
    with pytest.raises(InputError, match='have 5 labels, 6 are needed'):
        choose_takes([clip_of(c) for c in 'abcde'], plan_with(clips=6))


def test_splits_and_stages_draw_different_numbers(plan_with):
    """Only the shift does not change motions and noise."""
    base = plan_with().rng('look', 0).random(4)
    others = [
        plan_with(split='dev').rng('look', 0),
        plan_with(edition='cmu').rng('look', 0),
        plan_with(seed=1).rng('look', 0),
        plan_with().rng('look', 1),
        plan_with().rng('camera', 0),
    ]
    assert all((rng.random(4) != base).all() for rng in others)
    same = plan_with(shift='none').rng('look', 0).random(4)
    np.testing.assert_array_equal(same, base)
