"""Training evidence: geometry, missing keypoints, noise, estimates."""

import numpy as np
import pytest
import roma
import torch

from semtta_mm.conventions import keypoint_names
from semtta_mm.geometry import rotation_angle
from semtta_mm.geometry.pelvis_ray import pelvis_ray_rotation
from semtta_mm.models.lifters import CONVENTION
from semtta_mm.models.trainers.lifting.detections import (
    correlated_noise,
    other_ends,
    redefine,
    simulate_boxes,
    simulate_detections,
    swap_sides,
)
from semtta_mm.models.trainers.lifting.estimates import simulate_estimates
from semtta_mm.models.trainers.lifting.missing import (
    Pattern,
    draw_missing,
    draw_patterns,
    keypoints_of,
)
from semtta_mm.models.trainers.lifting.scene import film, project
from semtta_mm.models.trainers.lifting.views import (
    Views,
    sample_views,
    shortest_turn,
)

NAMES = keypoint_names(CONVENTION)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


@pytest.fixture
def points():
    """A person of 1.7 m, as a line of keypoints, who moves sideways."""
    xy = torch.zeros(6, 30, 23, 2)
    xy[..., 1] = torch.linspace(0, 1.7, 23)
    xy[..., 0] = 0.3 * torch.rand(23) + torch.linspace(0, 1, 30)[:, None]
    return xy


def test_the_ray_is_turned_onto_the_axis():
    across, down = (
        torch.tensor([0.0, 0.3, -0.2]),
        torch.tensor([0.0, 0.1, 0.4]),
    )
    rays = np.stack((across, down, np.ones(3)), axis=1)
    found = shortest_turn(across, down)
    assert np.allclose(found, pelvis_ray_rotation(rays), atol=1e-6)


def test_views_stand_upright_within_their_ranges():
    views = sample_views(500)
    up = views.to_camera @ torch.tensor([0.0, 1, 0])
    assert (up[:, 1] < -0.5).all()  # y is down in the image
    assert views.distance.min() >= 1.8 and views.distance.max() <= 14.0
    level = (up[:, 1] < -0.98).float().mean()
    assert 0.25 < level < 0.75


def test_the_pelvis_is_projected_along_its_ray():
    across, down = torch.tensor([0.3]), torch.tensor([-0.1])
    views = Views(
        torch.eye(3)[None], shortest_turn(across, down), torch.tensor([4.0])
    )
    found = project(torch.zeros(1, 1, 1, 3), views)
    assert torch.allclose(found, torch.tensor([0.3, -0.1]), atol=1e-6)


def test_patterns_hide_what_they_name(points):
    kinds = torch.tensor([int(p) for p in Pattern])
    shares = torch.stack(
        [draw_missing(kinds, points).float().mean((1, 2)) for _ in range(20)]
    ).mean(0)
    assert shares[Pattern.NONE] < 0.05  # small toes of some detectors
    assert (shares[1:] > 0.1).all() and (shares < 0.75).all()
    legs = keypoints_of('knee', 'ankle')
    out = draw_missing(
        torch.full((40,), Pattern.LEGS), points[:1].expand(40, -1, -1, -1)
    )
    always = out.all(dim=1)
    assert 0.5 < always[:, legs].all(dim=1).float().mean() < 0.9
    assert not out[..., keypoints_of('shoulder')].any()


def test_blocks_are_without_gaps(points):
    out = draw_missing(
        torch.full((30,), Pattern.BLOCK), points[:1].expand(30, -1, -1, -1)
    )
    hidden = out.all(dim=-1).int()
    starts = (hidden.diff(dim=1) == 1).sum(dim=1)
    assert starts.max() == 1 or starts.max() == 0
    assert hidden.float().mean() > 0.15


def test_all_patterns_are_drawn():
    counts = draw_patterns(2000).bincount(minlength=len(Pattern))
    assert counts.min() > 150


def test_definitions_are_constant_in_the_bodys_axes_and_symmetric():
    points = torch.rand(4, 5, 23, 3)
    root = roma.random_rotmat((4, 5))
    still = points[:, :1].expand(-1, 5, -1, -1)
    moved = torch.einsum('btij,btkj->btki', root, still)
    change = redefine(moved, root) - moved
    back = torch.einsum('btji,btkj->btki', root, change)
    assert torch.allclose(back, back[:, :1].expand_as(back), atol=1e-5)
    assert 0.002 < change.norm(dim=-1).mean() < 0.1


def test_the_other_end_of_a_limb():
    ends = {n: NAMES[i] for n, i in zip(NAMES, other_ends(), strict=True)}
    assert ends['left_wrist'] == 'left_elbow'
    assert ends['right_heel'] == 'right_big_toe'
    assert ends['nose'] == 'left_ear' and ends['left_eye'] == 'left_ear'


def test_noise_has_deviation_one_and_memory():
    noise = correlated_noise((200, 60, 4), 0.9)
    assert noise.std() == pytest.approx(1.0, abs=0.05)
    after = (noise[:, 1:] * noise[:, :-1]).mean()
    assert after == pytest.approx(0.9, abs=0.05)


def test_missing_keypoints_have_score_0_or_are_guesses(points):
    missing = torch.zeros(6, 30, 23, dtype=torch.bool)
    missing[:, :, 15] = True
    valid = torch.ones(6, 30, dtype=torch.bool)
    valid[0, 20:] = False
    many = points.repeat(20, 1, 1, 1)
    out = simulate_detections(
        many,
        torch.zeros(many.shape[:3]),
        missing.repeat(20, 1, 1),
        valid.repeat(20, 1),
    )
    assert (out.scores[::6, 20:] == 0).all()
    given = (out.scores[..., 15] > 0).any(dim=1)
    assert 0.15 < given.float().mean() < 0.5
    assert out.scores[out.scores > 0].min() >= 0.3 and out.scores.max() <= 1
    error = (out.points - many).norm(dim=-1)
    seen = out.scores > 0
    seen[..., 15] = False
    guessed = out.scores[..., 15] > 0
    assert error[..., 15][guessed].mean() > 2 * error[seen].mean()


def test_sides_are_swapped_together(points):
    out = swap_sides(points, chance=0.1)
    left, right = NAMES.index('left_knee'), NAMES.index('right_knee')
    ankle, other = NAMES.index('left_ankle'), NAMES.index('right_ankle')
    swapped = (out[:, :, left] == points[:, :, right]).all(-1)
    assert 0.05 < swapped.float().mean() < 0.9
    assert torch.equal(
        swapped, (out[:, :, ankle] == points[:, :, other]).all(-1)
    )
    nose = NAMES.index('nose')
    assert torch.equal(out[:, :, nose], points[:, :, nose])


def test_boxes_contain_most_keypoints(points):
    found = simulate_detections(
        points,
        torch.zeros(points.shape[:3]),
        torch.zeros(points.shape[:3], dtype=torch.bool),
        torch.ones(points.shape[:2], dtype=torch.bool),
    )
    boxes = simulate_boxes(points, found)[:, :, None]
    reach = 0.15 * (boxes[..., 2:] - boxes[..., :2]).amax(-1, keepdim=True)
    inside = (points > boxes[..., :2] - reach) & (
        points < boxes[..., 2:] + reach
    )
    assert inside.float().mean() > 0.98


def test_estimates_are_worse_where_the_picture_shows_nothing():
    turn = torch.zeros(60, 20, 24, 3)
    turn[:, :, 4, 0] = 1.0
    pose = roma.rotvec_to_rotmat(turn)
    hidden = torch.zeros(60, 20, 24, dtype=torch.bool)
    hidden[30:] = True
    angle = rotation_angle(simulate_estimates(pose, hidden), pose).rad2deg()
    assert angle[30:, :, 4].mean() > angle[:30, :, 4].mean() + 10
    assert 5 < angle[:, :, 1:].mean() < 25
    assert angle[:, :, 0].mean() > angle[:, :, 1:].mean()


def test_filmed_windows_fit_their_truth(body):
    """Without noise the evidence is the projection of the truth."""
    pose = torch.eye(3).repeat(8, 60, 24, 1, 1)
    mask = torch.ones(8, 60, dtype=torch.bool)
    mask[0, 40:] = False
    out = film(body, pose, mask, estimate_share=1.0, camera_share=0.0)
    evidence = out.evidence
    assert evidence.estimate_known.all() and not evidence.camera_known.any()
    assert (evidence.scores[0, 40:] == 0).all()
    assert out.hidden[0, 40:, 1:].all()
    features = evidence.frame_features()
    assert features.isfinite().all() and features[0, 40:].abs().max() == 0
    # Still people: the root does not change, all other joints are at rest.
    assert torch.allclose(out.pose[:, :1].expand_as(out.pose), out.pose)
    nose, heel = (NAMES.index(n) for n in ('nose', 'left_heel'))
    shown = (evidence.scores[..., nose] > 0) & (evidence.scores[..., heel] > 0)
    points = evidence.keypoints[shown]
    assert (points[:, heel, 1] > points[:, nose, 1]).float().mean() > 0.95
