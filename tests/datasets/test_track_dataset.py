from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from torch.utils.data import DataLoader

from semtta_mm.conventions import keypoint_names
from semtta_mm.datasets import TrackDataset, read_frames, save_track
from semtta_mm.geometry import image_to_crop
from semtta_mm.registry import DATASETS
from semtta_mm.structures import BodyReference
from semtta_mm.utils import InputError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def opened(monkeypatch):
    """Paths of the videos opened so far."""
    paths, real = [], cv2.VideoCapture

    def spy(path):
        paths.append(path)
        return real(path)

    monkeypatch.setattr(cv2, 'VideoCapture', spy)
    return paths


def levels(images):
    return (images.float().amax(dim=(1, 2, 3)) / 20).round().int().tolist()


def test_shapes_dtypes_and_frames(make_track):
    track = make_track(
        intrinsics=np.tile(np.eye(3), (3, 1, 1)),
        reference=BodyReference(pose=np.zeros((3, 24, 3))),
    )
    frames = TrackDataset(tracks=[track], input_size=32)[0]
    assert frames.images.shape == (3, 3, 32, 32)
    assert frames.images.dtype == torch.uint8
    assert frames.images.is_contiguous()
    assert levels(frames.images) == [2, 3, 5]
    assert frames.frame_ids.tolist() == [2, 3, 5]
    # Box 20 x 40 about (30, 30), padded by 1.2.
    assert frames.boxes[0].tolist() == [6, 6, 54, 54]
    assert frames.keypoints.dtype == frames.boxes.dtype == torch.float32
    assert frames.intrinsics.shape == (3, 3, 3)
    assert len(frames.reference) == 3
    assert (frames.fps, frames.stride) == (25.0, 1)


def test_item_and_batch(make_track):
    frames = TrackDataset(tracks=[make_track()], input_size=16)[0]
    item = frames[1]
    assert item['frame_ids'] == 3
    assert item['images'].shape == (3, 16, 16)
    assert set(item) == {
        'images',
        'boxes',
        'keypoints',
        'scores',
        'frame_ids',
        'index',
    }
    batch = frames[torch.tensor([2, 0])]
    assert batch['frame_ids'].tolist() == [5, 2]
    assert batch['index'].tolist() == [2, 0]
    loaded = next(iter(DataLoader(frames, batch_size=3)))
    torch.testing.assert_close(loaded['images'], frames.images)
    with pytest.raises(IndexError):
        frames[3]


def test_colour_is_rgb(tmp_path, make_track):
    folder = tmp_path / 'images'
    folder.mkdir()
    blue = np.zeros((64, 96, 3), np.uint8)
    blue[..., 0] = 200  # OpenCV writes BGR
    cv2.imwrite(str(folder / '0.png'), blue)
    track = make_track([0], video=folder)
    images = TrackDataset(tracks=[track], input_size=8)[0].images
    assert images[0, :, 4, 4].tolist() == [0, 0, 200]


def test_crop_agrees_with_the_evidence(tmp_path, make_track):
    """A dot at a keypoint is in the crop where image_to_crop puts it."""
    folder = tmp_path / 'images'
    folder.mkdir()
    image = np.zeros((200, 200, 3), np.uint8)
    image[119:121, 69:71] = 255  # covers [69, 71) x [119, 121)
    cv2.imwrite(str(folder / '0.png'), image)
    keypoints = np.tile([70.0, 120.0], (1, 17, 1))
    boxes = np.array([[50.5, 90.25, 90.0, 150.0]])
    track = make_track([0], video=folder, keypoints=keypoints, boxes=boxes)
    frames = TrackDataset(tracks=[track], input_size=128)[0]
    weight = frames.images[0, 0].double()
    v, u = torch.meshgrid(torch.arange(128), torch.arange(128), indexing='ij')
    found = torch.stack([(weight * (a + 0.5)).sum() for a in (u, v)])
    found /= weight.sum()
    expected = image_to_crop(frames.keypoints, frames.boxes, 128)[0, 0]
    torch.testing.assert_close(found.float(), expected, atol=0.1, rtol=0)


def test_one_video_is_decoded_once_for_all_its_tracks(make_track, opened):
    tracks = [
        make_track([2, 3, 5], name='a'),
        make_track([3, 7], name='b', boxes=np.tile([50, 5, 80, 60], (2, 1))),
        make_track([9], name='c'),
    ]
    dataset = TrackDataset(tracks=tracks, input_size=16)
    assert opened == []
    found = [levels(frames.images) for frames in dataset]
    assert found == [[2, 3, 5], [3, 7], [9]]
    assert len(opened) == 1
    for frames in dataset:
        _ = frames[0], frames.images
    assert len(opened) == 1


def test_closing_frees_and_decodes_only_that_track_again(make_track, opened):
    tracks = [make_track(name='a'), make_track([1], name='b')]
    dataset = TrackDataset(tracks=tracks, input_size=16)
    with dataset[0] as frames:
        before = frames.images.clone()
    with dataset[1] as frames:
        assert levels(frames.images) == [1]
    assert len(opened) == 1
    torch.testing.assert_close(dataset[0].images, before)
    assert len(opened) == 2
    dataset.close()
    assert levels(dataset[1].images) == [1]
    assert len(opened) == 3


def test_a_closed_track_is_not_decoded_for_its_neighbour(make_track, opened):
    late = make_track([99], name='late')
    dataset = TrackDataset(tracks=[make_track(), late], input_size=16)
    dataset[1].close()
    assert levels(dataset[0].images) == [2, 3, 5]


def test_folder_and_video_give_the_same(tmp_path, video, make_track):
    folder = tmp_path / 'images'
    folder.mkdir()
    for i, image in read_frames(video, np.arange(10)):
        cv2.imwrite(str(folder / f'f{i + 1}.png'), image)
    tracks = [
        make_track(name='video'),
        make_track(name='position', video=folder),
        make_track([3, 4, 6], name='name', video=folder, numbering='name'),
    ]
    dataset = TrackDataset(tracks=tracks, input_size=24)
    first = dataset[0].images
    torch.testing.assert_close(dataset[1].images, first, rtol=0, atol=0)
    torch.testing.assert_close(dataset[2].images, first, rtol=0, atol=0)


def test_evidence_policy(make_track):
    scores = np.full((3, 17), 0.9)
    scores[0, :4] = 0.2
    keypoints = np.tile([30.0, 20.0], (3, 17, 1))
    keypoints[1, 5], scores[1, 5] = np.nan, 0
    track = make_track(keypoints=keypoints, scores=scores)
    frames = TrackDataset(tracks=[track], input_size=8)[0]
    assert (frames.scores[0, :4] == 0).all()
    assert (frames.keypoints[0, :4] == 0).all()
    assert frames.keypoints.isfinite().all()
    assert frames.scores[1:].count_nonzero() == 33
    kept = TrackDataset(tracks=[track], min_score=0.1)[0]
    assert kept.scores[0, 0] == pytest.approx(0.2)


def test_convention_is_converted_by_name(make_track):
    keypoints = np.arange(17 * 2.0).reshape(1, 17, 2)
    track = make_track([4], keypoints=keypoints)
    frames = TrackDataset(tracks=[track], convention='openpose_25')[0]
    assert frames.keypoints.shape == (1, 25, 2)
    assert frames.keypoints[0, 11].tolist() == [32, 33]  # right ankle: 16
    assert frames.keypoints[0, 1].tolist() == [11, 12]  # mean of 5 and 6
    assert frames.scores[0, 19] == 0  # COCO has no toes
    assert frames.convention == 'openpose_25'


def test_rate_and_number_of_frames(make_track):
    track = make_track(range(10), fps=50.0)
    frames = TrackDataset(tracks=[track], fps=25.0, max_frames=3)[0]
    assert frames.frame_ids.tolist() == [0, 2, 4]
    assert (frames.fps, frames.stride) == (50.0, 2)


def test_built_from_config(make_track, tmp_path):
    for name in ('b', 'a'):
        save_track(tmp_path / 't' / f'{name}.npz', make_track(name=name))
    reader = {'type': 'NpzTrackReader', 'keypoints': tmp_path / 't'}
    one = {'type': 'NpzTrackReader', 'keypoints': tmp_path / 't' / 'a.npz'}
    dataset = DATASETS.build(
        {'type': 'TrackDataset', 'reader': reader, 'input_size': 8}
    )
    assert dataset.names == ['a', 'b']
    assert len(dataset) == 2
    with pytest.raises(InputError, match="'a' is the name of two tracks"):
        TrackDataset(reader=[reader, one])


@pytest.mark.parametrize(
    ('changes', 'problem'),
    [
        ({'video': None}, 'video: is not given'),
        ({'video': 'gone'}, r'video: .*gone\.mp4 does not exist'),
    ],
)
def test_absent_video_raises_at_once(make_track, tmp_path, changes, problem):
    if changes['video']:
        changes = {'video': tmp_path / 'gone.mp4'}
    with pytest.raises(InputError, match=problem):
        TrackDataset(tracks=[make_track(**changes)])


def test_frames_beyond_the_video(make_track):
    frames = TrackDataset(tracks=[make_track([8, 12])], input_size=8)[0]
    with pytest.raises(InputError, match='the video has 10 frames') as error:
        _ = frames.images
    assert error.value.field == 'frame 12'


def test_nothing_to_read():
    with pytest.raises(InputError, match='there are none'):
        TrackDataset()
    with pytest.raises(InputError, match='max_frames'):
        TrackDataset(max_frames=0)
    with pytest.raises(ValueError, match='unknown keypoint convention'):
        TrackDataset(convention='klingon_9')


def test_a_part_shares_the_crops(make_track):
    tracks = [make_track(name=name) for name in 'abc']
    dataset = TrackDataset(tracks=tracks, input_size=16)
    part = dataset.subset([0, 2])
    assert part.names == ['a', 'c']
    assert len(part) == 2
    assert part[1] is dataset[2]
    assert dataset.names == ['a', 'b', 'c']


def test_unused_keypoints_are_missing(make_track):
    track = make_track()
    names = keypoint_names(track.convention)
    plain = TrackDataset(tracks=[track], input_size=16)[0]
    frames = TrackDataset(
        tracks=[track], input_size=16, unused=(names[0], names[3])
    )[0]
    assert plain.scores[:, [0, 3]].gt(0).any()
    assert (frames.scores[:, [0, 3]] == 0).all()
    assert torch.equal(frames.scores[:, 4:], plain.scores[:, 4:])
    with pytest.raises(InputError, match="unused: 'tail' is no keypoint"):
        TrackDataset(tracks=[track], input_size=16, unused=('tail',))


def test_cycleadapts_points_of_openpose(make_track):
    """13 of 29 (baselines_cycleadapt.md), as its config selects them."""
    cfg = Config.fromfile(ROOT / 'configs/cycleadapt_hmr_3dpw.py')
    options = cfg.train_dataloader.dataset
    track = make_track(
        convention='openpose_18',
        keypoints=np.full((3, 18, 2), 30.0),
        scores=np.ones((3, 18)),
    )
    frames = TrackDataset(
        tracks=[track],
        input_size=16,
        convention=options.convention,
        unused=options.unused,
    )[0]
    assert frames.scores.shape == (3, 29)
    assert (frames.scores > 0).sum(1).tolist() == [13] * 3
