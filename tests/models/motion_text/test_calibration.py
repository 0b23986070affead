"""Calibration files, what they are bound to, and thresholds by hand."""

from dataclasses import replace

import pytest
import torch
from calibrations import make_calibration
from mmengine.config import Config

from semtta_mm.checkpoints.shipped import WEIGHTS
from semtta_mm.models.motion_text import MotionCLIP, read_dictionary
from semtta_mm.models.motion_text.calibration import separating_threshold
from semtta_mm.models.motion_text.calibration_file import (
    read_calibration,
    write_calibration,
)
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError


@pytest.fixture
def model():
    torch.manual_seed(0)
    return MotionCLIP(width=16, layers=1, heads=2, feedforward=16)


def test_a_file_has_the_content_that_was_written(model, tmp_path):
    words = read_dictionary()
    none = torch.full((len(words), 3), 0.5)
    none[0] = torch.nan
    found = make_calibration(model, words, up=none)
    path = write_calibration(tmp_path / 'a.json', found, 'a test')
    again = read_calibration(path)
    assert again.labels == words.labels
    assert again.encoder == found.encoder
    assert again.up[0].isnan().all()
    assert torch.equal(again.up[1:], found.up[1:])
    assert torch.equal(again.margin, found.margin)
    again.check(model, words)


def test_another_encoder_or_dictionary_is_refused(model):
    words = read_dictionary()
    found = make_calibration(model, words)
    other = MotionCLIP(width=16, layers=1, heads=2, feedforward=16)
    with pytest.raises(InputError, match=r'encoder: was made with'):
        found.check(other, words)
    with pytest.raises(InputError, match=r'dictionary: was made with'):
        found.check(model, replace(words, labels=words.labels[::-1]))
    with pytest.raises(InputError, match='the method has none'):
        found.check(None, words)
    with pytest.raises(InputError, match='the method has none'):
        found.check(model, None)


@pytest.mark.parametrize('text', ['', '{}', '[1]', '{"schema": "x"}'])
def test_broken_files(tmp_path, text):
    path = tmp_path / 'a.json'
    path.write_text(text)
    with pytest.raises(InputError, match='calibrate-alignment'):
        read_calibration(path)
    with pytest.raises(InputError, match='cannot be read'):
        read_calibration(tmp_path / 'none.json')


def test_the_threshold_is_between_right_and_wrong():
    true = torch.tensor([0.6, 0.8, 0.9])
    wrong = torch.tensor([0.1, 0.2, 0.3, 0.7])
    # Above 0.45: all right ones, and one of four wrong ones.
    assert separating_threshold(true, wrong) == pytest.approx(0.45)
    assert separating_threshold(true, true - 1) == pytest.approx(0.25)
    assert separating_threshold(true[:1], true[:1]) == pytest.approx(0.6)


@pytest.mark.parametrize('name', ['motion_text_open', 'motion_text_gate_open'])
def test_shipped_calibrations_fit_the_shipped_models(name):
    register_all_modules()
    kind = 'gate' if 'gate' in name else 'open'
    cfg = Config.fromfile(f'configs/_base_/motion_text/{kind}.py')
    found = read_calibration(name)
    assert found.source == str(WEIGHTS / f'{name}.calibration.json')
    found.check(MODELS.build(dict(cfg.motion_text)), read_dictionary())
    assert found.known.all()
    assert (found.up.norm(dim=1) - 1).abs().max() < 1e-3
