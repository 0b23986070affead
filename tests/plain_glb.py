"""A reader of skinned .glb files with struct, json and NumPy alone.

Written from the glTF 2.0 specification, apart from the code that writes.
"""

import json
import struct

import numpy as np

_TYPES = {'SCALAR': 1, 'VEC3': 3, 'VEC4': 4, 'MAT4': 16}
_COMPONENTS = {5121: 'u1', 5123: '<u2', 5125: '<u4', 5126: '<f4'}


class PlainGlb:
    """Document and buffer of a file."""

    def __init__(self, content):
        magic, version, size = struct.unpack_from('<4sII', content)
        assert (magic, version, size) == (b'glTF', 2, len(content))
        length, kind = struct.unpack_from('<I4s', content, 12)
        assert kind == b'JSON'
        self.doc = json.loads(content[20 : 20 + length])
        start = 20 + length
        length, kind = struct.unpack_from('<I4s', content, start)
        assert kind == b'BIN\0'
        self.blob = content[start + 8 : start + 8 + length]
        assert self.doc['buffers'][0]['byteLength'] <= length

    def array(self, number):
        accessor = self.doc['accessors'][number]
        view = self.doc['bufferViews'][accessor['bufferView']]
        kind = np.dtype(_COMPONENTS[accessor['componentType']])
        columns = _TYPES[accessor['type']]
        start = view.get('byteOffset', 0) + accessor.get('byteOffset', 0)
        count = accessor['count'] * columns
        assert count * kind.itemsize <= view['byteLength']
        values = np.frombuffer(self.blob, kind, count, start)
        values = values.reshape(-1, columns)
        for name, best in (('min', values.min(0)), ('max', values.max(0))):
            assert np.array_equal(accessor.get(name, best), best)
        return values

    def channels(self):
        """Node and property to times and values, of the one animation."""
        (animation,) = self.doc['animations']
        found = {}
        for channel in animation['channels']:
            sampler = animation['samplers'][channel['sampler']]
            assert sampler['interpolation'] == 'LINEAR'
            target = channel['target']
            found[target['node'], target['path']] = (
                self.array(sampler['input'])[:, 0],
                self.array(sampler['output']),
            )
        return found

    def posed(self, seconds):
        """Name of each mesh to its vertices at a time ``[V, 3]``."""
        world = self._world(seconds)
        return {
            node['name']: self._skinned(node, world)
            for node in self.doc['nodes']
            if 'mesh' in node
        }

    def _world(self, seconds):
        nodes, moves = self.doc['nodes'], self.channels()
        world = {}

        def visit(number, parent):
            node, local = nodes[number], np.eye(4)
            turn = node.get('rotation', [0, 0, 0, 1])
            shift = node.get('translation', [0, 0, 0])
            if (number, 'rotation') in moves:
                turn = slerp(*moves[number, 'rotation'], seconds)
            if (number, 'translation') in moves:
                times, values = moves[number, 'translation']
                shift = [np.interp(seconds, times, v) for v in values.T]
            local[:3, :3], local[:3, 3] = matrix(turn), shift
            world[number] = parent @ local
            for child in node.get('children', ()):
                visit(child, world[number])

        for root in self.doc['scenes'][self.doc['scene']]['nodes']:
            visit(root, np.eye(4))
        return world

    def _skinned(self, node, world):
        skin = self.doc['skins'][node['skin']]
        binds = self.array(skin['inverseBindMatrices']).reshape(-1, 4, 4)
        motion = np.stack(
            [
                world[joint] @ bind.T.astype(float)
                for joint, bind in zip(skin['joints'], binds, strict=True)
            ]
        )
        (primitive,) = self.doc['meshes'][node['mesh']]['primitives']
        at = primitive['attributes']
        points = self.array(at['POSITION']).astype(float)
        points = np.c_[points, np.ones(len(points))]
        out = np.zeros((len(points), 4))
        total = np.zeros(len(points))
        for k in range(sum(name.startswith('JOINTS') for name in at)):
            ids = self.array(at[f'JOINTS_{k}'])
            weights = self.array(at[f'WEIGHTS_{k}']).astype(float)
            blend = np.einsum('vn,vnij->vij', weights, motion[ids])
            out += np.einsum('vij,vj->vi', blend, points)
            total += weights.sum(axis=1)
        assert np.allclose(total, 1, atol=1e-6)
        return out[:, :3]


def matrix(quaternion):
    """Rotation matrix of (x, y, z, w), by its formula."""
    x, y, z, w = np.asarray(quaternion, float)
    return np.array(
        [
            [
                1 - 2 * (y * y + z * z),
                2 * (x * y - z * w),
                2 * (x * z + y * w),
            ],
            [
                2 * (x * y + z * w),
                1 - 2 * (x * x + z * z),
                2 * (y * z - x * w),
            ],
            [
                2 * (x * z - y * w),
                2 * (y * z + x * w),
                1 - 2 * (x * x + y * y),
            ],
        ]
    )


def slerp(times, values, seconds):
    """The quaternion at a time; the ends are held."""
    seconds = np.clip(seconds, times[0], times[-1])
    k = int(np.clip(np.searchsorted(times, seconds) - 1, 0, None))
    a = values[k].astype(float)
    b = values[min(k + 1, len(values) - 1)].astype(float)
    span = times[min(k + 1, len(times) - 1)] - times[k]
    share = (seconds - times[k]) / span if span else 0.0
    angle = np.arccos(np.clip(a @ b, -1, 1))
    if angle < 1e-6:
        return a
    blend = np.sin((1 - share) * angle) * a + np.sin(share * angle) * b
    return blend / np.sin(angle)
