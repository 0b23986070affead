"""The tracks in the package."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from semtta_mm.datasets import (
    Pose2SimTracks,
    TrackDataset,
    load_blazepose_3d,
    load_pose2sim,
    pose2sim_tracks,
)
from semtta_mm.datasets.pose2sim_tracks import ASSETS, CAMERAS
from semtta_mm.detection.cache import file_hash
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.registry import DATASETS, TASK_UTILS
from semtta_mm.structures import SMPLParams
from semtta_mm.utils import InputError


def test_files_are_those_of_the_manifest_and_small():
    files = json.loads((ASSETS / 'manifest.json').read_text())['files']
    there = {str(p.relative_to(ASSETS)) for p in ASSETS.rglob('*.npz')}
    assert set(files) == there
    assert all(
        entry['sha256'] == file_hash(ASSETS / name)
        for name, entry in files.items()
    )
    assert sum(entry['bytes'] for entry in files.values()) < 3e6


@pytest.mark.parametrize('camera', CAMERAS)
def test_a_track_at_both_rates(camera):
    full = load_pose2sim(camera, fps=60, video=False)
    thin = load_pose2sim(camera, video=False)
    assert (len(full), full.rate, len(thin), thin.rate) == (100, 60, 50, 30)
    assert full.video is None
    assert full.reference.valid.all()
    assert full.reference.joints_valid.mean() > 0.99
    np.testing.assert_array_equal(
        thin.reference.pose, full.reference.pose[::2]
    )


@pytest.mark.parametrize('camera', CAMERAS)
def test_the_body_agrees_with_the_triangulation(camera):
    reference = load_pose2sim(camera, video=False).reference
    assert reference.pose_source == 'smpl_fit'
    params = SMPLParams.from_axis_angle(
        *map(torch.tensor, (reference.pose, reference.betas, reference.transl))
    )
    out = SMPLBody()(params, vertices=False, keypoints=('limbs_12',))
    off = out.keypoints['limbs_12'].numpy() - reference.joints
    off = np.linalg.norm(off, axis=-1)[reference.joints_valid]
    manifest = json.loads((ASSETS / 'manifest.json').read_text())
    stated = manifest['fit_residual_mm'][camera]['median']
    assert 1000 * np.median(off) == pytest.approx(stated, abs=0.6)


def test_full_has_the_same_reference_and_other_2d():
    heavy, full = (
        load_pose2sim('cam02', 60, source, video=False)
        for source in ('heavy', 'full')
    )
    np.testing.assert_array_equal(
        heavy.reference.joints, full.reference.joints
    )
    assert np.abs(heavy.keypoints - full.keypoints).max() > 100


def test_blazeposes_3d_is_about_the_hips():
    for source in ('heavy', 'full'):
        track = load_pose2sim('cam04', source=source, video=False)
        joints = load_blazepose_3d(track, source)
        assert joints.shape == (50, 12, 3)
        middle = joints[:, 6:8].mean(axis=1)
        assert np.linalg.norm(middle, axis=-1).max() < 0.01


def test_a_frame_without_3d_is_named():
    track = load_pose2sim('cam01', video=False)
    track.frame_ids = track.frame_ids + 200
    with pytest.raises(InputError, match='cam01_frame_ids: lack frames'):
        load_blazepose_3d(track)


def test_configs_build_it_as_dataset_and_as_reader(monkeypatch, tmp_path):
    monkeypatch.setattr(
        pose2sim_tracks, 'fetch_known', lambda name: tmp_path / name
    )
    config = dict(type='Pose2SimTracks', fps=30, cameras=('cam01', 'cam03'))
    tracks = DATASETS.build(config)
    assert isinstance(tracks, Pose2SimTracks)
    assert [track.name for track in tracks] == ['cam01', 'cam03']
    assert (len(tracks), tracks[1].name) == (2, 'cam03')
    assert tracks[0].video == tmp_path / 'pose2sim' / 'cam01.mp4'
    assert tracks.metainfo['frame'] == 'camera'
    read = TASK_UTILS.build(config | dict(video=False))()
    assert [track.name for track in read] == ['cam01', 'cam03']
    assert read[0].video is None


def test_crops_come_from_the_video_of_the_package(monkeypatch, video):
    """A video of the same length is enough: frames are read by number."""
    monkeypatch.setattr(pose2sim_tracks, 'fetch_known', lambda name: video)
    dataset = TrackDataset(
        reader=dict(type='Pose2SimTracks', cameras=('cam02',)), max_frames=2
    )
    assert dataset.names == ['cam02']
    assert dataset.tracks[0].video == video


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (('cam05',), "camera: 'cam05' is unknown"),
        (('cam01', 30, 'lite'), "source: 'lite' is unknown"),
        (('cam01', 25), 'fps: 60 samples a second cannot be thinned'),
    ],
)
def test_unknown_names(arguments, message):
    with pytest.raises(InputError, match=message):
        load_pose2sim(*arguments, video=False)


def test_a_reference_has_the_source_of_its_pose():
    reference = load_pose2sim('cam01', video=False).reference
    assert reference[:3].pose_source == 'smpl_fit'
    with pytest.raises(ValueError, match="pose_source: unknown 'guess'"):
        replace(reference, pose_source='guess')
