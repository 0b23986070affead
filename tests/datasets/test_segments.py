import numpy as np
import pytest
import torch

from semtta_mm.datasets.segment_sampler import SegmentSampler
from semtta_mm.datasets.segments import (
    UNKNOWN,
    find_segments,
)


@pytest.mark.parametrize('frames', [1, 10, 48, 49, 59, 60, 61, 130])
def test_every_frame_is_in_a_window(frames):
    found = find_segments(np.arange(frames), 60)
    assert len(found) == max(frames - 59, 1)
    assert found.index.shape == (len(found), 60)
    assert set(found.index[found.valid].tolist()) == set(range(frames))
    assert int(found.valid[0].sum()) == min(frames, 60)
    assert int(found.index.max()) == frames - 1


def test_no_window_contains_a_gap():
    ids = np.r_[0:5, 8:10, 20:24]
    found = find_segments(ids, 3)
    assert found.valid.sum(dim=1).tolist() == [3, 3, 3, 2, 3, 3]
    for row, valid in zip(found.index, found.valid, strict=True):
        numbers = ids[row[valid].numpy()]
        assert (np.diff(numbers) == 1).all()
    short = found.index[3].tolist()
    assert short == [5, 6, 6]  # the last frame is repeated, masked


def test_windows_of_one_label_only():
    labels = np.array([0, 0, 0, 1, 1, 1, UNKNOWN])
    found = find_segments(np.arange(7), 3, labels)
    assert found.label.tolist() == [0, UNKNOWN, UNKNOWN, 1, UNKNOWN]
    assert found.labelled.tolist() == [True, False, False, True, False]
    assert not find_segments(np.arange(7), 3).labelled.any()


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match='length'):
        find_segments(np.arange(3), 0)
    with pytest.raises(ValueError, match='positive'):
        SegmentSampler(find_segments(np.arange(3), 2), batch_size=0)


def test_an_epoch_uses_each_frame_about_twice():
    segments = find_segments(np.arange(300), 60)
    sampler = SegmentSampler(segments, batch_size=4, passes_per_epoch=2)
    batches = list(sampler)
    assert sum(map(len, batches)) == 10  # ceil(2 * 300 / 60)
    assert len(batches) == len(sampler) == 3


def test_short_tracks_have_the_least_number_of_steps():
    segments = find_segments(np.arange(10), 60)
    sampler = SegmentSampler(segments, 4, min_steps_per_epoch=5)
    batches = list(sampler)
    assert len(batches) == len(sampler) == 5
    assert all(batch == [0, 0, 0, 0] for batch in batches)


def test_windows_of_low_similarity_are_drawn_more_often():
    labels = np.r_[np.zeros(100, int), np.full(100, UNKNOWN)]
    segments = find_segments(np.arange(200), 10, labels)
    sampler = SegmentSampler(segments, 8, passes_per_epoch=2, seed=3)
    similarity = torch.full((len(segments),), 0.9)
    similarity[:20] = -0.5
    sampler.reweight(similarity)
    drawn = torch.cat([torch.tensor(b) for _ in range(60) for b in sampler])
    counts = torch.bincount(drawn, minlength=len(segments)).float()
    labelled = segments.labelled
    agreeing = counts[20:][labelled[20:]].mean()
    assert counts[:20].mean() > 3 * agreeing
    # Windows without one label have the mean chance, and do come.
    assert agreeing < counts[~labelled].mean() < counts[:20].mean()


def test_windows_of_similarity_1_are_still_drawn():
    labels = np.zeros(30, int)
    sampler = SegmentSampler(find_segments(np.arange(30), 10, labels))
    sampler.reweight(torch.ones(21))
    assert len(list(sampler)) == len(sampler)


def test_the_seed_determines_the_draws():
    segments = find_segments(np.arange(300), 60)
    first, again, other = (
        [b for _ in range(3) for b in SegmentSampler(segments, seed=s)]
        for s in (1, 1, 2)
    )
    assert first == again != other
