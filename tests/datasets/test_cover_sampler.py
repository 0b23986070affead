import numpy as np
import pytest
import torch

from semtta_mm.datasets import CoverSampler
from semtta_mm.datasets.cover_sampler import cover
from semtta_mm.datasets.segment_sampler import SegmentSampler, window_loader
from semtta_mm.datasets.segments import find_segments

GAPS = np.r_[0:70, 90:91, 100:133]


def times(segments, windows):
    """How often each frame is in some windows."""
    part = segments[torch.as_tensor(windows)]
    used = part.index[part.valid]
    return torch.bincount(used, minlength=int(segments.index.max()) + 1)


def test_single_frames_are_drawn_once_in_batches_of_32():
    segments = find_segments(GAPS, 1)
    sampler = CoverSampler(segments)
    batches = list(sampler)
    assert [len(b) for b in batches] == [32, 32, 32, 8]
    assert len(sampler) == 4
    drawn = [w for batch in batches for w in batch]
    assert sorted(drawn) == list(range(104))
    assert drawn != sorted(drawn)
    assert [w for batch in sampler for w in batch] != drawn  # next epoch


@pytest.mark.parametrize('length', [2, 16, 33, 34, 60, 200])
def test_windows_cover_every_frame_with_the_least_number(length):
    segments = find_segments(GAPS, length)
    runs = (70, 1, 33)
    want = sum(-(-frames // length) for frames in runs)
    cuts = set()
    for seed in range(20):
        chosen = cover(segments, torch.Generator().manual_seed(seed))
        assert len(chosen) == len(set(chosen.tolist())) == want
        count = times(segments, chosen)
        assert count.min() == 1 and count.max() <= 2
        cuts.add(tuple(chosen.tolist()))
    # Two windows have to begin and end with their run.
    assert (len(cuts) > 1) == (length in (2, 16, 33, 34))


def test_short_tracks_are_drawn_again_until_the_minimum():
    segments = find_segments(np.arange(50), 1)
    sampler = CoverSampler(segments, 32, min_steps_per_epoch=5)
    batches = list(sampler)
    assert len(sampler) == len(batches) == 6  # three passes of two steps
    assert (times(segments, sum(batches, [])) == 3).all()


def test_the_loader_takes_the_sampler_by_name():
    segments = find_segments(np.arange(9), 1)
    options = dict(sampler='CoverSampler', batch_size=4)
    loader = window_loader(segments, options, seed=3)
    assert isinstance(loader.batch_sampler, CoverSampler)
    batches = [batch['windows'].tolist() for batch in loader]
    assert sorted(sum(batches, [])) == list(range(9))
    assert options == dict(sampler='CoverSampler', batch_size=4)
    default = window_loader(segments, dict(batch_size=4))
    assert isinstance(default.batch_sampler, SegmentSampler)
    with pytest.raises(ValueError, match='batch_size'):
        CoverSampler(segments, 0)
