"""BABEL and AMASS on small files of their layout, up to the dictionary."""

import json
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
import torch

from semtta_mm.commands import build_dictionary as command
from semtta_mm.datasets.amass import read_amass
from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.preparation.dictionary.babel import (
    LabelledSequence,
    LabelledSpan,
    pieces,
    read_babel,
    window_text,
)
from semtta_mm.preparation.dictionary.babel_dictionary import ankle_row
from semtta_mm.utils import InputError


class Encoder:
    dim = 4

    def encode(self, texts):
        torch.manual_seed(0)
        out = torch.randn(len(texts), 4)
        return out / out.norm(dim=-1, keepdim=True)


def entry(file: str, spans=None, whole=()) -> dict:
    labels = [
        {
            'raw_label': text,
            'proc_label': text,
            'act_cat': None,
            'start_t': start,
            'end_t': end,
            'seg_id': 'x',
        }
        for text, start, end in spans or ()
    ]
    return {
        'babel_sid': 1,
        'feat_p': f'ARCHIVE/{file}',
        'dur': 4.0,
        'seq_ann': {'labels': [{'raw_label': t} for t in whole]},
        'frame_ann': None if spans is None else {'labels': labels},
    }


def write_sequence(amass: Path, file: str, frames: int, rate: float, **more):
    poses = np.random.default_rng(len(file)).normal(size=(frames, 156))
    path = amass / file
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, poses=0.1 * poses, mocap_framerate=rate, **more)
    return 0.1 * poses


@pytest.fixture
def folders(tmp_path):
    babel, amass = tmp_path / 'babel', tmp_path / 'amass'
    babel.mkdir()
    train = {
        '7': entry('KIT/3/b_poses.npz', None, ['jump', 'wave a hand']),
        '9': entry(
            'CMU/1/a_poses.npz',
            [('walking', 0.0, 1.5), ('turn left', 1.0, 3.0)],
        ),
        '11': entry('CMU/1/absent_poses.npz', None, ['swim']),
    }
    val = {'3': entry('ACCAD/x_poses.npz', None, ['jump', 'wave a hand'])}
    (babel / 'train.json').write_text(json.dumps(train))
    (babel / 'val.json').write_text(json.dumps(val))
    return babel, amass


def test_frame_texts_by_hand():
    spans = (LabelledSpan('walk', 0, 1), LabelledSpan('turn', 0.5, 1.2))
    one = LabelledSequence(PurePosixPath('a'), spans, ('x',))
    assert one.frame_texts(8, 5) == [
        *('walk', 'walk', 'walk'),  # 0, 0.2 and 0.4 s
        *('turn', 'turn', 'turn'),  # the later entry wins
        *('', ''),
    ]
    whole = LabelledSequence(PurePosixPath('a'), (), ('walk', 'run'))
    assert whole.frame_texts(2, 30) == ['walk and run'] * 2


def test_window_text_and_pieces_by_hand():
    assert window_text(['walk', '', 'run', 'walk']) == 'run and walk'
    assert window_text(['', '']) == ''
    assert list(pieces(260)) == [
        slice(0, 100),
        slice(100, 200),
        slice(200, 260),
    ]
    assert list(pieces(159)) == [slice(0, 100)]


def test_amass_at_30_fps_with_24_joints(tmp_path):
    poses = write_sequence(tmp_path, 'a_poses.npz', 241, 120.0)
    turns, rate = read_amass(tmp_path / 'a_poses.npz')
    assert rate == 30
    assert turns.shape == (61, 24, 3)
    want = poses[4].reshape(52, 3)
    np.testing.assert_allclose(turns[1, :22], want[:22], rtol=1e-6)
    np.testing.assert_allclose(turns[1, 22:], want[[22, 37]], rtol=1e-6)
    write_sequence(tmp_path, 'b_poses.npz', 100, 40.0)
    assert read_amass(tmp_path / 'b_poses.npz') is None
    np.savez(tmp_path / 'c.npz', poses=np.zeros((9, 72)), mocap_framerate=30)
    with pytest.raises(InputError, match=r'not \[N, 156\]'):
        read_amass(tmp_path / 'c.npz')


def test_dictionary_from_the_command(folders, monkeypatch, tmp_path):
    babel, amass = folders
    walk = write_sequence(amass, 'CMU/1/a_poses.npz', 150 * 4, 120.0)
    write_sequence(amass, 'KIT/3/b_poses.npz', 100, 30.0)
    write_sequence(amass, 'ACCAD/x_poses.npz', 90, 30.0)
    monkeypatch.setattr(
        command, 'text_encoder', lambda args: (Encoder(), 'CLIP ViT-B-32')
    )
    out = tmp_path / 'babel.npz'
    arguments = ['--babel', babel, '--amass', amass, '--out', out]
    assert command.main([str(a) for a in arguments]) == 0
    found = read_dictionary(out)
    assert found.encoder == 'CLIP ViT-B-32'
    assert found.labels == ('jump and wave a hand', 'turn left and walking')
    # Train comes first, so KIT's jump is the exemplar, not ACCAD's.
    assert found.source == ('KIT/3/b_poses.npz@0', 'CMU/1/a_poses.npz@0')
    assert found.length == (60, 60)
    turn = torch.from_numpy(walk[4 * 7, :3])
    angle = torch.linalg.matrix_norm(torch.eye(3) - found.pose[1, 7, 0])
    want = 2 * 2**0.5 * torch.sin(turn.norm() / 2)
    assert abs(angle - want) < 1e-4
    assert found.translation.shape == (2, 60, 3)
    assert found.translation[:, 0].abs().max() == 0
    assert found.translation[:, 30].abs().min() > 0


def test_ankle_turns_about_the_pelvis():
    rest = torch.zeros(24, 3)
    rest[[2, 5, 8], 1] = torch.tensor([-0.1, -0.5, -0.9])
    rotvec = np.zeros((2, 24, 3), np.float32)
    rotvec[1, 0, 0] = np.pi / 2  # a quarter about x: down becomes back
    row = ankle_row(rotvec, rest)
    np.testing.assert_allclose(row[0], 0)
    np.testing.assert_allclose(row[1], [0, 0.9, -0.9], atol=1e-6)


def test_errors_contain_the_bad_folder(folders, capsys, tmp_path):
    babel, amass = folders
    out = str(tmp_path / 'out.npz')
    base = ['--babel', str(babel), '--out', out]
    assert command.main(base) == 2
    assert 'both --babel and --amass' in capsys.readouterr().err
    (babel / 'val.json').unlink()
    with pytest.raises(InputError, match=r'val\.json'):
        read_babel(babel)
    (babel / 'val.json').write_text(json.dumps({'1': {'feat_p': 'a/b'}}))
    with pytest.raises(InputError, match=r'layout of BABEL'):
        read_babel(babel)
    evil = {'1': entry('../../etc/passwd', None, ['x'])}
    (babel / 'val.json').write_text(json.dumps(evil))
    with pytest.raises(InputError, match='is outside of the folder'):
        read_babel(babel)


def test_no_sequence_at_all_is_an_error(
    folders, monkeypatch, capsys, tmp_path
):
    babel, amass = folders
    amass.mkdir()
    monkeypatch.setattr(
        command, 'text_encoder', lambda args: (Encoder(), 'CLIP')
    )
    out = tmp_path / 'out.npz'
    arguments = ['--babel', babel, '--amass', amass, '--out', out]
    assert command.main([str(a) for a in arguments]) == 2
    assert 'none of the 4 sequences' in capsys.readouterr().err
    assert not out.exists()


def test_clip_needs_its_weights(capsys, folders, tmp_path):
    babel, amass = folders
    arguments = ['--babel', babel, '--amass', amass, '--encoder', 'clip']
    arguments += ['--out', tmp_path / 'out.npz']
    assert command.main([str(a) for a in arguments]) == 2
    assert '--weights: is not given' in capsys.readouterr().err
