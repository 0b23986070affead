"""What the summary says about the input and its labels."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from semtta_mm.apis.config import check_crop, read_config
from semtta_mm.apis.run_notes import run_notes
from semtta_mm.utils import InputError


@pytest.fixture
def config(tmp_path):
    """Ten images without a rate, of which every second is wanted."""
    folder = tmp_path / 'walk'
    folder.mkdir()
    for i in range(10):
        cv2.imwrite(str(folder / f'{i}.png'), np.zeros((4, 4, 3), np.uint8))
    cfg = read_config('semtta_hmr_demo_lifter')
    cfg.train_dataloader.dataset.reader = dict(
        type='DetectionReader', video=str(folder), frames=dict(every=2)
    )
    cfg.work_dir = str(tmp_path / 'out')
    cfg.train_cfg.labeler = dict(type='FixedLabeler', text='hop')
    return cfg


def write_labels(cfg, *pairs):
    spans = [
        dict(start=0, end=5, text=text, dictionary_entry=entry)
        for text, entry in pairs
    ]
    folder = cfg.work_dir + '/walk_p0'
    Path(folder).mkdir(parents=True)
    Path(folder, 'labels.json').write_text(json.dumps(spans))


def report(frames):
    return {'tracks': {'walk_p0': {'frames': frames}}}


def test_a_complete_and_labelled_video_has_no_note(config):
    config.train_dataloader.dataset.reader.fps = 25
    write_labels(config, ('walk', 'walk'), ('unknown', None))
    assert run_notes(config, report(5)) == []


def test_every_note_once(config):
    write_labels(config, ('strolls home', None), ('strolls home', None))
    rate, frames, text = run_notes(config, report(3))
    assert 'has no frame rate: 30 frames' in rate
    assert frames == 'walk_p0: found in 3 of 5 frames'
    assert text.startswith("text 'strolls home' matched no label")
    assert "pip install 'semtta_mm[text]'" in text


def test_no_text_at_all(config):
    config.train_cfg.labeler = config.hooks.labels = None
    notes = run_notes(config, report(5))
    assert 'no text was given: nothing was aligned' in notes[-1]
    config.model.losses.align = None
    assert len(run_notes(config, report(5))) == len(notes) - 1


def test_another_network_names_all_that_it_needs():
    cfg = read_config('semtta_hmr_demo_lifter')
    check_crop(cfg)
    cfg.model.estimator.input_size = 224
    with pytest.raises(InputError) as error:
        check_crop(cfg)
    for key in ('train_dataloader.dataset.input_size=224', 'model.weights'):
        assert key in str(error.value)
