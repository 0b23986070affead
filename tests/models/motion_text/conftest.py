import numpy as np
import pytest
import roma
import torch

from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.models.motion_text.dictionary_file import write_dictionary


@pytest.fixture
def motion():
    """Random smooth windows: batch, frames -> pose."""

    def make(batch: int = 2, frames: int = 12, seed: int = 0):
        generator = torch.Generator().manual_seed(seed)
        phase = 6.3 * torch.rand(batch, 1, 24, 3, generator=generator)
        size = 0.6 * torch.randn(batch, 1, 24, 3, generator=generator)
        time = torch.arange(frames).view(1, -1, 1, 1) * 0.4
        return roma.rotvec_to_rotmat(size * torch.sin(time + phase))

    return make


@pytest.fixture
def small_dictionary(tmp_path):
    """Three labels whose vectors are the axes of a space of four."""
    rng = np.random.default_rng(0)
    path = write_dictionary(
        tmp_path / 'small.npz',
        ['jump', 'run', 'walk'],
        np.eye(4)[:3],
        'axes',
        {
            'exemplar': ['jump', 'run', 'run'],
            'source': ['a', 'b', 'b'],
            'length': [60, 40, 40],
        },
        rng.normal(size=(3, 60, 24, 3)) * 0.3,
    )
    return read_dictionary(path)
