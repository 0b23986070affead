"""Parts of the test sets, each against what can be worked out by hand."""

import dataclasses

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.conventions import keypoint_names
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.synthetic.motions import MotionClip, library
from semtta_mm.synthetic.motions.procedural import make_clip
from semtta_mm.synthetic.poses import sample_betas
from semtta_mm.synthetic.test_sets.body_track import shifted_betas, world_body
from semtta_mm.synthetic.test_sets.detector import Detector, limb_lengths
from semtta_mm.synthetic.test_sets.film import (
    behind,
    depth_margins,
    render_clip,
)
from semtta_mm.synthetic.test_sets.ground import (
    PLANTED,
    contact_path,
    grounded_path,
)
from semtta_mm.synthetic.test_sets.looks import Look
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
from semtta_mm.synthetic.test_sets.rig import LOWEST, Rig, sample_rig
from semtta_mm.synthetic.test_sets.room import (
    FLOORS,
    WALLS,
    Room,
    backdrop,
)
from semtta_mm.synthetic.test_sets.shifted_look import ShiftedLook
from semtta_mm.synthetic.test_sets.variants import missing_mask
from semtta_mm.utils import InputError

UP = np.eye(3)


def turned(degrees, axis=(0.0, 1.0, 0.0)):
    vectors = np.radians(degrees)[:, None] * np.array(axis)
    return Rotation.from_rotvec(vectors).as_matrix()


def clip_of(label, frames=200, source='procedural', name=None):
    pose = np.tile(UP, (frames, 24, 1, 1))
    return MotionClip(name or label, label, source, 30.0, pose)


@pytest.fixture(scope='module')
def marching():
    """A world body that marches, [40, ...]."""
    rng = np.random.default_rng(0)
    pose = make_clip('march in place', rng, 2.0, 30.0, 'dev').pose[:40]
    return world_body(SMPLBody(), pose, np.zeros(10), 'coco_23')


# Ground


def box_on_legs(feet, height=1.0):
    """Two feet [T, 2, 3] and a far higher head."""
    head = feet.mean(axis=1, keepdims=True) + [0, height, 0]
    return np.concatenate([feet, head], axis=1)


def test_standing_foot_does_not_slide():
    """A foot that goes back by 1 cm a frame pushes the body 1 cm on."""
    feet = np.zeros((11, 2, 3))
    feet[:, 0, 2] = -0.01 * np.arange(11)
    feet[:, 1] = [0.2, 0.3, 0]  # in the air
    path = contact_path(box_on_legs(feet))
    np.testing.assert_allclose(path[:, 1], 0.01 * np.arange(11), atol=1e-9)
    np.testing.assert_allclose(path[:, 0], 0, atol=1e-9)


def test_long_ways_are_walked_on_the_spot():
    feet = np.zeros((121, 2, 3))
    feet[:, 0, 2] = -0.04 * np.arange(121)  # 4.8 m
    feet[:, 1] = [0.2, 0.3, 0]
    path = grounded_path(box_on_legs(feet))
    np.testing.assert_allclose(path, 0, atol=1e-6)


def test_short_ways_are_kept_about_the_middle():
    feet = np.zeros((11, 2, 3))
    feet[:, 0, 2] = -0.05 * np.arange(11)
    feet[:, 1] = [0.2, 0.3, 0]
    feet[:, :, 1] += 0.7
    path = grounded_path(box_on_legs(feet))
    np.testing.assert_allclose(path[[0, -1], 2], [-0.25, 0.25], atol=1e-9)
    np.testing.assert_allclose(path[:, 1], -0.7, atol=1e-9)
    assert np.ptp(path[:, 2]) < PLANTED


def test_feet_of_a_real_motion(marching):
    """Lowest vertex at 0; what is low before and after moves < 1 cm."""
    height = marching.vertices[..., 1]
    np.testing.assert_allclose(height.min(axis=1), 0, atol=1e-6)
    moved = np.linalg.norm(
        np.diff(marching.vertices[..., [0, 2]], axis=0), axis=-1
    )
    lowest = height.argmin(axis=1)[:-1]
    slide = moved[np.arange(len(moved)), lowest]
    assert np.median(slide) < 0.003
    assert moved.max() > 0.02


# Motions


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
def test_motion_that_does_not_come_back_is_not_repeated(fall, good):
    clip = clip_of('a', 60)
    clip.pose[:, 0] = turned(np.linspace(0, fall, 60), (1.0, 0, 0))
    assert is_long_enough(clip, 60)
    assert is_long_enough(clip, 61) == good


def test_takes_go_through_labels_then_mirror(plan_with):
    motions = [clip_of(c) for c in 'abcdef']
    takes = choose_takes(motions, plan_with(clips=12))
    assert {t.label for t in takes[:6]} == set('abcdef')
    assert [t.mirrored for t in takes] == [False] * 6 + [True] * 6
    assert {len(t.pose) for t in takes} == {24}


def test_sources_take_turns(plan_with):
    motions = [clip_of(c) for c in 'abc']
    motions += [clip_of(c, source='pybullet') for c in 'xyz']
    takes = choose_takes(motions, plan_with(clips=6))
    assert [t.source for t in takes] == ['procedural', 'pybullet'] * 3


def test_dev_and_test_share_no_motion(monkeypatch, plan_with):
    """Made motions of both splits, through the real choice of takes."""
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


def test_too_few_labels_are_refused(plan_with):
    with pytest.raises(InputError, match='have 5 labels, 6 are needed'):
        choose_takes([clip_of(c) for c in 'abcde'], plan_with(clips=6))


def test_splits_and_stages_draw_different_numbers(plan_with):
    """Shift is the one thing that leaves motions and noise alone."""
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


# Body and camera


def test_shifted_shapes_lie_off_training_s():
    rng = np.random.default_rng(0)
    shifted = np.stack([shifted_betas(rng) for _ in range(400)])
    usual = sample_betas(400, rng)
    assert np.abs(shifted).max() == 3
    far = np.linalg.norm(shifted[:, :2], axis=1)
    assert np.median(far) > 1.4 * np.median(
        np.linalg.norm(usual[:, :2], axis=1)
    )


@pytest.mark.parametrize('seed', range(12))
def test_shifted_camera(marching, seed):
    points = marching.keypoints
    rng = np.random.default_rng(seed)
    rig = sample_rig(points, 256, 'all', rng)
    middle = (points.min(axis=(0, 1)) + points.max(axis=(0, 1))) / 2
    distance = np.linalg.norm(rig.centre - middle)
    assert not 2.6 < distance < 9.0
    assert rig.centre[1] > LOWEST - 0.05
    seen = rig.to_camera(points)
    homogeneous = seen @ rig.intrinsics.T
    pixels = homogeneous[..., :2] / homogeneous[..., 2:]
    assert ((pixels > 0) & (pixels < 256)).all()
    roll = np.degrees(np.arctan2(rig.rotation[0, 1], -rig.rotation[1, 1]))
    assert 6.8 < abs(roll) < 16.2
    sway = Rotation.from_matrix(rig.sway).magnitude()
    assert 0 < sway.max() < np.radians(1.5)


def test_unshifted_camera_stands_still(marching):
    rig = sample_rig(marching.keypoints, 256, 'none', np.random.default_rng(0))
    np.testing.assert_array_equal(rig.sway[-1], np.eye(3))


@pytest.mark.parametrize('pattern', [*FLOORS.values(), *WALLS.values()])
def test_patterns_are_colours_with_texture(pattern):
    at = np.random.default_rng(0).uniform(-3, 3, (500, 2))
    colour = pattern(at, np.random.default_rng(1))
    assert colour.shape == (500, 3)
    assert colour.min() >= 0
    assert colour.max() <= 1
    assert colour.std(axis=0).max() > 0.03


def test_swaying_background_is_the_room_seen_by_the_turned_camera():
    """The homography against tracing the room anew."""
    turn = Rotation.from_rotvec([0.02, -0.03, 0.05]).as_matrix()
    camera = np.array([[100.0, 0, 48], [0, 100, 48], [0, 0, 1]])
    still = np.diag([1.0, -1, -1])
    place = np.array([0, 1.2, 5.0])
    rig = Rig(still, place, camera, np.stack([UP, turn]))
    other = Rig(turn @ still, turn @ place, camera, UP[None])
    room = Room(8.0, 'checks', 'stripes', 3)
    values = dict.fromkeys(
        f.name for f in dataclasses.fields(ShiftedLook)
    ) | dict(rig=rig, size=96, backdrop=backdrop(room, rig, 96))
    warped = ShiftedLook(**values).ground(192, 1)
    border = (len(values['backdrop']) - 192) // 2
    traced = backdrop(room, other, 96)[border:-border, border:-border]
    error = np.abs(warped - traced).mean()
    unturned = ShiftedLook(**values).ground(192, 0)
    assert error < 0.02
    assert np.abs(unturned - traced).mean() > 3 * error


# Picture


@dataclasses.dataclass(frozen=True)
class Silhouette(Look):
    """White body, black world."""

    def ground(self, large, frame):
        return np.zeros((large, large, 3), np.float32)

    def paint(self, seen, normals):
        return np.ones((int(seen.mask.sum()), 3))

    def develop(self, image, rng):
        return (255 * image).astype(np.uint8)


def test_body_is_drawn_where_its_vertices_are(marching):
    """Also while the camera sways."""
    body = SMPLBody()
    dress = dataclasses.make_dataclass('Bare', ['offsets'])(
        np.zeros(body.num_vertices)
    )
    rig = sample_rig(marching.keypoints, 96, 'all', np.random.default_rng(1))
    frames = list(
        render_clip(
            marching,
            body.faces.numpy(),
            rig,
            Silhouette(dress, 0.0),
            96,
            'coco_23',
            np.random.default_rng(0),
        )
    )
    homogeneous = rig.to_camera(marching.vertices) @ rig.intrinsics.T
    pixels = homogeneous[..., :2] / homogeneous[..., 2:]
    for frame, points in list(zip(frames, pixels, strict=True))[::13]:
        y, x = np.nonzero(frame.image[..., 0])
        drawn = [x.min(), y.min(), x.max() + 1, y.max() + 1]
        true = [*points.min(axis=0), *points.max(axis=0)]
        np.testing.assert_allclose(drawn, true, atol=1.5)
    hidden = np.stack([frame.hidden for frame in frames])
    assert 0.02 < hidden.mean() < 0.6


def test_behind_means_deeper_than_the_margin():
    depth = np.full((4, 4), np.inf)
    depth[1, 2] = 2.0
    camera = np.array([[4.0, 0, 2], [0, 4, 2], [0, 0, 1]])
    ray = np.array([(2.5 - 2) / 4, (1.5 - 2) / 4, 1.0])
    points = np.stack([2.05 * ray, 2.2 * ray, [-1.0, -1.0, 3.0]])
    result = behind(depth, points, camera, np.full(3, 0.1))
    assert result.tolist() == [False, True, False]


def test_hips_lie_deeper_than_wrists():
    names = keypoint_names('coco_23')
    margin = dict(zip(names, depth_margins('coco_23'), strict=True))
    assert margin['left_hip'] > margin['left_wrist']


# Detector


@pytest.fixture(scope='module')
def standing():
    """A still person [600, 23, 2], px, with limb lengths and hidden parts."""
    body = world_body(
        SMPLBody(), np.tile(UP, (1, 24, 1, 1)), np.zeros(10), 'coco_23'
    )
    camera = body.keypoints * [1, -1, -1] + [0, 0.9, 5.0]
    points = np.tile(100 * camera[..., :2] + 100, (600, 1, 1))
    lengths = np.tile(limb_lengths(camera, 500.0, 'coco_23'), (600, 1))
    hidden = np.zeros(lengths.shape, bool)
    hidden[300:] = True
    return points, lengths, hidden


def test_limb_length_in_px():
    points = np.zeros((1, 23, 3))
    points[..., 2] = 4
    names = keypoint_names('coco_23')
    points[0, names.index('left_wrist'), 0] = 0.25
    length = limb_lengths(points, 800.0, 'coco_23')[0]
    assert length[names.index('left_wrist')] == pytest.approx(50)
    assert length[names.index('right_wrist')] == 0


def test_error_grows_with_limb_blur_and_hiding(standing):
    points, lengths, hidden = standing
    names, detector = keypoint_names('coco_23'), Detector()
    sigma = detector.sigma(points, lengths, hidden, 1.0)
    knee, eye = names.index('left_knee'), names.index('left_eye')
    assert sigma[0, knee] > 2 * sigma[0, eye]
    assert (detector.sigma(points, lengths, hidden, 3.0) > sigma).all()
    np.testing.assert_allclose(
        sigma[400], detector.hidden * sigma[100], rtol=1e-9
    )


def test_noise_has_the_spread_and_memory_it_is_given():
    sigma = np.full((4000, 3), 2.0)
    noise = Detector().noise(sigma, np.random.default_rng(0))
    assert noise.std() == pytest.approx(2, rel=0.05)
    last, now = noise[:-1].ravel(), noise[1:].ravel()
    assert np.corrcoef(last, now)[0, 1] == pytest.approx(0.7, abs=0.03)


def test_scores_tell_of_errors(standing):
    points, lengths, hidden = standing
    found, scores = Detector(swaps=0).detect(
        points, lengths, hidden, 1.0, 'coco_23', np.random.default_rng(0)
    )
    seen = scores > 0
    error = np.linalg.norm(found - points, axis=-1)
    assert np.corrcoef(error[seen], scores[seen])[0, 1] < -0.5
    assert scores[:300].mean() > scores[300:].mean() + 0.2
    assert (~seen[:300]).mean() == pytest.approx(0.005, abs=0.004)
    assert (~seen[300:]).mean() == pytest.approx(0.12, abs=0.02)


def test_swaps_take_a_pair_of_limbs_for_each_other(standing):
    points, lengths, hidden = standing
    names = keypoint_names('coco_23')
    calm = dict(per_limb=0, per_blur=0, per_speed=0)
    found, _ = Detector(**calm, swaps=0.01).detect(
        points, lengths, hidden, 0.0, 'coco_23', np.random.default_rng(1)
    )
    moved = (found != points).any(axis=-1)
    assert 0.01 < moved.any(axis=1).mean() < 0.2
    assert not moved[:, names.index('left_hip')].any()
    knees = [names.index('left_knee'), names.index('right_knee')]
    at = int(np.flatnonzero(moved[:, knees[0]])[0])
    np.testing.assert_array_equal(found[at, knees], points[at, knees[::-1]])


def test_unknown_variant():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="'upper' is none of"):
        missing_mask('upper', 24, 'coco_23', rng)
