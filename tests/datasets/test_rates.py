import numpy as np
import pytest

from semtta_mm.datasets import contiguous_runs, resample_track
from semtta_mm.utils import InputError


@pytest.mark.parametrize(
    ('frame_ids', 'stride', 'runs'),
    [
        ([7], 1, [(0, 1)]),
        ([3, 4, 5], 1, [(0, 3)]),
        ([3, 4, 7, 8, 20], 1, [(0, 2), (2, 4), (4, 5)]),
        ([0, 2, 4, 8], 2, [(0, 3), (3, 4)]),
        ([], 1, []),
    ],
)
def test_runs_end_where_samples_are_missing(frame_ids, stride, runs):
    found = contiguous_runs(np.array(frame_ids, int), stride)
    assert [(s.start, s.stop) for s in found] == runs


def test_runs_cover_every_sample_once():
    ids = np.flatnonzero(np.random.default_rng(0).random(200) < 0.7)
    covered = np.concatenate([ids[run] for run in contiguous_runs(ids)])
    np.testing.assert_array_equal(covered, ids)


def test_resample_keeps_numbers_rate_and_phase(make_track):
    track = make_track([3, 4, 5, 6, 8, 9, 10, 11], fps=60.0)
    half = resample_track(track, 30)
    # 7 is missing on the raster 3, 5, 7, ...: a gap, not a shift.
    assert half.frame_ids.tolist() == [3, 5, 9, 11]
    assert (half.fps, half.stride, half.rate) == (60.0, 2, 30.0)
    assert half.gaps == 1
    quarter = resample_track(half, 15)
    assert quarter.frame_ids.tolist() == [3, 11]
    assert quarter.stride == 4


def test_resample_takes_broadcast_rates_for_whole_ones(make_track):
    track = make_track(fps=59.94)
    assert resample_track(track, 30).rate == pytest.approx(29.97)
    assert resample_track(track, 60) is track


@pytest.mark.parametrize('fps', [20, 50, 0, -25])
def test_resample_raises_for_rates_between(make_track, fps):
    with pytest.raises(InputError, match='cannot be thinned') as error:
        resample_track(make_track(), fps)
    assert error.value.field == 'fps'


def test_stride_must_fit_the_frame_numbers(make_track):
    assert make_track([2, 4, 8], stride=2).gaps == 1
    with pytest.raises(ValueError, match='stride: frame_ids are not'):
        make_track([2, 3, 5], stride=2)
    with pytest.raises(ValueError, match='numbering'):
        make_track(numbering='date')
