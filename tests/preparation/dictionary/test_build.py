"""A dictionary from motions and a text encoder."""

import numpy as np
import pytest
import torch

from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.preparation.dictionary import build_dictionary
from semtta_mm.training_data import MotionClip
from semtta_mm.utils import InputError


class Axes:
    """Every text to the first axis of a space of four."""

    dim = 4

    def encode(self, texts):
        return torch.eye(4)[:1].repeat(len(texts), 1)


def clip(label, source, name, frames=70, fps=30.0):
    pose = np.tile(np.eye(3), (frames, 24, 1, 1))
    return MotionClip(name, label, source, fps, pose)


def test_exemplar_is_the_first_redistributable_clip(tmp_path):
    clips = [
        clip('running', 'cmu', 'c1'),
        clip('run', 'pybullet', 'p1', 50, 60.0),
        clip('run', 'pybullet', 'p2'),
        clip('play basketball', 'cmu', 'c2'),
        clip('', 'pybullet', 'unlabelled'),
    ]
    path = build_dictionary(tmp_path / 'd.npz', clips, Axes(), 'axes')
    words = read_dictionary(path)
    assert words.labels == ('play basketball', 'run')
    assert words.source == ('p1', 'p1')
    assert words.exemplar == ('run', 'run')
    assert words.length == (25, 25) and words.encoder == 'axes'
    with pytest.raises(
        InputError, match='walk: has no motion with a redistributable'
    ):
        build_dictionary(path, [clip('walk', 'cmu', 'c')], Axes(), 'axes')
    with pytest.raises(InputError, match='label: no motion has one'):
        build_dictionary(path, clips[-1:], Axes(), 'axes')
