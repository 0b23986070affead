"""Behaviour of all layouts, on one made for the test."""

import argparse

import pytest
import torch

from semtta_mm.checkpoints.layouts import CheckpointLayout
from semtta_mm.checkpoints.torch_files import read_torch_file
from semtta_mm.utils import InputError

NAMES = {'a.w': 'first.w', 'a.b': 'first.b', 'pe': None}
LAYOUT = CheckpointLayout(
    'toy',
    marks=('a.w',),
    wrappers=(('outer', 'inner'), ('model',), ()),
    prefixes=('', 'net.', 'module.net.'),
    rename=NAMES.__getitem__,
    foreign=('other.', 'step'),
    absent=('a.mean',),
)


def state(prefix: str = '') -> dict:
    return {
        f'{prefix}a.w': torch.ones(2),
        f'{prefix}a.b': torch.zeros(2),
        f'{prefix}pe': torch.ones(1),
    }


@pytest.mark.parametrize('prefix', LAYOUT.prefixes)
@pytest.mark.parametrize(
    'wrap',
    [
        lambda s: s,
        lambda s: {'model': s, 'epoch': 1},
        lambda s: {'outer': {'inner': s}, 'model': {}},
    ],
)
def test_prefixes_and_wrappers(prefix, wrap):
    content = wrap(state(prefix))
    assert LAYOUT.matches(content)
    found = LAYOUT.extract(content, 'x.pt')
    assert found.state.keys() == {'first.w', 'first.b'}
    assert found.state['first.w'].tolist() == [1, 1]
    assert found.dropped == (f'{prefix}pe',)
    assert found.left_out == ()


@pytest.mark.parametrize(
    'content', [None, 3, [], {}, {'model': 3}, {'a.b': 1}, {'outer': [1]}]
)
def test_other_content_is_not_recognised(content):
    assert not LAYOUT.matches(content)
    with pytest.raises(InputError, match='is not of the layout toy'):
        LAYOUT.apply(content, 'x.pt')


def test_absent_marks_distinguish_layouts():
    assert not LAYOUT.matches(state() | {'a.mean': torch.ones(1)})


def test_foreign_entries_are_left_out_and_need_not_be_tensors():
    neighbours = {
        'other.w': torch.ones(1),
        'module.other.b': argparse.Namespace(),
        'net.other.c': 3,
        'step': 4,
    }
    content = state('net.') | neighbours
    found = LAYOUT.extract(content, 'x.pt')
    assert found.left_out == tuple(neighbours)


def test_unknown_entries_are_listed():
    unknown = {'what.w': torch.ones(1), 'net.fc.w': torch.ones(1), 7: 1}
    with pytest.raises(
        InputError, match=r'x\.pt: weights: .*unknown to toy: what\.w, net\.fc'
    ) as caught:
        LAYOUT.apply(state('net.') | unknown, 'x.pt')
    assert ', 7' in caught.value.problem
    many = {f'u{i}': torch.ones(1) for i in range(30)}
    with pytest.raises(InputError, match='u11 and 18 more'):
        LAYOUT.apply(state() | many, 'x.pt')


def test_an_entry_that_is_not_a_tensor_is_named(tmp_path):
    content = state() | {'a.b': argparse.Namespace(x=1)}
    torch.save({'model': content}, tmp_path / 'a.pt')
    read = read_torch_file(tmp_path / 'a.pt')
    with pytest.raises(InputError, match=r'a\.b: is of type argparse\.Name'):
        LAYOUT.apply(read, 'x.pt')


def test_two_names_for_one_entry():
    layout = CheckpointLayout('twice', ('a',), rename=lambda name: 'same')
    with pytest.raises(InputError, match='b: is renamed to same'):
        layout.apply({'a': torch.ones(1), 'b': torch.ones(1)}, 'x.pt')


def test_convert_comes_last_and_its_errors_name_the_file():
    def split(renamed):
        first, second = renamed.pop('w').chunk(2)
        return renamed | {'first': first, 'second': second}

    layout = CheckpointLayout('split', ('x',), convert=split)
    x, w = torch.ones(1), torch.arange(4)
    found = layout.apply({'x': x, 'w': w}, 'x.pt')
    assert found['second'].tolist() == [2, 3]
    with pytest.raises(InputError, match=r'x\.pt: .*not a complete split'):
        layout.apply({'x': x}, 'x.pt')


def test_a_refusal_gives_a_fix():
    layout = CheckpointLayout('no', ('a',), refusal=('cannot be', 'go on'))
    assert layout.matches({'a': 1})
    with pytest.raises(InputError, match=r'cannot be\. Fix: go on'):
        layout.apply({'a': 1}, 'x.pt')
