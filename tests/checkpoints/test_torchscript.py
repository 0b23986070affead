"""Tensors of TorchScript archives are read without running code."""

import pickle
import zipfile

import pytest
import torch
from torch import nn

from semtta_mm.checkpoints.torchscript import (
    is_torchscript,
    read_torchscript_tensors,
)
from semtta_mm.utils import InputError


class Program(nn.Module):
    """Has parts of parts, a view, halves, integers and plain values."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(3, 4), nn.ReLU())
        self.small = nn.Parameter(torch.randn(2, 3).half())
        self.register_buffer('view', torch.arange(12).view(3, 4).T)
        self.sizes = [1, 2]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.inner(x)


def test_archives_are_read_and_never_run(tmp_path, monkeypatch):
    program = Program()
    path = tmp_path / 'program.pt'
    torch.jit.script(program).save(str(path))
    monkeypatch.setattr(torch.jit, 'load', None)
    assert is_torchscript(path)
    found = read_torchscript_tensors(path)
    assert found.keys() == program.state_dict().keys()
    for name, value in program.state_dict().items():
        assert torch.equal(found[name], value), name
        assert found[name].dtype == value.dtype


def test_archives_that_name_functions_are_refused(tmp_path):
    class Evil:
        def __reduce__(self):
            return print, ('ran',)

    path = tmp_path / 'evil.pt'
    with zipfile.ZipFile(path, 'w') as archive:
        archive.writestr('evil/data.pkl', pickle.dumps(Evil()))
        archive.writestr('evil/constants.pkl', b'')
    with pytest.raises(InputError, match=r'builtins\.print'):
        read_torchscript_tensors(path)


def test_archives_with_wrong_sizes_are_refused(tmp_path):
    """A tensor larger than its storage would read other memory."""
    path, bad = tmp_path / 'program.pt', tmp_path / 'bad.pt'
    torch.jit.script(Program()).save(str(path))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bad, 'w') as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith('/data.pkl'):
                assert b'K\x04K\x03' in data  # 4, 3: the linear layer
                data = data.replace(b'K\x04K\x03', b'K\x7fK\x7f', 1)
            new.writestr(name, data)
    with pytest.raises(
        InputError, match='not a readable archive of TorchScript'
    ):
        read_torchscript_tensors(bad)
