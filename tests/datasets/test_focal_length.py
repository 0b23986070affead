"""A focal length that the user states."""

from dataclasses import replace

import numpy as np
import pytest

from semtta_mm.datasets import TrackDataset
from semtta_mm.utils import InputError


def intrinsics(track, **options):
    return TrackDataset(tracks=[track], **options)[0].intrinsics


def test_it_is_the_camera_of_a_track_without_one(dataset):
    track = dataset.tracks[0]
    assert intrinsics(track) is None
    found = intrinsics(track, focal_length=300.0)
    camera = [[300.0, 0, 120], [0, 300, 100], [0, 0, 1]]  # 240 x 200 px
    assert found.tolist() == [camera] * len(track)


def test_a_known_camera_is_kept(dataset):
    track = dataset.tracks[0]
    known = np.tile(np.diag([500.0, 500, 1]), (len(track), 1, 1))
    found = intrinsics(replace(track, intrinsics=known), focal_length=300.0)
    assert (found.numpy() == known).all()


def test_wrong_values(dataset):
    track = dataset.tracks[0]
    with pytest.raises(InputError, match='focal_length: value: is -1'):
        intrinsics(track, focal_length=-1.0)
    with pytest.raises(InputError, match='video: is not given'):
        intrinsics(replace(track, video=None), focal_length=300.0)
