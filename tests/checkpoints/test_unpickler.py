"""Operations that the unpickler allows in no kind of file."""

import pickle
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch

from semtta_mm.checkpoints.pickled_arrays import (
    PLAIN_NAMES,
    PickledArray,
    restore_arrays,
)
from semtta_mm.checkpoints.plain_data import read_plain_pickle
from semtta_mm.checkpoints.smpl_pickles import read_smpl_pickle
from semtta_mm.checkpoints.torch_files import read_torch_file
from semtta_mm.checkpoints.unpickler import (
    Policy,
    ProtectedFunction,
    RestrictedUnpickler,
)
from semtta_mm.utils import InputError


def read_plain(path: Path) -> object:
    return read_plain_pickle(path, 'fix')


def write_pickle(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)


def write_torch(path: Path, raw: bytes) -> None:
    """``torch.save``'s old format around a pickle without storages."""
    head = (
        torch.serialization.MAGIC_NUMBER,
        torch.serialization.PROTOCOL_VERSION,
        {'little_endian': True},
    )
    parts = [pickle.dumps(part, 2) for part in head]
    path.write_bytes(b''.join([*parts, raw, pickle.dumps([], 2)]))


KINDS = pytest.mark.parametrize(
    ('read', 'write'),
    [
        (read_plain, write_pickle),
        (read_smpl_pickle, write_pickle),
        (read_torch_file, write_torch),
    ],
    ids=['plain', 'smpl', 'torch'],
)


class Call:
    """Pickled as a call, with a state that is set afterwards."""

    def __init__(self, function: Callable, args: tuple, state=None) -> None:
        self.parts = function, args, state

    def __reduce__(self) -> tuple:
        return self.parts


def pointers() -> Call:
    """A type of eight-byte pointers with the flags of plain numbers."""
    fields = {'a': (np.dtype('O'), 0)}
    state = (3, '|', None, ('a',), fields, 8, 1, 0)
    return Call(np.dtype, ('V8', False, True), state)


@pytest.mark.parametrize('kind', ['array', 'scalar', 'object scalar'])
@KINDS
def test_bytes_never_become_pointers(tmp_path, read, write, kind):
    """Numpy's restoring code would use the bytes as a pointer."""
    reconstruct = np.core.multiarray._reconstruct
    scalar = np.core.multiarray.scalar
    value = {
        'array': Call(
            reconstruct,
            (np.ndarray, (0,), b'b'),
            (1, (1,), pointers(), False, b'AAAAAAAA'),
        ),
        'scalar': Call(scalar, (pointers(), b'AAAAAAAA')),
        'object scalar': Call(scalar, (np.dtype('O'), b'AAAAAAAA')),
    }[kind]
    path = tmp_path / 'a'
    write(path, pickle.dumps({'x': value}, 2))
    with pytest.raises(InputError, match=r'a: (file|x): '):
        read(path)


@pytest.mark.parametrize('name', [' '.join(name) for name in PLAIN_NAMES])
@KINDS
def test_listed_objects_cannot_be_changed(tmp_path, read, write, name):
    """A pickle cannot set attributes of the objects that names map to."""
    module, member = name.split()
    code = f'c{module}\n{member}\n'.encode()
    # BUILD with slots {'x': 1}
    raw = b'\x80\x02}X\x01\x00\x00\x00a' + code + b'N}X\x01\x00\x00\x00xK\x01'
    path = tmp_path / 'a'
    write(path, raw + b's\x86bs.')
    with pytest.raises(InputError):
        read(path)
    assert not hasattr(PLAIN_NAMES[module, member], 'x')


@KINDS
def test_deep_and_repeated_content(tmp_path, read, write):
    path = tmp_path / 'a'
    deep = b']' * 20_000 + b'a' * 19_999
    write(path, b'\x80\x02}X\x01\x00\x00\x00a' + deep + b's.')
    if read is read_smpl_pickle:
        assert read(path) == {}  # lists are no arrays
    else:
        with pytest.raises(InputError):
            read(path)
    doubled = (0,)
    for _ in range(100):  # 2 ** 100 leaves
        doubled = (doubled, doubled)
    write(path, pickle.dumps({'a': doubled}, 2))
    read(path)


def unpickle(value: object, protocol: int = 2) -> object:
    file = BytesIO(pickle.dumps(value, protocol))
    policy = Policy(PLAIN_NAMES)
    return restore_arrays(
        RestrictedUnpickler(file, policy, encoding='latin1').load()
    )


@pytest.mark.parametrize('protocol', range(6))
@pytest.mark.parametrize(
    'array',
    [
        np.arange(6).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(3, dtype='>f4'),
        np.array(['male', 'female'], '>U6'),
        np.array([b'a', b'bc']),
        np.array([True, False]),
        np.array([1j, 2]),
        np.zeros((0, 3), np.float16),
        np.array(2.5),
        np.float32(2.5),
        np.str_('text'),
        np.array([[1, 'a', None], [2, 'b', 3.5]], dtype=object).T,
    ],
    ids=lambda x: f'{x.dtype}{list(x.shape)}',
)
def test_arrays_are_restored(array, protocol):
    found = unpickle({'x': array}, protocol)['x']
    assert type(found) is type(array)
    assert found.dtype == array.dtype.newbyteorder('=')
    assert found.tolist() == array.tolist()
    if isinstance(found, np.ndarray):
        assert found.flags.writeable
        same_order = found.flags.f_contiguous == array.flags.f_contiguous
        assert array.dtype.hasobject or same_order


def test_containers_keep_their_identity():
    array = np.arange(3)
    value = {'a': [array], 'b': (array, [array.dtype]), 'c': {np.int64(1): 2}}
    value['self'] = value
    found = unpickle(value)
    assert found['self'] is found
    assert found['a'][0] is found['b'][0]
    assert found['b'][1] == [np.dtype(int)]
    assert found['c'] == {1: 2}


def test_arrays_of_arrays_and_of_themselves():
    array = np.empty(2, object)
    array[0], array[1] = array, np.arange(2)
    found = unpickle(array)
    assert found[0] is found
    assert found[1].tolist() == [0, 1]


@pytest.mark.parametrize(
    ('index', 'value'),
    [
        (1, (3,)),
        (1, (-2,)),
        (1, (2**40, 2**40)),
        (1, 'ab'),
        (2, 'f8'),
        (4, b'short'),
        (4, [1, 2]),
        (4, None),
    ],
)
def test_states_that_do_not_fit(index, value):
    array = PickledArray()
    state = list(np.zeros(2).__reduce__()[2])
    state[2] = PLAIN_NAMES['numpy', 'dtype']('f8')
    array.__setstate__(tuple(state))
    assert array.array().tolist() == [0, 0]
    state[index] = value
    array.__setstate__(tuple(state))
    with pytest.raises((TypeError, ValueError)):
        array.array()


def test_functions_are_protected():
    function = ProtectedFunction(len)
    assert function([1]) == 1
    with pytest.raises(pickle.UnpicklingError, match='state of a function'):
        function.__setstate__({'x': 1})
    with pytest.raises(AttributeError):
        function.x = 1
