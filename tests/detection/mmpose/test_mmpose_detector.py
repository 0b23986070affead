"""``MMPoseDetector`` with a small network of mmpose's own config folder."""

from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.registry import DefaultScope

from semtta_mm.compat.mmpose import (
    import_mmpose,
    init_pose_model,
    mmpose_scope,
)
from semtta_mm.detection import detect_cached
from semtta_mm.registry import TASK_UTILS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.structures import PersonBoxes
from semtta_mm.utils import InputError

NAME = 'rtmpose-t_8xb256-420e_coco-256x192'
FRAMES = 5


@pytest.fixture(autouse=True, scope='module')
def registered():
    register_all_modules()


@pytest.fixture(scope='module')
def images():
    rng = np.random.default_rng(0)
    small = rng.integers(0, 255, (FRAMES, 12, 9, 3), np.uint8)
    return [cv2.resize(image, (90, 120)) for image in small]


@pytest.fixture(scope='module')
def folder(tmp_path_factory, images):
    """Images without loss, so that both paths see the same pixels."""
    path = tmp_path_factory.mktemp('frames')
    for i, image in enumerate(images):
        cv2.imwrite(str(path / f'{i}.png'), image)
    return path


@pytest.fixture(scope='module')
def model():
    """Random weights whose peaks are not all at the same place."""
    torch.manual_seed(0)
    mim = Path(find_spec('mmpose').origin).parent / '.mim/configs'
    (config,) = mim.rglob(f'{NAME}.py')
    model = init_pose_model(str(config))
    for name, value in model.named_parameters():
        if name.startswith(('head.final', 'head.cls', 'head.mlp')):
            torch.nn.init.normal_(value, std=0.3)
    return model


@pytest.fixture(scope='module')
def checkpoint(tmp_path_factory, model):
    """A file as an mmengine Runner writes it, with numpy in its meta."""
    path = tmp_path_factory.mktemp('weights') / 'rtmpose.pth'
    meta = {'dataset_meta': dict(model.dataset_meta), 'epoch': 3}
    torch.save({'state_dict': model.state_dict(), 'meta': meta}, path)
    return path


def build(checkpoint, **options):
    options = dict(config=NAME, people='image', min_score=0.0) | options
    return TASK_UTILS.build(
        dict(type='MMPoseDetector', checkpoint=str(checkpoint), **options)
    )


def people():
    """Two people; the second is there in some frames only."""
    rng = np.random.default_rng(1)
    found = []
    for person, ids in enumerate((range(FRAMES), (1, 3))):
        low = rng.uniform(0, 30, (len(ids), 2))
        size = rng.uniform(40, 70, (len(ids), 2))
        boxes = np.concatenate([low, low + size], axis=1)
        found.append(
            PersonBoxes(person, np.array(ids), boxes, np.ones(len(ids)))
        )
    return found


@pytest.mark.parametrize('batch_size', [1, 4])
def test_the_keypoints_of_inference_topdown(
    folder, images, model, checkpoint, batch_size
):
    """Batches over frames and people give what mmpose gives one by one."""
    detector = build(checkpoint, batch_size=batch_size)
    calls = []
    results = detector.detect_in_boxes(
        folder, people(), lambda *done: calls.append(done), fps=25
    )
    for person, result in zip(people(), results, strict=True):
        assert result.convention == 'coco_17'
        assert result.fps == 25
        np.testing.assert_array_equal(result.searched, person.frame_ids)
        np.testing.assert_array_equal(result.frame_ids, person.frame_ids)
        for row, number in enumerate(person.frame_ids):
            with mmpose_scope():
                (sample,) = import_mmpose().inference_topdown(
                    model, images[number], person.boxes[row][None]
                )
            expected = sample.pred_instances
            np.testing.assert_allclose(
                # This package's pixel 0 has its middle at 0.5.
                result.keypoints[row] - 0.5,
                expected.keypoints[0],
                atol=1e-3,
            )
            np.testing.assert_allclose(
                result.scores[row],
                np.clip(expected.keypoint_scores[0], 0, 1),
                atol=1e-5,
            )
    assert np.ptp(results[0].keypoints, axis=(0, 1)).min() > 5
    assert calls == [(i + 1, FRAMES) for i in range(FRAMES)]


def test_the_whole_image_and_every_second_frame(
    folder, images, model, checkpoint
):
    detector = build(checkpoint)
    result = detector.detect(folder, slice(1, None, 2), fps=10)
    np.testing.assert_array_equal(result.searched, [1, 3])
    with mmpose_scope():
        (sample,) = import_mmpose().inference_topdown(model, images[3])
    np.testing.assert_allclose(
        result.keypoints[1] - 0.5,
        sample.pred_instances.keypoints[0],
        atol=1e-3,
    )


def test_the_default_scope_is_restored(folder, checkpoint):
    with DefaultScope.overwrite_default_scope('semtta_mm'):
        build(checkpoint).detect(folder, slice(0, 1), fps=10)
        scope = DefaultScope.get_current_instance()
        assert scope.scope_name == 'semtta_mm'


def test_frames_with_too_few_keypoints_have_no_person(folder, checkpoint):
    result = build(checkpoint, min_keypoints=18).detect(folder, fps=10)
    assert len(result) == 0
    assert len(result.searched) == FRAMES


def test_no_person_and_people_who_are_never_there(folder, checkpoint):
    detector = build(checkpoint)
    nobody = PersonBoxes(0, np.zeros(0, int), np.zeros((0, 4)), np.zeros(0))
    assert detector.detect_in_boxes(folder, [], fps=10) == []
    (result,) = detector.detect_in_boxes(folder, [nobody], fps=10)
    assert len(result) == len(result.searched) == 0


def test_another_detector_gives_the_boxes(folder, checkpoint):
    inner = dict(
        type='MMPoseDetector',
        config=NAME,
        checkpoint=str(checkpoint),
        people='image',
        min_score=0.0,
    )
    boxes = dict(type='DetectorBoxes', detector=inner, margin=0.1)
    detector = build(checkpoint, people=boxes)
    found = build(checkpoint).detect(folder, fps=10)
    size = found.boxes[:, 2:] - found.boxes[:, :2]
    (expected,) = detector.people.find(folder, None, None, 10)
    np.testing.assert_allclose(
        expected.boxes[:, :2], found.boxes[:, :2] - 0.1 * size, rtol=1e-5
    )
    (inside,) = detector.detect_in_boxes(folder, [expected], fps=10)
    result = detector.detect(folder, fps=10)
    np.testing.assert_allclose(result.keypoints, inside.keypoints, atol=1e-3)


def test_detected_once_per_content_of_the_checkpoint(
    folder, checkpoint, tmp_path
):
    found = detect_cached(build(checkpoint), folder, tmp_path, fps=10)
    copy = tmp_path / 'copy.pth'
    copy.write_bytes(checkpoint.read_bytes())
    detect_cached(build(copy), folder, tmp_path, fps=10)
    assert len(list(tmp_path.glob('*.npz'))) == 1
    other = torch.load(checkpoint, weights_only=False)
    key = next(iter(other['state_dict']))
    other['state_dict'][key] += 0.5
    torch.save(other, copy)
    again = detect_cached(build(copy), folder, tmp_path, fps=10)
    assert len(list(tmp_path.glob('*.npz'))) == 2
    assert again.keypoints.shape == found.keypoints.shape


def test_settings_follow_config_people_and_thresholds(checkpoint):
    base = build(checkpoint).settings()
    assert build(checkpoint, batch_size=3).settings() == base
    for options in (
        dict(people=dict(type='DetectorBoxes')),
        dict(min_score=0.5),
        dict(config='rtmpose-s_8xb256-420e_coco-256x192'),
    ):
        assert build(checkpoint, **options).settings() != base


def test_weights_of_another_network_are_refused(folder, checkpoint):
    config = 'rtmpose-s_8xb256-420e_coco-256x192'
    detector = build(checkpoint, config=config)
    with pytest.raises(InputError, match=r'rtmpose.pth: state_dict: '):
        detector.detect(folder, fps=10)


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(min_score=2), 'min_score: is 2'),
        (dict(batch_size=0), 'batch_size, min_keypoints: are 0 and 3'),
    ],
)
def test_bad_values(checkpoint, options, message):
    with pytest.raises(InputError, match=message):
        build(checkpoint, **options)


def test_frames_beyond_the_end(folder, checkpoint):
    with pytest.raises(InputError, match='start at 50'):
        build(checkpoint).detect(folder, slice(50, None), fps=10)
