from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from semtta_mm.commands.prepare_pose2sim import reference_table
from semtta_mm.datasets import load_track, resample_track, save_track
from semtta_mm.geometry.triangulation import project, world_to_camera
from semtta_mm.preparation.pose2sim import (
    convert_pose2sim,
    leave_one_out_std,
    lens_residual,
    limb_views,
    own_reprojection,
    ray_angles,
    triangulate_limbs,
)
from semtta_mm.utils import InputError

LEFT_SHOULDER, LEFT_HIP = 11, 23


def changed(result, frames, joint, shift=(0, 0), score=None):
    """A result with one keypoint moved or of another score."""
    keypoints, scores = result.keypoints.copy(), result.scores.copy()
    keypoints[frames, joint] += shift
    if score is not None:
        scores[frames, joint] = score
    return replace(result, keypoints=keypoints, scores=scores)


def test_tracks_contain_the_evidence_and_the_reference(
    detections, cameras, joints
):
    tracks = convert_pose2sim(detections, cameras, {'cam02': Path('b.mp4')})
    assert [t.name for t in tracks] == [c.name for c in cameras]
    assert [t.video for t in tracks] == [None, Path('b.mp4'), None, None]
    for track, camera in zip(tracks, cameras, strict=True):
        assert (track.convention, track.fps, len(track)) == (
            'blazepose_33',
            60,
            12,
        )
        detected = detections[camera.name]
        np.testing.assert_array_equal(track.keypoints, detected.keypoints)
        np.testing.assert_allclose(track.intrinsics[5], camera.intrinsics)
        assert track.reference.convention == 'limbs_12'
        assert track.reference.joints_valid.all()
        assert track.reference.valid.all()
        np.testing.assert_allclose(
            track.reference.joints,
            world_to_camera(joints, camera),
            atol=1e-5,
        )


def test_a_reference_does_not_depend_on_its_own_camera(detections, cameras):
    """Errors of cam01 change all references but its own."""
    before = convert_pose2sim(detections, cameras)
    detections['cam01'] = changed(
        detections['cam01'], slice(None), LEFT_SHOULDER, (15, 0)
    )
    after = convert_pose2sim(detections, cameras)
    moved = [
        np.abs(a.reference.joints - b.reference.joints).max()
        for a, b in zip(after, before, strict=True)
    ]
    assert moved[0] == 0
    assert min(moved[1:]) > 0.005


def test_a_joint_with_inconsistent_views_is_not_valid(detections, cameras):
    """A left hip 400 px off in cam01, frame 3: not valid for the others."""
    detections['cam01'] = changed(detections['cam01'], 3, LEFT_HIP, (400, 0))
    own, other = convert_pose2sim(detections, cameras)[:2]
    assert own.reference.joints_valid.all()
    expected = np.ones((12, 12), bool)
    expected[3, 6] = False
    np.testing.assert_array_equal(other.reference.joints_valid, expected)
    np.testing.assert_array_equal(other.reference.joints[3, 6], 0)
    np.testing.assert_array_equal(other.reference.valid, expected[:, 6])


def test_keypoints_of_a_low_score_are_not_used(detections, cameras, joints):
    detections['cam01'] = changed(
        detections['cam01'], 3, LEFT_SHOULDER, (400, 0), score=0.49
    )
    track = convert_pose2sim(detections, cameras)[1]
    assert track.reference.joints_valid.all()
    np.testing.assert_allclose(
        track.reference.joints, world_to_camera(joints, cameras[1]), atol=1e-5
    )


def test_a_joint_of_one_other_camera_is_not_valid(detections, cameras):
    for name in ('cam01', 'cam02'):
        detections[name] = changed(
            detections[name], 4, LEFT_SHOULDER, score=0.1
        )
    tracks = convert_pose2sim(detections, cameras)
    valid = [t.reference.joints_valid[4, 0] for t in tracks]
    assert valid == [True, True, False, False]
    assert all(t.reference.valid.all() for t in tracks)


def test_frames_are_matched_by_number(detections, cameras, joints):
    """cam01 has no detection at the start and in the middle."""
    kept = np.array([2, 3, 4, 8, 9, 10, 11])
    full = detections['cam01']
    detections['cam01'] = replace(
        full,
        frame_ids=full.frame_ids[kept],
        keypoints=full.keypoints[kept],
        scores=full.scores[kept],
        boxes=full.boxes[kept],
    )
    tracks = convert_pose2sim(detections, cameras)
    np.testing.assert_array_equal(tracks[0].frame_ids, kept)
    for track, frames in ((tracks[0], kept), (tracks[1], np.arange(12))):
        camera = cameras[tracks.index(track)]
        np.testing.assert_allclose(
            track.reference.joints,
            world_to_camera(joints[frames], camera),
            atol=1e-5,
        )


def test_resampling_to_30_fps_after_a_round_trip(
    detections, cameras, tmp_path
):
    track = convert_pose2sim(detections, cameras)[2]
    read = load_track(save_track(tmp_path / 'cam03.npz', track))
    thin = resample_track(read, 30)
    assert (len(thin), thin.rate, thin.fps) == (6, 30, 60)
    np.testing.assert_array_equal(
        thin.reference.joints, track.reference.joints[::2]
    )
    np.testing.assert_array_equal(
        thin.reference.joints_valid, track.reference.joints_valid[::2]
    )


def test_own_reprojection_is_the_shift_of_the_left_out_camera(
    detections, cameras
):
    detections['cam03'] = changed(
        detections['cam03'], slice(None), LEFT_SHOULDER, (3, 4)
    )
    detections['cam03'] = changed(detections['cam03'], 0, LEFT_HIP, score=0.0)
    off = own_reprojection(limb_views(detections, cameras), 2)
    np.testing.assert_allclose(off[:, 0], 5, atol=2e-3)
    assert np.isnan(off[0, 6])
    off[:, 0], off[0, 6] = 0, 0
    np.testing.assert_allclose(off, 0, atol=2e-3)


def test_spread_over_left_out_cameras(detections, cameras):
    """It is the std of the four estimates, and 0 for perfect evidence."""
    perfect = leave_one_out_std(limb_views(detections, cameras))
    np.testing.assert_allclose(perfect, 0, atol=1e-5)
    detections['cam01'] = changed(detections['cam01'], 2, LEFT_HIP, (20, 0))
    views = limb_views(detections, cameras)
    four = np.stack(
        [
            triangulate_limbs(views, chosen).points[2, 6]
            for chosen in ((1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2))
        ]
    )
    squares = ((four - four.mean(axis=0)) ** 2).sum(axis=1)
    spread = leave_one_out_std(views)
    assert spread[2, 6] == pytest.approx(np.sqrt(squares.mean()))
    assert spread[2, 6] > 0.005


def test_lens_residual_is_the_error_of_a_pinhole(detections, cameras, joints):
    off = lens_residual(limb_views(detections, cameras), 1)
    ideal = project(joints, cameras[1], distort=False)
    real = project(joints, cameras[1])
    expected = np.linalg.norm(real - ideal, axis=-1)
    np.testing.assert_allclose(off, expected, atol=2e-3)
    assert expected.max() > 0.5


def test_summary_has_a_row_for_each_track(detections, cameras):
    tracks = convert_pose2sim(detections, cameras)
    table = reference_table(tracks, limb_views(detections, cameras))
    names = ['cam01', 'cam02', 'cam03', 'cam04']
    assert [row[0] for row in table.rows] == names
    assert [row[2] for row in table.rows] == ['12'] * 4
    assert [row[4] for row in table.rows] == ['0.0'] * 4


def test_ray_angle_by_hand(detections, cameras):
    track = convert_pose2sim(detections, cameras)[0]
    track.reference.joints[:] = (3, 0, 3)
    track.reference.valid[2:] = False
    np.testing.assert_allclose(ray_angles(track), [45, 45])


def test_errors(detections, cameras):
    with pytest.raises(InputError, match='cameras: 2, a left-out camera'):
        convert_pose2sim(detections, cameras[:2])
    with pytest.raises(InputError, match='are not those of the calibration'):
        convert_pose2sim(detections, cameras[:3])
    slow = dict(detections, cam01=replace(detections['cam01'], fps=30))
    with pytest.raises(InputError, match='detections: fps: differ'):
        convert_pose2sim(slow, cameras)
