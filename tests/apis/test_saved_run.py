import numpy as np
import pytest
import torch
from saved_tracks import write_run

from semtta_mm.apis.saved_run import Footage, SavedRun
from semtta_mm.apis.view import floor_height
from semtta_mm.datasets import pose2sim_tracks
from semtta_mm.export.saved_track import read_saved_tracks
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.utils import InputError

CONFIG = """
model = dict(body=dict(type='SMPLBody', gender='female'))
train_dataloader = dict(dataset=dict(reader={reader}))
"""
POSE2SIM = "dict(type='Pose2SimTracks', cameras=['cam01', 'cam02'])"


@pytest.fixture
def videos(tmp_path, monkeypatch):
    """The demo's videos, by their names alone."""
    monkeypatch.setattr(
        pose2sim_tracks, 'fetch_known', lambda name: tmp_path / name
    )
    return tmp_path / 'pose2sim'


def make(folder, names, reader):
    write_run(folder, names)
    (folder / 'config.py').write_text(CONFIG.format(reader=reader))
    return folder


def test_body_and_video_of_a_track_are_its_config_s(tmp_path, videos):
    folder = make(tmp_path / 'run', ('cam01', 'cam02'), POSE2SIM)
    run = SavedRun.read(folder / 'cam02')
    assert run.body().gender == 'female'
    assert run.footage() == Footage(videos / 'cam02.mp4')


def test_tracks_of_several_videos_are_refused(tmp_path, videos):
    folder = make(tmp_path / 'run', ('cam01', 'cam02'), POSE2SIM)
    with pytest.raises(InputError, match='are of 2 videos') as error:
        SavedRun.read(folder).footage()
    assert 'cam01, cam02' in error.value.fix


def test_nothing_is_detected_to_find_a_video(tmp_path):
    reader = "dict(type='DetectionReader', video='walk.mp4', detector={})"
    folder = make(tmp_path / 'run', ('walk_p0', 'walk_p1'), reader)
    footage = SavedRun.read(folder).footage()
    assert str(footage.video) == 'walk.mp4'


def test_without_a_config_the_open_body_and_no_video(tmp_path):
    run = SavedRun.read(write_run(tmp_path / 'run'))
    assert run.body().is_open
    assert run.footage() is None


def test_the_floor_is_under_the_feet(tmp_path):
    """The sole of a body that stands upright, by its own vertices."""
    (track,) = read_saved_tracks(write_run(tmp_path / 'run', frames=1))
    track.params.body_pose[:] = torch.eye(3)
    track.params.global_orient[:] = torch.diag(torch.tensor([1.0, -1, -1]))
    body = SMPLBody()
    out = body(track.one_shape(), keypoints=())
    flip = np.array([1, -1, -1])
    joints = out.joints.numpy() * flip
    lowest = (out.vertices.numpy() * flip)[..., 1].min()
    assert floor_height(track, body, joints) == pytest.approx(lowest, abs=1e-5)
