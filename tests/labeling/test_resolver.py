"""Texts that are no labels: matched by the encoder, or unknown and logged."""

from types import SimpleNamespace

import pytest
import torch

from semtta_mm.labeling import FixedLabeler, LabelResolver, frame_labels
from semtta_mm.labeling import resolver as module
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
def log():
    return []


def resolver(log, text, text_encoder=None):
    logger = SimpleNamespace(info=log.append, warning=log.append)
    return LabelResolver(FixedLabeler(text), True, text_encoder, logger)


def rows(resolver, frames):
    words = read_dictionary()
    spans = resolver.spans(frames.track, words)
    return frame_labels(frames.track, spans, words).index


WALK = read_dictionary().index('walk')


def test_any_wording(log, dataset, monkeypatch):
    monkeypatch.setattr(module, 'load_encoder', lambda name: Encoder())
    found = resolver(log, 'somebody strolls along')
    spans = found.spans(dataset[0].track, read_dictionary())
    assert spans[0].dictionary_entry == 'walk'
    assert spans[0].text == 'somebody strolls along'
    assert (rows(found, dataset[0]) == WALK).all()


def test_the_encoder_may_come_from_the_config(log, dataset):
    MODELS.register_module('EncoderOfTheTest', module=Encoder)
    config = dict(type='EncoderOfTheTest')
    try:
        index = rows(resolver(log, 'he strolls', config), dataset[0])
    finally:
        MODELS.module_dict.pop('EncoderOfTheTest')
    assert (index == WALK).all()


def test_without_an_encoder_the_text_is_unknown(log, dataset, monkeypatch):
    def absent(name):
        raise MissingDependencyError('transformers', 'texts', 'pip install')

    monkeypatch.setattr(module, 'load_encoder', absent)
    index = rows(resolver(log, 'somebody strolls along'), dataset[0])
    assert torch.equal(index, torch.full((9,), -1))
    assert any('no text encoder' in line for line in log)
    assert any('no alignment there' in line for line in log)


def test_labels_need_no_encoder(log, dataset, monkeypatch):
    def never(name):
        raise AssertionError(name)

    monkeypatch.setattr(module, 'load_encoder', never)
    assert (rows(resolver(log, 'walk'), dataset[0]) == WALK).all()
