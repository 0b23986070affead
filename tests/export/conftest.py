"""A predicted track as its result file has it, with and without a gap."""

from dataclasses import replace

import numpy as np
import pytest

from semtta_mm.datasets import TrackDataset
from semtta_mm.engine.hooks.track_result_hook import result_arrays
from semtta_mm.export import ExportTrack, ResultFile
from semtta_mm.models.adaptors.session import Session
from semtta_mm.models.estimators.track import predict_track

KEPT = np.array([0, 1, 2, 4, 5, 8])
"""Frames 3, 6 and 7 are a gap."""


@pytest.fixture
def make_arrays(dataset, oracle, body):
    """Arrays of ``result.npz``; arguments change the track."""

    def make(index=None, **changes):
        track = dataset[0].track
        if index is not None:
            track = track[index]
        track = replace(track, **changes)
        tracks = TrackDataset(tracks=[track], input_size=dataset.input_size)
        session = Session.begin(tracks[0], None, 2.0)
        session.prediction = predict_track(
            oracle, body, tracks[0], intrinsics=tracks[0].intrinsics
        )
        return result_arrays(session, body)

    return make


@pytest.fixture
def arrays(make_arrays):
    return make_arrays()


@pytest.fixture
def person(arrays, body):
    """Nine frames, camera axes."""
    return ExportTrack(ResultFile.from_arrays(arrays, 'x'), body)


@pytest.fixture
def gappy(make_arrays, body):
    """Six frames of nine."""
    saved = ResultFile.from_arrays(make_arrays(KEPT), 'x')
    return ExportTrack(saved, body)
