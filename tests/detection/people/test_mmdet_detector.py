"""Boxes of people by mmdet, with a real RTMDet of random weights."""

import numpy as np
import pytest
import torch
from mmengine.config import Config

from semtta_mm.compat.mmdet import (
    batched_nms,
    import_mmdet,
    init_detector,
    mmdet_scope,
    nms,
)
from semtta_mm.compat.temporary import is_installed
from semtta_mm.detection.people import MMDetPersonDetector
from semtta_mm.detection.people.evidence import Evidence, Limits, why_no_person
from semtta_mm.detection.people.mmdet_detector import find_config
from semtta_mm.utils import InputError, MissingDependencyError

NAME = 'rtmdet_tiny_8xb32-300e_coco'
BOXES = torch.tensor(
    [[0, 0, 10, 10], [0, 0, 10, 8], [20, 20, 30, 30]], dtype=torch.float
)
SCORES = torch.tensor([0.5, 0.9, 0.7])


def test_nms():
    kept, rows = nms(BOXES, SCORES, 0.5)
    assert rows.tolist() == [1, 2]  # 0 overlaps with 1 by 0.8
    assert kept[:, 4].tolist() == pytest.approx([0.9, 0.7])
    assert nms(BOXES, SCORES, 0.85)[1].tolist() == [1, 2, 0]
    assert nms(BOXES[:0], SCORES[:0], 0.5)[0].shape == (0, 5)


def test_nms_by_class():
    classes = torch.tensor([0, 1, 1])
    options = {'type': 'nms', 'iou_threshold': 0.5}
    assert batched_nms(BOXES, SCORES, classes, options)[1].tolist() == [
        1,
        2,
        0,
    ]
    one = batched_nms(BOXES, SCORES, classes, options, class_agnostic=True)
    assert one[1].tolist() == [1, 2]
    few = batched_nms(BOXES, SCORES, classes, {**options, 'max_num': 1})
    assert few[0][:, :4].tolist() == [[0, 0, 10, 8]]


def test_boxes_without_keypoints_need_no_agreement():
    nan = float('nan')
    seen = dict(
        seconds=2.0, limb_change=0.1, asymmetry=0.1, motion=0.1, agreement=nan
    )
    assert why_no_person(Evidence(score=0.5, **seen), Limits()) is None
    problem = why_no_person(Evidence(score=0.1, **seen), Limits())
    assert 'uncertain' in problem


def test_bad_values():
    with pytest.raises(InputError, match='min_score'):
        MMDetPersonDetector('a.py', 'a.pth', min_score=2)
    with pytest.raises(InputError, match='checkpoint'):
        MMDetPersonDetector('a.py', 'absent.pth').settings()


@pytest.mark.skipif(is_installed('mmdet'), reason='mmdet is installed')
def test_mmdet_is_absent():
    with pytest.raises(MissingDependencyError, match='pip install'):
        import_mmdet()


@pytest.fixture(scope='module')
def files(tmp_path_factory):
    """A config, and random weights in the layout that mmdet publishes."""
    if not is_installed('mmdet'):
        pytest.skip('mmdet is not installed')
    folder = tmp_path_factory.mktemp('mmdet')
    config, weights = folder / 'rtmdet.py', folder / 'rtmdet.pth'
    config.write_text(
        f'_base_ = {str(find_config(NAME))!r}\n'
        'model = dict(test_cfg=dict(nms_pre=100))\n'
    )
    torch.manual_seed(0)
    model = init_detector(Config.fromfile(config))
    for layer in model.bbox_head.rtm_cls:
        layer.bias.data[1] += 5  # else random scores find no second class
    meta = {'dataset_meta': {'classes': ('cat', 'person')}}
    torch.save({'state_dict': model.state_dict(), 'meta': meta}, weights)
    return config, weights


def noise(height, width):
    rng = np.random.default_rng(0)
    return rng.integers(0, 255, (height, width, 3), np.uint8)


def test_boxes_equal_those_of_mmdet(files):
    detector = MMDetPersonDetector(*files, min_score=0.1)
    found = detector.find(noise(300, 400))
    model = detector._model
    with torch.no_grad(), mmdet_scope():
        apis = import_mmdet()
        answer = apis.inference_detector(model, noise(300, 400))
    want = answer.pred_instances
    rows = want.labels == 1
    assert 0 < len(found) <= int(rows.sum())  # one box for each
    best = want.bboxes[rows][want.scores[rows].argmax()].cpu().numpy()
    np.testing.assert_allclose(found.boxes[0], best, atol=1e-3)
    assert (np.diff(found.scores) <= 0).all()
    assert not found.keypoint_scores.any()
    other = MMDetPersonDetector(*files, min_score=0.2)
    assert detector.settings() != other.settings()


def test_tiles(files):
    detector = MMDetPersonDetector(*files, min_score=0.1)
    whole, tiled = (detector.find(noise(200, 200), n) for n in (1, 2))
    assert len(tiled) >= len(whole) > 0
    assert tiled.boxes.min() >= -1 and tiled.boxes.max() <= 201


def test_a_detector_of_other_things(files, tmp_path):
    config, weights = files
    content = torch.load(weights, weights_only=True)
    content['meta']['dataset_meta']['classes'] = ('cat', 'dog')
    path = tmp_path / 'cats.pth'
    torch.save(content, path)
    with pytest.raises(InputError, match="has no 'person'"):
        MMDetPersonDetector(config, path).find(noise(64, 64))


def test_unknown_config(files):
    with pytest.raises(InputError, match='no config of mmdet'):
        find_config('rtmdet_enormous')
