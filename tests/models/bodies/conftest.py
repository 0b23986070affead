"""A small random body with everything that official SMPL has."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import roma
import torch

from semtta_mm.conventions import SMPL_PARENTS
from semtta_mm.structures import SMPLParams

VERTICES = 300


def random_arrays(vertices: int = VERTICES) -> dict[str, np.ndarray]:
    """SMPL's fields with random content and large pose blend shapes."""
    rng = np.random.default_rng(0)
    weights = rng.random((vertices, 24)) ** 8
    regressor = rng.random((24, vertices)) ** 8
    parents = np.array(SMPL_PARENTS, np.int64) % 2**32
    return {
        'v_template': rng.normal(size=(vertices, 3)) * 0.4,
        'shapedirs': rng.normal(size=(vertices, 3, 10)) * 0.02,
        'posedirs': rng.normal(size=(vertices, 3, 207)) * 0.01,
        'J_regressor': regressor / regressor.sum(1, keepdims=True),
        'weights': weights / weights.sum(1, keepdims=True),
        'kintree_table': np.array([parents, range(24)], np.uint32),
        'f': rng.integers(0, vertices, (500, 3)).astype(np.uint32),
    }


def random_params(
    batch: int, seed: int = 0, transl: bool = True
) -> SMPLParams:
    """Any rotations, any shape, any place."""
    generator = torch.Generator().manual_seed(seed)
    quaternions = torch.randn(batch * 24, 4, generator=generator)
    quaternions = torch.nn.functional.normalize(quaternions, dim=-1)
    pose = roma.unitquat_to_rotmat(quaternions).view(batch, 24, 3, 3)
    betas = torch.randn(batch, 10, generator=generator)
    place = torch.randn(batch, 3, generator=generator) if transl else None
    return SMPLParams.from_pose(pose, betas, place)


@pytest.fixture
def make_params() -> Callable[..., SMPLParams]:
    return random_params


@pytest.fixture
def arrays() -> dict[str, np.ndarray]:
    return random_arrays()


@pytest.fixture
def random_body_file(tmp_path: Path, arrays) -> Path:
    path = tmp_path / 'SMPL_NEUTRAL.npz'
    np.savez(path, **arrays)
    return path
