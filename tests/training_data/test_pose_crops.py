"""Rendered crops as a dataset of mmpose, through its own transforms."""

import numpy as np
import pytest
import torch

from semtta_mm.compat.mmpose import import_mmpose, mmpose_scope
from semtta_mm.setup_env import register_all_modules
from semtta_mm.synthetic.crop_shards import ShardJob, make_shard
from semtta_mm.synthetic.poses import PoseSampler
from semtta_mm.training_data import DegradeImage, MotionClip, PoseCropDataset
from semtta_mm.training_data.pose_metainfo import pose_metainfo
from semtta_mm.utils import InputError

SIZE = 64


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    register_all_modules()
    path = tmp_path_factory.mktemp('crops')
    clip = MotionClip('a', 'x', 'cmu', 30, np.tile(np.eye(3), (1, 24, 1, 1)))
    make_shard(ShardJob(path, 0, 4, 0, SIZE), PoseSampler([clip]))
    return path


def build(folder, pipeline=(), **options):
    import_mmpose('datasets')
    with mmpose_scope():
        return PoseCropDataset(folder, pipeline, **options)


def test_items_are_those_of_the_crops(folder):
    data = build(folder)
    for i in range(4):
        item, crop = data.get_data_info(i), data.crops[i]
        rgb = item['img'][..., ::-1].transpose(2, 0, 1)
        np.testing.assert_array_equal(rgb, crop['image'].numpy())
        # The middle of the first pixel is 0 for mmpose, 0.5 here.
        np.testing.assert_allclose(
            item['keypoints'][0] + 0.5, crop['keypoints'].numpy(), atol=1e-5
        )
        weights = item['keypoints_visible'][0]
        inside = (
            ((crop['keypoints'] >= 0) & (crop['keypoints'] < SIZE))
            .all(1)
            .numpy()
        )
        np.testing.assert_array_equal(weights > 0, inside)
        assert (weights[crop['visible'].numpy() & inside] == 1).all()
        x1, y1, x2, y2 = item['bbox'][0]
        points = item['keypoints'][0][inside]
        assert (points >= (x1 - 0.5, y1 - 0.5)).all()
        assert (points <= (x2, y2)).all()


def test_meta_is_plain_and_flips_sides(folder):
    data = build(folder)
    flip = data.metainfo['flip_indices']
    names = data.metainfo['keypoint_id2name']
    assert names[flip[17]] == 'right_big_toe'
    assert not any(
        isinstance(value, np.ndarray) for value in data.metainfo.values()
    )


def test_mmposes_transforms_keep_image_and_keypoints_together(folder):
    """Without augmentation the affine map moves both alike."""
    pipeline = [
        dict(type='LoadImage'),
        dict(type='GetBBoxCenterScale', padding=1.0),
        dict(type='TopdownAffine', input_size=(SIZE, SIZE)),
        dict(type='PackPoseInputs', pack_transformed=True),
    ]
    with mmpose_scope():
        sample = build(folder, pipeline)[0]['data_samples']
    info = sample.metainfo
    moved = sample.gt_instances.transformed_keypoints[0]
    scale = np.array(info['input_size']) / info['input_scale']
    expected = (
        sample.gt_instances.keypoints[0] - info['input_center']
    ) * scale + np.array(info['input_size']) / 2
    np.testing.assert_allclose(moved, expected, atol=1e-3)


def test_a_part_of_the_crops(folder):
    data = build(folder, first=1, count=2)
    assert len(data) == 2
    whole = build(folder)
    np.testing.assert_array_equal(
        data.get_data_info(0)['img'], whole.get_data_info(1)['img']
    )
    with pytest.raises(InputError, match='9 is beyond the 4 crops'):
        build(folder, first=9)


def test_other_keypoints_are_refused(folder):
    with pytest.raises(InputError, match='not those of coco_23'):
        build(folder, metainfo=pose_metainfo('coco_17'))
    with pytest.raises(ValueError, match='halpe_26 has other keypoints'):
        pose_metainfo('halpe_26')


def test_metainfo_of_coco_is_mmposes_own():
    """Their tables, the colours and the order of limbs aside."""
    parse = import_mmpose('datasets.datasets.utils').parse_pose_metainfo
    ours = parse(pose_metainfo('coco_17'))
    theirs = parse(dict(from_file='coco.py'))
    for key in ('keypoint_id2name', 'flip_indices', 'lower_body_ids'):
        assert ours[key] == theirs[key]
    np.testing.assert_allclose(ours['sigmas'], theirs['sigmas'])


def test_degradation_follows_torchs_seed_and_keeps_the_shape():
    image = np.random.default_rng(0).integers(0, 255, (48, 40, 3), np.uint8)
    every = DegradeImage(1, 1, 1, 1, 1, 1)

    def run(seed):
        torch.manual_seed(seed)
        return every({'img': image.copy()})['img']

    first = run(0)
    assert first.shape == image.shape and first.dtype == np.uint8
    np.testing.assert_array_equal(first, run(0))
    assert (first != run(1)).any()
    assert (first[..., 0] == first[..., 1]).all()  # grey comes last
    none = DegradeImage(0, 0, 0, 0, 0, 0)
    np.testing.assert_array_equal(none({'img': image})['img'], image)
