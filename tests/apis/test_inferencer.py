"""Three lines that adapt: a video, a track, frames in memory."""

import json
from functools import partial

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from people_stand_ins import COUNT, LEFT, RIGHT, register

from semtta_mm.apis import (
    SemTTAInferencer,
    evaluate,
    init_adaptor,
    read_config,
)
from semtta_mm.datasets.track_io import save_track
from semtta_mm.detection import PeopleReader
from semtta_mm.geometry import project_points
from semtta_mm.models.adaptors import SemTTA
from semtta_mm.utils import InputError


@pytest.fixture(scope='module')
def inferencer():
    """The shipped network, on images without a person."""
    return SemTTAInferencer('semtta_hmr_demo', show_progress=False)


@pytest.fixture
def track(dataset):
    return dataset[0].track


def one(results):
    (result,) = results
    return result


def test_a_track_with_a_text(inferencer, track, tmp_path):
    result = one(inferencer(track, text='wave a hand', epochs=1, seed=3))
    assert result.name == 'someone'
    assert result.params.pose.shape == (9, 24, 3, 3)
    assert result.joints3d.shape == (9, 24, 3)
    assert result.vertices.shape[::2] == (9, 3)
    assert result.faces.max() == result.vertices.shape[1] - 1
    assert result.labels[0].dictionary_entry == 'wave a hand'
    assert len(result.history) == 1
    before, after = result.metrics['before'], result.metrics['after']
    assert after['reproj_px'] < before['reproj_px']
    assert after['mpjpe'] > 0  # the track has a reference
    # Joints and mesh are in the frame of the camera that projects them.
    middle = result.joints3d.mean(dim=1) - result.vertices.mean(dim=1)
    assert middle.norm(dim=-1).max() < 0.4
    pixels = project_points(result.joints3d, result.camera)
    spread = result.joints2d.amax(1) - result.joints2d.amin(1)
    inside = (pixels.mean(1) - result.joints2d.mean(1)).abs()
    assert (inside < spread).all()
    folder = result.save(tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == [
        'adapted.pth',
        'labels.json',
        'metrics.json',
        'result.npz',
    ]
    written = json.loads((folder / 'metrics.json').read_text())
    assert written['after']['reproj_px'] == after['reproj_px']
    more = result.save(tmp_path / 'more', ('bvh', 'json'), world=True)
    assert (more / 'motion.bvh').is_file()
    exported = json.loads((more / 'coco.json').read_text())['annotations']
    assert exported[0]['person_id'] == 'someone'
    assert 'joints3d_world' in exported[0]
    with pytest.raises(InputError, match='fbx: is no format'):
        result.save(tmp_path / 'none', ('fbx',))
    assert not (tmp_path / 'none').exists()
    state = torch.load(folder / 'adapted.pth', weights_only=True)
    assert set(state['state_dict']) == set(result.state_dict)


def test_every_input_starts_from_the_same_weights(inferencer, track):
    first, second = inferencer([track, track], epochs=1, seed=1)
    assert torch.equal(first.params.pose, second.params.pose)
    assert first.labels == ()


def test_a_call_does_not_change_the_next(track):
    cfg = read_config('semtta_hmr_demo')
    cfg.train_cfg.max_epochs = 2
    inferencer = SemTTAInferencer(cfg, show_progress=False)
    text = one(inferencer(track, text='walk', epochs=1, seed=5))
    assert len(text.history) == 1 and text.labels
    plain = one(inferencer(track))
    assert len(plain.history) == 2 and not plain.labels
    assert cfg.train_cfg.labeler.type == 'FileLabeler'
    assert cfg.train_cfg.max_epochs == 2


def test_a_folder_of_images_with_keypoints(inferencer, track):
    keypoints = np.dstack([track.keypoints, track.scores])
    result = one(
        inferencer(track.video, keypoints=keypoints, fps=25, epochs=1)
    )
    assert result.name == track.video.stem
    assert result.track.fps == 25
    assert result.metrics['after']['mpjpe'] is None  # no reference
    boxes = np.tile([10.0, 10, 180, 190], (len(track), 1))
    wide = one(
        inferencer(
            track.video,
            keypoints=keypoints,
            convention='coco_17',
            boxes=boxes,
            fps=25,
            epochs=1,
            labels=[dict(start=0, end=5, text='walk')],
        )
    )
    assert wide.track.boxes[0].tolist() == boxes[0].tolist()
    assert wide.labels[0].text == 'walk'


def test_frames_in_memory_equal_the_images(inferencer, track):
    frames = np.stack(
        [cv2.imread(str(path)) for path in sorted(track.video.iterdir())]
    )
    keypoints = np.dstack([track.keypoints, track.scores])
    options = dict(keypoints=keypoints, fps=25.0, epochs=1)
    there = one(inferencer(track.video, **options))
    here = one(inferencer(frames, **options))
    assert torch.equal(here.params.pose, there.params.pose)


def test_a_track_file_and_an_output_folder(inferencer, track, tmp_path):
    path = save_track(tmp_path / 'a.npz', track)
    out = tmp_path / 'out'
    result = one(inferencer(str(path), epochs=1, out_dir=out))
    assert (out / result.name / 'result.npz').is_file()


@pytest.mark.parametrize(
    ('inputs', 'options', 'message'),
    [
        ('no.mp4', {}, r'no\.mp4: file: does not exist'),
        (np.zeros((3, 4)), {}, r'no uint8 \[T, H, W, 3\]'),
        (None, {'fps': 25}, 'fps: value: is of no use'),
        (None, {'text': 'walk', 'labels': 'a.json'}, 'give one of them'),
    ],
)
def test_bad_input_is_named(inferencer, track, inputs, options, message):
    with pytest.raises(InputError, match=message):
        list(inferencer(track if inputs is None else inputs, **options))


@pytest.mark.parametrize(
    ('keypoints', 'options', 'message'),
    [
        (np.zeros((9, 17)), {'fps': 1}, r'not \[T, K, 3\]'),
        (np.ones((9, 5, 3)), {'fps': 1}, 'is unknown for 5 keypoints'),
        (np.zeros((9, 17, 3)), {'fps': 1}, 'no frame has 3 visible'),
    ],
)
def test_bad_keypoints_are_named(
    inferencer, track, keypoints, options, message
):
    with pytest.raises(InputError, match=message):
        list(inferencer(track.video, keypoints=keypoints, **options))


def test_an_unknown_argument_is_refused(inferencer, track):
    with pytest.raises(ValueError, match='epoch'):
        list(inferencer(track, epoch=3))


def test_init_adaptor_and_evaluate_take_names():
    adaptor = init_adaptor('semtta_hmr_demo', device='cpu')
    assert isinstance(adaptor, SemTTA)
    assert adaptor.device == torch.device('cpu')
    with pytest.raises(InputError, match='no loop that adapts'):
        init_adaptor('train_mdnet')
    with pytest.raises(InputError, match='is not in the package'):
        init_adaptor('semtta_hmr_demon')
    with pytest.raises(InputError, match='estimator: is absent'):
        evaluate('train_mdnet')


def test_nobody_yields_nothing_and_people_are_chosen(
    inferencer, tmp_path, monkeypatch
):
    monkeypatch.setenv('SEMTTA_CACHE', str(tmp_path / 'cache'))
    monkeypatch.setattr(
        'semtta_mm.apis.input_tracks.PeopleReader',
        partial(PeopleReader, finder=dict(type='SeesAll')),
    )
    monkeypatch.setattr(
        inferencer,
        'cfg',
        Config({**inferencer.cfg, 'detector': dict(type='Poses')}),
    )
    folder = tmp_path / 'walk'
    folder.mkdir()
    for i in range(COUNT):
        image = np.full((240, 640, 3), 7 * i, np.uint8)
        cv2.imwrite(str(folder / f'{i:03d}.png'), image)
    register()
    with pytest.warns(UserWarning, match='walk: no person was found'):
        assert list(inferencer(folder, fps=10)) == []
    register(LEFT, RIGHT)
    result = one(inferencer(folder, fps=10, person=1, epochs=1))
    assert result.name == 'walk_p1'
    assert len(result.params.pose) == COUNT
