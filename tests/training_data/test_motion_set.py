"""Motion sets on disk: round trip and errors."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.training_data import MotionClip
from semtta_mm.training_data.motion_set import SCHEMA, read_motion_set
from semtta_mm.utils import InputError


def clip(name: str, frames: int, **options: Any) -> MotionClip:
    rng = np.random.default_rng(frames)
    pose = Rotation.random(frames * 24, random_state=rng).as_matrix()
    values = {'label': 'walk', 'source': 'cmu', 'fps': 60.0} | options
    return MotionClip(name=name, pose=pose.reshape(frames, 24, 3, 3), **values)


def test_clips_come_back_in_order(tmp_path: Path):
    clips = [
        clip('a', 3),
        clip('b', 1, label='wave, left', source='procedural', loops=True),
        clip('c', 5, fps=30.0),
        clip('d', 2, label=''),
    ]
    path = write_motion_set(tmp_path / 'new' / 'train.npz', clips)
    read = read_motion_set(path)
    assert [p.name for p in path.parent.iterdir()] == ['train.npz']
    for old, new in zip(clips, read, strict=True):
        for field in ('name', 'label', 'source', 'fps', 'loops'):
            assert getattr(old, field) == getattr(new, field)
        assert new.labelled == (new.name != 'd')
        np.testing.assert_allclose(new.pose, old.pose, atol=2e-6)
        eye = new.pose @ new.pose.swapaxes(-1, -2)
        np.testing.assert_allclose(
            eye, np.broadcast_to(np.eye(3), eye.shape), atol=1e-12
        )


def test_round_trip_of_half_turns(tmp_path: Path):
    pose = np.tile(np.diag([1.0, -1.0, -1.0]), (2, 24, 1, 1))
    path = tmp_path / 'x.npz'
    write_motion_set(path, [MotionClip('a', 'x', 'cmu', 30.0, pose)])
    np.testing.assert_allclose(read_motion_set(path)[0].pose, pose, atol=1e-6)


def test_names_must_be_unique(tmp_path: Path):
    with pytest.raises(ValueError, match=r"unique names, got \['a'\]"):
        write_motion_set(tmp_path / 'x.npz', [clip('a', 1), clip('a', 2)])
    with pytest.raises(ValueError, match='got none'):
        write_motion_set(tmp_path / 'x.npz', [])


@pytest.mark.parametrize(
    ('field', 'value', 'message'),
    [
        ('schema', 'semtta_mm/motions/9', r'schema: .*/9 is not .*/1'),
        ('fps', [30.0], r'fps: is float64 \[1\]'),
        ('label', [1, 2], r'label: is int64 \[2\]'),
        ('fps', [30.0, 0.0], r'fps: must be above 0'),
        ('length', [3, 0], r'length: needs clips of at least 1 frame'),
        ('rotvec', np.zeros((4, 24, 3)), r'rotvec: is .*expected \[5, 24, 3'),
        ('rotvec', np.full((5, 24, 3), np.nan), 'rotvec: contains NaN'),
    ],
)
def test_bad_fields_are_named(
    tmp_path: Path, field: str, value: Any, message: str
):
    good = {
        'schema': SCHEMA,
        'name': ['a', 'b'],
        'label': ['walk', 'run'],
        'source': ['cmu', 'cmu'],
        'fps': [30.0, 60.0],
        'loops': [True, False],
        'length': [3, 2],
        'rotvec': np.zeros((5, 24, 3)),
    }
    path = tmp_path / 'x.npz'
    np.savez(path, **good)
    assert len(read_motion_set(path)) == 2
    np.savez(path, **(good | {field: np.asarray(value)}))
    with pytest.raises(InputError, match=message):
        read_motion_set(path)


def test_missing_field_is_named(tmp_path: Path):
    np.savez(tmp_path / 'x.npz', schema=SCHEMA)
    with pytest.raises(InputError, match='name: is absent.*make-motions'):
        read_motion_set(tmp_path / 'x.npz')
