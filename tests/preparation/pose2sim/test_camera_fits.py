"""Bodies of the reference: fitted to the other cameras only."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from semtta_mm.conventions import NUM_JOINTS
from semtta_mm.datasets import load_blazepose_3d, load_pose2sim
from semtta_mm.detection.cache import file_hash
from semtta_mm.geometry.triangulation import project
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.preparation.pose2sim import camera_fits, convert_pose2sim
from semtta_mm.preparation.pose2sim.body_fit import FitOptions
from semtta_mm.preparation.pose2sim.camera_fits import fit_cameras, with_body
from semtta_mm.preparation.pose2sim.write import (
    monocular_arrays,
    write_manifest,
    write_tracks,
)
from semtta_mm.structures import SMPLParams

QUICK = FitOptions(accelerations=(1e4,), iterations=12)
ONCE = FitOptions(accelerations=(1e4,), iterations=2)


@pytest.fixture(scope='module')
def body():
    return SMPLBody()


@pytest.fixture
def detected(detections, cameras, body):
    """Exact detections of the open body in its rest pose."""
    count = len(detections['cam01'])
    pose = torch.eye(3).repeat(count, NUM_JOINTS, 1, 1)
    params = SMPLParams.from_pose(pose, torch.zeros(count, 10))
    out = body(params, vertices=False, keypoints=('blazepose_33',))
    points = out.keypoints['blazepose_33'].numpy()
    return {
        camera.name: replace(
            detections[camera.name],
            keypoints=project(points, camera),
            scores=np.full(points.shape[:2], 0.9),
            world=points,
        )
        for camera in cameras
    }


def without(result, kept):
    return replace(
        result,
        frame_ids=result.frame_ids[kept],
        keypoints=result.keypoints[kept],
        scores=result.scores[kept],
        boxes=result.boxes[kept],
        world=result.world[kept],
    )


def test_a_fit_does_not_depend_on_its_own_camera(detected, cameras, body):
    before = fit_cameras(detected, cameras, body, QUICK)
    assert np.nanmedian(before['cam01'].limb_residuals()) < 0.02
    moved = detected['cam01'].keypoints + 20
    detected['cam01'] = replace(detected['cam01'], keypoints=moved)
    after = fit_cameras(detected, cameras, body, QUICK)
    shift = [
        (before[c].fit.params.transl - after[c].fit.params.transl).abs().max()
        for c in ('cam01', 'cam02')
    ]
    assert shift[0] == 0
    assert shift[1] > 0.005


def test_bodies_are_at_the_reference(detected, cameras, body):
    fits = fit_cameras(detected, cameras, body, QUICK)
    for track in convert_pose2sim(detected, cameras):
        found = with_body(track[3:7], fits[track.name]).reference
        assert found.pose_source == 'smpl_fit'
        params = SMPLParams.from_axis_angle(
            *map(torch.tensor, (found.pose, found.betas, found.transl))
        )
        out = body(params, vertices=False, keypoints=('limbs_12',))
        off = out.keypoints['limbs_12'].numpy() - found.joints
        assert np.median(np.linalg.norm(off, axis=-1)) < 0.02


def test_a_frame_without_detections_has_a_body_without_residuals(
    detected, cameras, body
):
    kept = np.delete(np.arange(12), 5)
    detected = {
        name: without(result, kept) for name, result in detected.items()
    }
    found = fit_cameras(detected, cameras, body, ONCE)['cam02']
    np.testing.assert_array_equal(found.frame_ids, np.arange(12))
    assert np.isnan(found.fit.residuals[5]).all()
    assert len(found.fit.params) == 12


def test_with_body_rejects_other_frames_and_no_reference(
    detected, cameras, body
):
    fits = fit_cameras(detected, cameras, body, ONCE)
    track = convert_pose2sim(detected, cameras)[0]
    with pytest.raises(ValueError, match='reference: the track has none'):
        with_body(replace(track, reference=None), fits['cam01'])
    late = replace(track, frame_ids=track.frame_ids + 1)
    with pytest.raises(ValueError, match='frame_ids: a frame of the track'):
        with_body(late, fits['cam01'])


def test_other_evidence_has_the_same_reference(detected, cameras):
    weak = {
        name: replace(result, keypoints=result.keypoints + 50)
        for name, result in detected.items()
    }
    weak['cam02'] = without(weak['cam02'], np.arange(4, 9))
    detected = {name: without(r, np.arange(6)) for name, r in detected.items()}
    plain = convert_pose2sim(detected, cameras)
    tracks = convert_pose2sim(detected, cameras, None, weak)
    np.testing.assert_array_equal(tracks[1].frame_ids, [4, 5])
    np.testing.assert_array_equal(tracks[0].keypoints, plain[0].keypoints + 50)
    for track, rows in ((tracks[0], slice(None)), (tracks[1], slice(4, 6))):
        own = plain[tracks.index(track)].reference
        np.testing.assert_array_equal(track.reference.joints, own.joints[rows])


def test_written_files_are_read_and_hashed(detected, cameras, body, tmp_path):
    found = {'heavy': detected, 'full': detected}
    fits = fit_cameras(detected, cameras, body, ONCE)
    write_tracks(tmp_path, found, cameras, fits, {})
    manifest = write_manifest(tmp_path, found, fits, 'a command')
    assert json.loads((tmp_path / 'manifest.json').read_text()) == manifest
    assert len(manifest['files']) == 10
    for name, entry in manifest['files'].items():
        assert entry['sha256'] == file_hash(tmp_path / name)
    track = load_pose2sim('cam03', 30, 'full', False, tmp_path)
    assert (len(track), track.rate) == (6, 30)
    joints = load_blazepose_3d(track, 'full', tmp_path)
    limbs = monocular_arrays(detected)['cam03_joints']
    np.testing.assert_array_equal(joints, limbs[::2])


def test_a_detector_without_3d(detections):
    with pytest.raises(ValueError, match='world: the detections of cam01'):
        monocular_arrays(detections)


def test_the_fit_needs_blazeposes_keypoints():
    assert camera_fits.BODY_CONVENTION in SMPLBody().conventions
