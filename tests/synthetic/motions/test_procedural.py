import numpy as np
import pytest

from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.synthetic.motions.procedural import (
    ACTIONS,
    SPLITS,
    Style,
    make_clip,
)
from semtta_mm.synthetic.motions.procedural.articulated_figure import (
    Arm,
    ArticulatedFigure,
    Leg,
)
from semtta_mm.utils import InputError

AT = {name: i for i, name in enumerate(SMPL_JOINTS)}


def made(label, joints_of, seed=3):
    """Joints [T, 24, 3] of a clip about its pelvis; y up, facing +z."""
    clip = make_clip(label, np.random.default_rng(seed))
    joints = joints_of(clip.pose)
    return joints - joints[:, :1]


@pytest.mark.parametrize('label', ACTIONS)
@pytest.mark.parametrize('split', SPLITS)
def test_clips_are_smooth_rotations(label, split):
    clip = make_clip(label, np.random.default_rng(0), 3.0, 30.0, split)
    assert (len(clip), clip.label, clip.source) == (90, label, 'procedural')
    eye = np.broadcast_to(np.eye(3), clip.pose.shape)
    product = clip.pose @ clip.pose.swapaxes(-1, -2)
    np.testing.assert_allclose(product, eye, atol=1e-9)
    trace = np.einsum('tjab,tjab->tj', clip.pose[1:], clip.pose[:-1])
    step = np.degrees(np.arccos(np.clip((trace - 1) / 2, -1, 1)))
    assert 0 < step.max() < 45  # it lives, and does not jump


def test_the_seed_determines_the_clip(joints_of):
    first, again = made('squat', joints_of, 1), made('squat', joints_of, 1)
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - made('squat', joints_of, 2)).max() > 0.05


def test_style_ranges_of_splits_are_disjoint():
    values = {
        split: np.array(
            [Style(split, np.random.default_rng(i))(-1, 1) for i in range(300)]
        )
        for split in SPLITS
    }
    assert np.abs(values['train']).max() <= 0.64
    assert np.abs(values['dev']).min() >= 0.68
    assert np.abs(values['dev']).max() <= 0.82
    assert np.abs(values['test']).min() >= 0.86
    assert all((v > 0).any() and (v < 0).any() for v in values.values())
    with pytest.raises(ValueError, match='split'):
        Style('val', np.random.default_rng(0))


def test_angles_move_their_limbs(joints_of):
    """By hand: each angle against the direction of its bone."""

    def bone(figure, start, end):
        joints = joints_of(figure.pose(1))[0]
        value = joints[AT[end]] - joints[AT[start]]
        return value / np.linalg.norm(value)

    level = ArticulatedFigure(left_arm=Arm(raise_=90, elbow=0))
    upper_arm = bone(level, 'left_shoulder', 'left_elbow')
    assert upper_arm[0] > 0.95  # to the left
    forward = ArticulatedFigure(right_arm=Arm(raise_=90, plane=90, elbow=0))
    assert bone(forward, 'right_shoulder', 'right_elbow')[2] > 0.95
    overhead = ArticulatedFigure(left_arm=Arm(raise_=175, elbow=0))
    assert bone(overhead, 'left_shoulder', 'left_elbow')[1] > 0.95
    bent = ArticulatedFigure(left_arm=Arm(raise_=0, elbow=90))
    assert bone(bent, 'left_elbow', 'left_wrist')[2] > 0.9
    sitting = ArticulatedFigure(right_leg=Leg(hip=90, knee=90))
    assert bone(sitting, 'right_hip', 'right_knee')[2] > 0.95
    assert bone(sitting, 'right_knee', 'right_ankle')[1] < -0.9
    assert bone(sitting, 'right_ankle', 'right_foot')[2] > 0.5
    bowed = ArticulatedFigure(bend=60)
    assert bone(bowed, 'pelvis', 'neck')[2] > 0.3
    leaning = ArticulatedFigure(lean=40)  # to the body's left
    assert bone(leaning, 'pelvis', 'neck')[0] > 0.2
    turned = ArticulatedFigure(turn=90)
    assert bone(turned, 'left_ankle', 'left_foot')[0] > 0.7


def test_actions_match_their_labels(joints_of):
    hands = [AT['left_wrist'], AT['right_wrist']]
    feet = [AT['left_ankle'], AT['right_ankle']]
    assert made('reach up', joints_of)[:, hands, 1].max() > 0.7
    sitting = made('sit', joints_of)
    knees = sitting[:, [AT['left_knee'], AT['right_knee']], 2]
    assert knees.min() > 0.2  # thighs forward, always
    balance = made('balance on one leg', joints_of)[-30:, feet, 1]
    assert np.abs(balance[:, 0] - balance[:, 1]).mean() > 0.08
    squat = made('squat', joints_of)[:, feet, 1]
    assert np.ptp(squat.mean(axis=1)) > 0.2
    sideways = made('bend sideways', joints_of)[:, AT['neck'], 0]
    assert np.ptp(sideways) > 0.15
    climbing = made('climb stairs', joints_of)[:, feet, 1]
    # Feet rise in turn.
    assert np.corrcoef(climbing[:, 0], climbing[:, 1])[0, 1] < 0


def test_unknown_label():
    with pytest.raises(InputError, match='no procedural motion.*squat'):
        make_clip('moonwalk', np.random.default_rng(0))
