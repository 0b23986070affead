"""The motion term's earlier frames: five before, in one track, bounded."""

import pytest
import torch

from semtta_mm.models.adaptors import WindowBatch
from semtta_mm.models.adaptors.online import FrameHistory
from semtta_mm.models.adaptors.online.history import FrameKey


def frames(numbers, intrinsics=False):
    count = len(numbers)
    values = torch.tensor(numbers, dtype=torch.float32)
    return WindowBatch(
        inputs=values[:, None],
        boxes=torch.zeros(count, 4),
        keypoints=torch.zeros(count, 2, 2),
        weight=torch.ones(count, 2),
        target_pose=torch.eye(3).expand(count, 24, 3, 3),
        target_betas=torch.zeros(count, 10),
        target_valid=torch.zeros(count, dtype=torch.bool),
        frame=torch.arange(count),
        order=torch.arange(count),
        valid=torch.ones(1, count, dtype=torch.bool),
        label=torch.tensor([-1]),
        convention='coco_17',
        intrinsics=torch.eye(3).expand(count, 3, 3) if intrinsics else None,
    )


def keys(numbers, track='a', stride=1):
    return [FrameKey(track, n, stride) for n in numbers]


def past_numbers(history, numbers, **options):
    found = history.past_of(keys(numbers, **options), frames(numbers))
    if found is None:
        return None
    return found.rows.tolist(), found.batch.inputs[:, 0].tolist()


def fed(history, numbers, **options):
    for n in numbers:
        history.add(keys([n], **options), frames([n]))
    return history


def test_only_from_the_sixth_frame_on():
    history = FrameHistory(5)
    for n in range(5):
        assert past_numbers(history, [n]) is None
        fed(history, [n])
    assert past_numbers(history, [5]) == ([0], [0.0])
    fed(history, [5])
    assert past_numbers(history, [6]) == ([0], [1.0])


def test_no_more_frames_than_needed_are_kept():
    assert len(fed(FrameHistory(3), range(40))) == 3


def test_frame_numbers_count_not_positions():
    gap = fed(FrameHistory(5), [0, 1, 2, 3, 14])
    assert past_numbers(gap, [15]) is None
    by_position = fed(FrameHistory(5, by_position=True), [0, 1, 2, 3, 14])
    assert past_numbers(by_position, [15]) == ([0], [0.0])


def test_stride_is_one_frame():
    history = fed(FrameHistory(2), [10, 13, 16], stride=3)
    assert past_numbers(history, [19], stride=3) == ([0], [13.0])


def test_other_tracks_are_others():
    history = fed(FrameHistory(2), [0, 1], track='a')
    assert past_numbers(history, [2], track='b') is None
    crossing = fed(FrameHistory(2, by_position=True), [0, 1], track='a')
    assert past_numbers(crossing, [2], track='b') == ([0], [0.0])


def test_partners_inside_a_batch():
    history = fed(FrameHistory(2), [0, 1])
    found = past_numbers(history, [2, 3, 4, 5])
    assert found == ([0, 1, 2, 3], [0.0, 1.0, 2.0, 3.0])
    history = FrameHistory(2)
    assert past_numbers(history, [0, 1, 2]) == ([2], [0.0])


def test_frames_that_cannot_be_compared_are_left_out():
    history = fed(FrameHistory(1), [0])
    assert history.past_of(keys([1]), frames([1], intrinsics=True)) is None
    history.clear()
    assert past_numbers(history, [1]) is None


def test_kept_frames_are_copies():
    history, batch = FrameHistory(1), frames([0])
    history.add(keys([0]), batch)
    batch.inputs.fill_(9)
    assert past_numbers(history, [1]) == ([0], [0.0])
    with pytest.raises(ValueError, match='interval'):
        FrameHistory(0)
