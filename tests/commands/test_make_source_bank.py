"""``semtta make-source-bank`` on a few crops and on HumanData."""

import cv2
import numpy as np
import pytest
import torch

from semtta_mm.apis.source_bank import crops_to_bank
from semtta_mm.commands.make_source_bank import main
from semtta_mm.datasets import write_human_data
from semtta_mm.datasets.source_bank import read_bank
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import BodyReference, PersonTrack
from semtta_mm.synthetic.crop_shards import ShardJob, make_shard
from semtta_mm.synthetic.poses import PoseSampler
from semtta_mm.training_data import CropDataset, MotionClip


@pytest.fixture
def crops(tmp_path):
    clip = MotionClip('a', 'x', 'cmu', 30, np.tile(np.eye(3), (1, 24, 1, 1)))
    make_shard(ShardJob(tmp_path / 'crops', 0, 5, 0, 128), PoseSampler([clip]))
    return tmp_path / 'crops'


def test_of_crops(crops, tmp_path, capsys):
    out = tmp_path / 'bank.npz'
    options = ['--crops', crops, '--count', 4, '--clusters', 2, '--out', out]
    assert main([str(o) for o in options]) == 0
    printed = ' '.join(capsys.readouterr().out.split())
    assert '4 crops, 2 clusters' in printed
    bank = read_bank(out)
    assert len(bank) == 4 and bank.body == 'open'
    assert set(bank.cluster) == {0, 1}


def test_labels_are_those_of_the_crops(crops):
    """2D joints agree with the crop's own keypoints where both are named."""
    dataset = CropDataset(crops)
    body = SMPLBody()
    bank = crops_to_bank(dataset, 99, body)
    assert len(bank) == len(dataset) == 5
    for row in range(5):
        item = dataset[row]
        assert np.array_equal(bank.pose[row], item['pose'].numpy())
        # SMPL's hips (1, 2) are near COCO's (11, 12), its knees nearer.
        pixels = (bank.joints2d[row] + 1) * 64
        for smpl, coco in ((4, 13), (5, 14), (7, 15), (8, 16)):
            gap = pixels[smpl] - item['keypoints'][coco].numpy()
            assert np.linalg.norm(gap) < 6
        image = bank.image(row, 128).astype(int)
        true = item['image'].permute(1, 2, 0).numpy().astype(int)
        assert np.abs(image - true).mean() < 12  # JPEG
    inside = (np.abs(bank.joints2d) < 1).all(axis=-1)
    assert np.array_equal(bank.visible, inside)


def human_data(folder):
    images = folder / 'images'
    images.mkdir(parents=True)
    for i in range(4):
        cv2.imwrite(
            str(images / f'{i:03d}.png'), np.zeros((60, 80, 3), np.uint8)
        )
    track = PersonTrack(
        name='a',
        frame_ids=np.arange(4),
        fps=50.0,
        boxes=np.tile([20.0, 10, 60, 50], (4, 1)),
        keypoints=np.tile([40.0, 54], (4, 17, 1)),
        scores=np.ones((4, 17)),
        convention='coco_17',
        video=images,
        numbering='name',
        reference=BodyReference(
            pose=np.zeros((4, 24, 3)), betas=np.ones((4, 10))
        ),
    )
    return write_human_data([track], folder / 'h36m.npz')


def test_of_human_data(tmp_path):
    path = human_data(tmp_path)
    out = tmp_path / 'bank.npz'
    options = ['--human-data', path, '--images', tmp_path, '--count', 3]
    options += ['--clusters', 0, '--size', 64, '--out', out]
    images = tmp_path / 'images'
    assert main([str(o) for o in options]) == 0
    bank = read_bank(out)
    assert images.is_dir() and len(bank) == 3
    assert bank.body == 'smpl' and bank.centres is None
    assert bank.image(0, 64).shape == (64, 64, 3)
    assert torch.allclose(torch.from_numpy(bank.betas), torch.ones(3, 10))


@pytest.mark.parametrize(
    ('options', 'problem'),
    [
        (['--crops', 'none'], 'shards'),
        (['--crops', 'x', '--count', '0'], '--count'),
        (['--human-data', 'x.npz'], '--images'),
    ],
)
def test_bad_options_are_one_line(options, problem, tmp_path, capsys):
    out = ['--out', str(tmp_path / 'bank.npz')]
    assert main([*options, *out]) == 2
    error = capsys.readouterr().err
    assert problem in error and error.count('\n') == 1
