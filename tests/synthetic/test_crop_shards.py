from dataclasses import fields

import numpy as np
import pytest
import torch

from semtta_mm.commands import make_crops
from semtta_mm.conventions import keypoint_names
from semtta_mm.geometry import project_points
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams
from semtta_mm.synthetic import crop_set
from semtta_mm.synthetic.crop_shards import (
    ShardJob,
    make_shard,
    make_shards,
)
from semtta_mm.synthetic.poses import PoseSampler
from semtta_mm.synthetic.scene import Crop
from semtta_mm.training_data import (
    CROP_ARRAYS,
    CropDataset,
    MotionClip,
)
from semtta_mm.utils import InputError

CLIPS = [
    MotionClip(
        'a', 'stand', 'procedural', 30, np.tile(np.eye(3), (4, 24, 1, 1))
    )
]

POSES = PoseSampler(CLIPS)


def jobs_in(folder, seed=0):
    return [ShardJob(folder, i, n, seed, 32) for i, n in enumerate((3, 2))]


@pytest.fixture
def folder(tmp_path):
    threads = torch.get_num_threads()
    for job in jobs_in(tmp_path):
        make_shard(job, POSES)
    torch.set_num_threads(threads)
    return tmp_path


def test_items_run_through_all_shards(folder):
    dataset = CropDataset(folder)
    assert len(dataset) == 5
    images = np.load(folder / 'shard_00001' / 'image.npy')
    item = dataset[4]
    assert item['image'].shape == (3, 32, 32)
    np.testing.assert_array_equal(item['image'].permute(1, 2, 0), images[1])
    np.testing.assert_array_equal(dataset[-1]['pose'], item['pose'])
    assert item['pose'].shape == (24, 3, 3)
    assert item['index'] == 4
    with pytest.raises(IndexError):
        dataset[5]


def test_reader_and_renderer_agree_on_the_arrays():
    assert tuple(field.name for field in fields(Crop)) == CROP_ARRAYS


def test_only_missing_shards_are_rendered(folder):
    """Workers are real processes; the same seed gives the same crops."""
    kept = folder / 'shard_00000' / 'image.npy'
    before = kept.stat().st_mtime_ns
    lost = np.load(folder / 'shard_00001' / 'image.npy')
    for name in CROP_ARRAYS:
        (folder / 'shard_00001' / f'{name}.npy').unlink()
    (folder / 'shard_00001').rmdir()
    (folder / 'shard_00001.part').mkdir()  # as an interruption leaves it
    made = list(make_shards(jobs_in(folder), POSES, workers=1))
    assert len(made) == 2
    assert kept.stat().st_mtime_ns == before
    np.testing.assert_array_equal(
        np.load(folder / 'shard_00001' / 'image.npy'), lost
    )


@pytest.mark.parametrize('damage', ['missing', 'truncated', 'short'])
def test_errors_contain_the_broken_shard(folder, damage):
    path = folder / 'shard_00000' / 'betas.npy'
    if damage == 'missing':
        path.unlink()
    elif damage == 'truncated':
        path.write_bytes(path.read_bytes()[:50])
    else:
        np.save(path, np.load(path)[:1])
    with pytest.raises(InputError, match='delete this shard') as caught:
        CropDataset(folder)
    assert 'shard_00000' in str(caught.value)


def test_no_shards(tmp_path):
    with pytest.raises(InputError, match='are missing'):
        CropDataset(tmp_path)


def test_plan_covers_the_count(tmp_path):
    arguments = ['--out', str(tmp_path), '--count', '25', '--shard-size', '10']
    jobs = make_crops.plan_shards(
        make_crops.build_parser().parse_args(arguments)
    )
    assert [job.count for job in jobs] == [10, 10, 5]
    assert len({job.path for job in jobs}) == 3


@pytest.mark.parametrize(
    ('option', 'message'),
    [
        (('--count', '0'), '--count: value: is below 1. Fix: give 1 or more'),
        (('--wide-views', '1.2'), '--wide-views: value: is no share. Fix: '),
    ],
)
def test_bad_options_give_one_line(tmp_path, capsys, option, message):
    assert make_crops.main(['--out', str(tmp_path), *option]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f'error: {message}')
    assert error.count('\n') == 1


def test_labels_are_left_out():
    pose = np.tile(np.eye(3), (1, 24, 1, 1))
    clips = [MotionClip(n, n, 'cmu', 30, pose) for n in ('run', 'sit')]
    rest = make_crops.without_labels(clips, ['run'])
    assert [clip.label for clip in rest] == ['sit']
    assert make_crops.without_labels(clips, []) == clips
    with pytest.raises(InputError, match='choose among run, sit'):
        make_crops.without_labels(clips, ['fly'])
    with pytest.raises(InputError, match='all labels'):
        make_crops.without_labels(clips, ['run', 'sit'])


def test_wide_views_are_other_crops_of_the_same_poses(tmp_path):
    pose = np.tile(np.eye(3), (1, 24, 1, 1))
    poses = PoseSampler([MotionClip('a', 'x', 'cmu', 30, pose)])
    turns = []
    for name, wide in (('common', 0.0), ('wide', 1.0)):
        job = ShardJob(tmp_path / name, 0, 12, 0, 16, wide_views=wide)
        turns.append(np.load(make_shard(job, poses) / 'pose.npy')[:, 0])
    assert turns[0].shape == turns[1].shape
    tilt = [np.arcsin(-turn[:, 2, 1]).std() for turn in turns]
    assert tilt[1] > 1.2 * tilt[0]


def test_sheet(folder):
    sheet = crop_set.contact_sheet(CropDataset(folder))
    rows, columns = crop_set.SHEET
    assert sheet.shape == (32 * rows, 32 * columns, 3)


def test_mirrored_items_are_consistent(folder):
    """The mirrored body, projected, falls on the mirrored keypoints."""
    plain, mirrored = CropDataset(folder)[1], CropDataset(folder, 1.0)[1]
    assert torch.equal(mirrored['image'].flip(-1), plain['image'])
    body = SMPLBody()
    params = SMPLParams.from_pose(
        mirrored['pose'][None], torch.zeros(1, 10) + mirrored['betas']
    )
    points = body(params, keypoints=('coco_23',)).keypoints['coco_23']
    pixels = project_points(
        points + mirrored['transl'], mirrored['intrinsics'][None]
    )
    # The open body is symmetric to about a millimetre.
    error = (pixels[0] - mirrored['keypoints']).abs().max()
    assert error < 0.15
    left = keypoint_names('coco_23').index('left_wrist')
    right = keypoint_names('coco_23').index('right_wrist')
    assert mirrored['visible'][left] == plain['visible'][right]


def test_mirroring_is_drawn_for_each_access(folder):
    dataset = CropDataset(folder, mirrored=0.5)
    torch.manual_seed(0)
    plain = CropDataset(folder)[0]['image']
    kept = [torch.equal(dataset[0]['image'], plain) for _ in range(40)]
    assert 8 < sum(kept) < 32
