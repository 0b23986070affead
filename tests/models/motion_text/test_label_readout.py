"""The linear layer that names actions, and its file."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.models.motion_text.calibration import dictionary_digest
from semtta_mm.models.motion_text.label_readout import (
    LabelReadout,
    encoders_digest,
    fit_readout,
    label_embedding,
)
from semtta_mm.models.motion_text.label_readout_file import (
    read_readout,
    write_readout,
)
from semtta_mm.utils import InputError


class Roots(nn.Module):
    """Embeds a window as the first row of its last valid root."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.full((), 2.0))

    def forward(self, pose, mask):
        return self.scale * pose[:, 0, 0, 0]


def readout_of(encoders, **changes):
    words = read_dictionary()
    weight = torch.zeros(3, len(words))
    weight[0, 7] = 4.0
    readout = LabelReadout(
        labels=words.labels,
        mean=torch.tensor([0.5, 0.0, 0.0]),
        weight=weight,
        bias=torch.zeros(len(words)),
        root=torch.eye(3),
        encoder=encoders_digest(encoders),
        dictionary=dictionary_digest(words),
    )
    return replace(readout, **changes)


def test_log_odds_of_windows_are_averaged():
    readout = readout_of([Roots()])
    windows = torch.tensor([[1.0, 0, 0], [0.0, 1, 0]])
    assert readout.logits(windows)[:, 7].tolist() == [2.0, -2.0]
    found = readout.confidence(windows)
    assert torch.allclose(found, torch.full((40,), 1 / 40))
    sure = readout.confidence(windows[:1])[7]
    assert float(sure) == pytest.approx(np.exp(2) / (np.exp(2) + 39))


def test_every_frame_gets_the_root_and_embeddings_have_length_one():
    pose = torch.zeros(2, 4, 24, 3, 3)
    valid = torch.ones(2, 4, dtype=torch.bool)
    found = label_embedding([Roots(), Roots()], pose, valid, torch.eye(3))
    assert found.tolist() == [[1, 0, 0, 1, 0, 0]] * 2
    assert not pose.any()  # not changed in place


def test_a_fit_separates_labels():
    label = torch.arange(60) % 3
    noise = torch.randn(60, 4, generator=torch.Generator().manual_seed(0))
    windows = torch.eye(4)[label] + 0.1 * noise
    mean, weight, bias = fit_readout(windows, label, 3, 1e-3)
    assert torch.equal(((windows - mean) @ weight + bias).argmax(dim=1), label)
    small = fit_readout(windows, label, 3, 10.0)[1]
    assert small.norm() < 0.1 * weight.norm()


def test_other_encoders_and_dictionaries_are_refused():
    words, encoder = read_dictionary(), Roots()
    readout = readout_of([encoder])
    assert readout.check([encoder], words)[0] == (encoder,)
    with pytest.raises(InputError, match='needs a motion-text model'):
        readout.check([None], words)
    other = Roots()
    other.scale.data += 1
    with pytest.raises(InputError, match='encoder: was made with'):
        readout.check([other], words)
    with pytest.raises(InputError, match='encoder: was made with'):
        readout.check([encoder, other], words)
    with pytest.raises(InputError, match='dictionary: was made with'):
        readout.check([encoder], replace(words, labels=words.labels[::-1]))


def test_a_file_is_read_back(tmp_path):
    readout = readout_of([Roots()])
    path = write_readout(tmp_path / 'a.npz', readout, 'by a test')
    found = read_readout(path)
    assert found.labels == readout.labels
    assert torch.equal(found.weight, readout.weight)
    assert (found.encoder, found.source) == (readout.encoder, str(path))
    write_readout(path, replace(readout, bias=torch.zeros(3)), 'broken')
    with pytest.raises(InputError, match='weight'):
        read_readout(path)
    with pytest.raises(InputError, match='does not exist'):
        read_readout(tmp_path / 'b.npz')
