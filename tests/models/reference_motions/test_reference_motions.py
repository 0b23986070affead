import numpy as np
import pytest
import torch

from semtta_mm.geometry import axis_angle_to_matrix, rotation_angle
from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.models.reference_motions import (
    ExemplarMotions,
    NpzMotions,
    at_rate,
    draw_piece,
)
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError


def turning(frames, degrees=2.0):
    """The knee turns at a constant rate, degrees a frame."""
    vectors = torch.zeros(frames, 24, 3)
    vectors[:, 4, 0] = torch.arange(frames) * np.deg2rad(degrees)
    return vectors


@pytest.fixture
def content():
    return {
        'label': np.array(['walk', 'Jump ', 'walk']),
        'pose': torch.stack([turning(20), turning(20), -turning(20)]).numpy(),
        'fps': np.array(20.0),
    }


def saved(path, content):
    np.savez(path / 'motions.npz', **content)
    return path / 'motions.npz'


def test_exemplars_end_before_the_held_frame():
    dictionary = read_dictionary('open')
    row = min(range(len(dictionary)), key=lambda i: dictionary.length[i])
    (motion,) = ExemplarMotions().motions(dictionary.labels[row].upper())
    assert len(motion) == dictionary.length[row]
    assert torch.equal(motion, dictionary.pose[row, : len(motion)])
    assert ExemplarMotions().motions('knit a sock') == ()


def test_a_generators_motions_are_resampled(tmp_path, content):
    register_all_modules()
    config = dict(type='NpzMotions', path=str(saved(tmp_path, content)))
    motions = MODELS.build(config)
    assert len(motions.motions('walk')) == 2
    (jump,) = motions.motions(' JUMP')
    # 0.95 s of 20 frames at 20 fps: 29 frames at 30 fps.
    want = axis_angle_to_matrix(turning(29, 2.0 * 20 / 30))
    assert jump.shape == (29, 24, 3, 3)
    assert torch.rad2deg(rotation_angle(jump, want)).max() < 0.1
    assert motions.motions('run') == ()


def test_matrices_and_lengths(tmp_path, content):
    matrices = axis_angle_to_matrix(torch.from_numpy(content['pose'])).numpy()
    content |= {
        'pose': matrices,
        'fps': np.array([30.0, 30, 60]),
        'length': np.array([20, 5, 11]),
    }
    motions = NpzMotions(saved(tmp_path, content))
    assert [len(m) for m in motions.motions('walk')] == [20, 6]
    (jump,) = motions.motions('jump')
    torch.testing.assert_close(jump, torch.from_numpy(matrices[1, :5]))


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        ({'label': np.array([1, 2, 3])}, 'label: is int64'),
        ({'label': np.array(['a', 'b'])}, 'pose: has 3 motions for 2'),
        ({'pose': np.zeros((3, 20, 22, 3))}, r'pose: is \[3, 20, 22, 3\]'),
        ({'pose': np.zeros((3, 0, 24, 3))}, r'pose: is \[3, 0'),
        ({'pose': np.full((3, 9, 24, 3), np.nan)}, 'holds NaN'),
        ({'pose': np.zeros((3, 9, 24, 3, 3))}, 'are no rotations'),
        ({'fps': np.array(0.0)}, 'fps: is not above 0'),
        ({'fps': np.array([30.0, 30])}, r'fps: is \[2\]'),
        ({'length': np.array([1, 2, 21])}, 'length: is above 20'),
        ({'length': np.array([1.0, 2, 3])}, 'not whole'),
    ],
)
def test_bad_fields_are_named(tmp_path, content, change, message):
    with pytest.raises(InputError, match=message):
        NpzMotions(saved(tmp_path, content | change))


@pytest.mark.parametrize('field', ['label', 'pose', 'fps'])
def test_absent_fields_and_files(tmp_path, content, field):
    del content[field]
    with pytest.raises(InputError, match=f'{field}: is absent'):
        NpzMotions(saved(tmp_path, content))
    with pytest.raises(InputError, match='does not exist'):
        NpzMotions(tmp_path / 'none.npz')


def test_another_rate_and_a_held_end():
    motion = axis_angle_to_matrix(turning(31))
    part = at_rate(motion, 7, 10.0, start=9.0)
    degrees = torch.rad2deg(rotation_angle(part, motion[:1].expand_as(part)))
    want = torch.tensor([9.0, 12, 15, 18, 21, 24, 27]) * 2
    torch.testing.assert_close(degrees[:, 4], want, atol=0.05, rtol=0)
    held = at_rate(motion, 4, 1.0)
    torch.testing.assert_close(held[1:], motion[30].expand(3, -1, -1, -1))


def test_pieces_lie_inside_a_motion_and_differ():
    motions = [
        axis_angle_to_matrix(turning(60)),
        torch.eye(3).repeat(1, 24, 1, 1),
    ]
    generator = torch.Generator().manual_seed(0)
    drawn = [draw_piece(motions, 16, 25.0, generator) for _ in range(40)]
    starts = torch.tensor(
        [
            float(torch.rad2deg(rotation_angle(d[0], motions[1][0]))[4])
            for d in drawn
        ]
    )
    steps = [rotation_angle(d[-1], d[-2])[4] for d in drawn]
    still = torch.tensor([float(s) < 1e-3 for s in steps])
    assert 5 < still.sum() < 35  # each motion is drawn
    assert (starts[still] < 0.1).all()
    assert len(starts[~still].round().unique()) > 5
    assert starts.max() <= 2 * (59 - 15 * 30 / 25) + 0.1
