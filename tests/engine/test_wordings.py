"""Texts that are no labels: asked of the encoder, or unknown, said so."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from semtta_mm.engine.loops import video_adapt_loop
from semtta_mm.engine.loops.video_adapt_loop import VideoAdaptLoop
from semtta_mm.labeling import FixedLabeler
from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.registry import MODELS
from semtta_mm.utils import MissingDependencyError


class Encoder:
    """Takes every text for the label ``walk``."""

    dim = 384

    def encode(self, texts):
        words = read_dictionary()
        return words.embedding[[words.index('walk')] * len(texts)]


@pytest.fixture
def loop(tmp_path, monkeypatch):
    """A loop without a Runner: only its labels are asked for."""
    told = []
    logger = SimpleNamespace(info=told.append, warning=told.append)
    loop = object.__new__(VideoAdaptLoop)
    loop._runner = SimpleNamespace(
        logger=logger, work_dir=str(tmp_path), told=told
    )
    loop.any_wording, loop._encoder = True, None
    loop._encoder_config = None
    adaptor = SimpleNamespace(dictionary=read_dictionary())
    monkeypatch.setattr(video_adapt_loop, 'adaptor_of', lambda _: adaptor)
    return loop


def labels(loop, frames, text):
    loop.labeler = FixedLabeler(text)
    return loop.labels_of(frames).index


def test_any_wording(loop, dataset, tmp_path, monkeypatch):
    monkeypatch.setattr(
        video_adapt_loop, 'load_encoder', lambda name: Encoder()
    )
    index = labels(loop, dataset[0], 'somebody strolls along')
    assert (index == read_dictionary().index('walk')).all()
    written = json.loads((tmp_path / 'someone' / 'labels.json').read_text())
    assert written[0]['dictionary_entry'] == 'walk'
    assert written[0]['text'] == 'somebody strolls along'


def test_the_encoder_may_come_from_the_config(loop, dataset):
    MODELS.register_module('EncoderOfTheTest', module=Encoder)
    loop._encoder_config = dict(type='EncoderOfTheTest')
    try:
        index = labels(loop, dataset[0], 'somebody strolls along')
    finally:
        MODELS.module_dict.pop('EncoderOfTheTest')
    assert (index == read_dictionary().index('walk')).all()


def test_without_an_encoder_the_text_is_unknown(loop, dataset, monkeypatch):
    def absent(name):
        raise MissingDependencyError('transformers', 'texts', 'pip install')

    monkeypatch.setattr(video_adapt_loop, 'load_encoder', absent)
    index = labels(loop, dataset[0], 'somebody strolls along')
    assert torch.equal(index, torch.full((9,), -1))
    assert any('no text encoder' in line for line in loop.runner.told)
    assert any('no alignment there' in line for line in loop.runner.told)


def test_labels_need_no_encoder(loop, dataset, monkeypatch):
    def never(name):
        raise AssertionError(name)

    monkeypatch.setattr(video_adapt_loop, 'load_encoder', never)
    index = labels(loop, dataset[0], 'walk')
    assert np.unique(index).tolist() == [read_dictionary().index('walk')]
