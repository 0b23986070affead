"""Look-ups, the shipped file, and bad files."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from semtta_mm.models.motion_text import normalise, read_dictionary
from semtta_mm.models.motion_text.dictionary_file import OPEN
from semtta_mm.models.motion_text.labels import SYNONYMS, has_side
from semtta_mm.utils import InputError


class Axes:
    """Texts to fixed vectors: 'x' is between run and walk."""

    dim = 4

    def encode(self, texts):
        table = {'x': [0, 0.8, 0.6, 0], 'y': [0, 0, 0, 1.0]}
        return torch.tensor([table.get(t, [1.0, 0, 0, 0]) for t in texts])


def test_labels_and_synonyms_need_no_text_encoder(small_dictionary):
    for text in ('walk', ' Walking.', 'a person is walking', 'WALK'):
        match = small_dictionary.lookup(text)
        assert (match.index, match.label, match.score) == (2, 'walk', 1.0)
    assert small_dictionary.lookup('x').index is None
    assert small_dictionary.index('jogging') == 1
    with pytest.raises(InputError, match="'swim' is unknown.*jump, run, walk"):
        small_dictionary.index('swim')


def test_other_texts_by_similarity(small_dictionary):
    match = small_dictionary.lookup('x', Axes(), threshold=0.75)
    assert (match.index, match.label) == (1, 'run')
    assert match.score == pytest.approx(0.8)
    unknown = small_dictionary.lookup('x', Axes(), threshold=0.85)
    assert unknown.index is None and unknown.label is None
    assert (unknown.nearest, unknown.score) == ('run', pytest.approx(0.8))
    assert small_dictionary.lookup('y', Axes()).index is None
    assert small_dictionary.lookup('', Axes()).score is None


def test_roots_are_the_exemplars(small_dictionary):
    assert small_dictionary.root.shape == (3, 60, 3, 3)
    assert torch.equal(small_dictionary.root, small_dictionary.pose[:, :, 0])
    eye = torch.eye(3).expand(3, 60, 3, 3)
    root = small_dictionary.root
    torch.testing.assert_close(root @ root.mT, eye, atol=1e-5, rtol=0)


def test_shipped_dictionary():
    words = read_dictionary()
    assert len(words) >= 35 and words.embedding.shape[1] == 384
    for label in ('walk', 'run', 'sit', 'play basketball'):
        assert label in words.labels
    # No capture of CMU's is passed on.
    assert all(s.startswith(('pybullet', 'procedural')) for s in words.source)
    relative = words.exemplar[words.labels.index('play basketball')]
    assert relative == 'run'
    assert set(SYNONYMS.values()) - set(words.labels) <= {'wash a window'}
    # Similar words lie nearer than others.
    near = words.embedding @ words.embedding.T
    kick, ball, sit = map(words.index, ('kick', 'kick a soccer ball', 'sit'))
    assert near[kick, ball] > near[kick, sit] + 0.1


def test_manifest_has_the_hash_of_the_shipped_file():
    import hashlib

    manifest = json.loads((OPEN.parent / 'manifest.json').read_text())
    row = manifest['open.npz']
    assert row['sha256'] == hashlib.sha256(OPEN.read_bytes()).hexdigest()
    assert row['bytes'] == OPEN.stat().st_size
    assert row['labels'] == len(read_dictionary())


def test_normalise_is_stable_and_has_side():
    assert normalise('A man is  Sitting_down and standing up!') == (
        'sit down and stand up'
    )
    for wording, label in SYNONYMS.items():
        assert normalise(wording) == label == normalise(label)
    assert has_side('wave the left hand') and not has_side('leftover')


@pytest.mark.parametrize(
    ('field', 'value', 'message'),
    [
        ('schema', 'other', 'schema: other is not semtta_mm/dictionary/1'),
        ('label', np.array(['run', 'jump', 'walk']), 'not sorted'),
        ('label', np.array(['jump', 'run', 'walking']), "'walking' must be"),
        ('rotvec', np.zeros((3, 59, 24, 3)), r'rotvec: is \[3, 59, 24, 3\]'),
        ('length', np.zeros(2, int), r'length: is \[2\]'),
        ('embedding', np.full((3, 4), np.nan), 'embedding: holds NaN'),
        ('embedding', 2 * np.eye(4)[:3], 'embedding: is not of unit length'),
    ],
)
def test_bad_files_are_named(
    small_dictionary, tmp_path, field, value, message
):
    path = Path(tmp_path / 'small.npz')
    with np.load(path) as file:
        data = dict(file) | {field: value}
    np.savez(path, **data)
    with pytest.raises(InputError, match=message):
        read_dictionary(path)
