"""Animations of .glb files; a tiny file with KayKit's names of nodes."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.models.motion_text.dictionary_file import read_dictionary
from semtta_mm.synthetic.motions import library
from semtta_mm.synthetic.motions.kaykit import LABELS, read_kaykit
from semtta_mm.utils import InputError

HALF = 0.5**0.5
UP, DOWN = (0.0, 1.0, 0.0), (0.0, -1.0, 0.0)
FRONT = (0.0, 0.0, 1.0)

# name: (parent, offset from it in the axes of the world, at rest)
NODES = {
    'hips': ('', UP),
    'spine': ('hips', UP),
    'chest': ('spine', UP),
    'head': ('chest', UP),
} | {
    f'{name}.{side}': (parent.format(side), offset)
    for side, x in (('l', 1.0), ('r', -1.0))
    for name, parent, offset in (
        ('upperleg', 'hips', (x, 0.0, 0.0)),
        ('lowerleg', 'upperleg.{}', DOWN),
        ('foot', 'lowerleg.{}', DOWN),
        ('toes', 'foot.{}', FRONT),
        ('upperarm', 'chest', (x, 0.0, 0.0)),
        ('lowerarm', 'upperarm.{}', (x, 0.0, 0.0)),
        ('wrist', 'lowerarm.{}', (x, 0.0, 0.0)),
    )
}


def write_glb(
    path: Path, animations: dict[str, list[float]], **changes: Any
) -> None:
    """Each animation turns the left leg about the world's x axis.

    Args:
        path: File.
        animations: Name to the angles at 0, 0.5, 1, ... seconds, degrees.
        changes: Entries of the samplers.
    """
    names = list(NODES)
    # All nodes have axes of their own: a turn about y at rest.
    own = Rotation.from_euler('y', 90, degrees=True)
    nodes = []
    for name, (parent, offset) in NODES.items():
        shift = own.inv().apply(offset) if parent else np.array(offset)
        turn = (0, 0, 0, 1) if parent else own.as_quat()
        children = [names.index(n) for n in names if NODES[n][0] == name]
        node = {'name': name, 'translation': list(map(float, shift))}
        node |= {'rotation': list(map(float, turn))}
        nodes.append(node | ({'children': children} if children else {}))
    blob, views, accessors, moves = b'', [], [], []
    for title, angles in animations.items():
        turns = Rotation.from_euler('x', np.array(angles)[:, None], True)
        local = (own.inv() * turns * own).as_quat()
        for values, kind in (
            (np.arange(len(angles)) / 2, 'SCALAR'),
            (local, 'VEC4'),
        ):
            data = values.astype('<f4').tobytes()
            view = {'buffer': 0, 'byteOffset': len(blob)}
            views.append(view | {'byteLength': len(data)})
            accessor = {'bufferView': len(views) - 1, 'count': len(angles)}
            accessors.append(accessor | {'componentType': 5126, 'type': kind})
            blob += data
        at = len(accessors)
        target = {'node': names.index('upperleg.l'), 'path': 'rotation'}
        sampler = {'input': at - 2, 'output': at - 1, **changes}
        channel = {'sampler': 0, 'target': target}
        move = {'name': title, 'channels': [channel], 'samplers': [sampler]}
        moves.append(move)
    content = {
        'asset': {'version': '2.0'},
        'nodes': nodes,
        'animations': moves,
        'accessors': accessors,
        'bufferViews': views,
        'buffers': [{'byteLength': len(blob)}],
    }
    text = json.dumps(content).encode()
    text += b' ' * (-len(text) % 4)
    size = 12 + 8 + len(text) + 8 + len(blob)
    path.write_bytes(
        b'glTF'
        + struct.pack('<II', 2, size)
        + struct.pack('<I', len(text))
        + b'JSON'
        + text
        + struct.pack('<I', len(blob))
        + b'BIN\0'
        + blob
    )


@pytest.fixture(autouse=True)
def library_of_glb():
    pytest.importorskip('pygltflib')


def test_a_kick(tmp_path, rest_joints, joints_of):
    kick = 'Rig|Melee_Unarmed_Attack_Kick'
    write_glb(tmp_path / 'a.glb', {kick: [0, -90, -45], 'Rig|T-Pose': [0, 0]})
    (clip,) = read_kaykit(tmp_path, rest_joints)
    assert clip.name == 'kaykit/Melee_Unarmed_Attack_Kick'
    assert (clip.label, clip.source) == ('kick', 'kaykit')
    assert (clip.fps, len(clip), clip.loops) == (30, 31, False)
    joints = joints_of(clip.pose)
    hip, knee = (SMPL_JOINTS.index(f'left_{n}') for n in ('hip', 'knee'))
    thigh = joints[:, knee] - joints[:, hip]
    thigh /= np.linalg.norm(thigh, axis=1, keepdims=True)
    half = (0, -HALF, HALF)
    np.testing.assert_allclose(thigh[0], DOWN, atol=1e-4)
    np.testing.assert_allclose(thigh[15], FRONT, atol=1e-4)
    np.testing.assert_allclose(thigh[30], half, atol=1e-4)
    right = joints[:, SMPL_JOINTS.index('right_knee')]
    np.testing.assert_allclose(right, right[:1].repeat(31, 0), atol=1e-6)


def test_loops_end_before_their_first_frame(tmp_path, rest_joints):
    write_glb(tmp_path / 'a.glb', {'Rig|Crawling': [0, -40, 0]})
    (clip,) = library.kaykit_clips(tmp_path, 'train', 2.0, rest_joints)
    assert clip.loops
    assert len(clip) == 60
    np.testing.assert_array_equal(clip.pose[:30], clip.pose[30:])
    assert library.kaykit_clips(tmp_path, 'test', 2.0, rest_joints) == []


def test_labels_are_in_the_dictionary():
    assert set(LABELS.values()) <= {'', *read_dictionary('open').labels}


def test_bad_files(tmp_path, rest_joints):
    with pytest.raises(InputError, match='contains none of the animations'):
        read_kaykit(tmp_path, rest_joints)
    path = tmp_path / 'a.glb'
    path.write_bytes(b'not a glb')
    with pytest.raises(InputError, match=r'a\.glb: file: is broken'):
        read_kaykit(tmp_path, rest_joints)
    write_glb(path, {'Waving': [0, 1]}, interpolation='CUBICSPLINE')
    with pytest.raises(InputError, match='CUBICSPLINE is not read'):
        read_kaykit(tmp_path, rest_joints)
