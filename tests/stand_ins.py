"""Files laid out like those that tests must not fetch or may not have."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

PREFIX = 'StatefulPartitionedCall/'
EXTRACTOR = PREFIX + 'center_net_mobile_net_v2fpn_feature_extractor/model_1/'
STAGES = (
    (16, 1),
    (24, 2),
    (32, 3),
    (64, 4),
    (96, 3),
    (160, 3),
    (320, 1),
)


def layers() -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every array that is used: name, shape (TensorFlow's order)."""

    def folded(
        name: str, shape: tuple[int, ...], deep: bool = False
    ) -> Iterator[tuple[str, tuple[int, ...]]]:
        part = 'depthwise' if deep else 'Conv2D'
        path = f'{EXTRACTOR}model/{name}/{part}'
        yield f'{path}_weights', shape
        yield f'{path}_bn_offset', (shape[2] if deep else shape[3],)

    yield from folded('Conv1', (3, 3, 3, 32))
    width, block = 32, 0
    for out, count in STAGES:
        for _ in range(count):
            name = f'block_{block}' if block else 'expanded_conv'
            hidden = 6 * width if block else width
            if block:
                yield from folded(f'{name}_expand', (1, 1, width, hidden))
            yield from folded(f'{name}_depthwise', (3, 3, hidden, 1), True)
            yield from folded(f'{name}_project', (1, 1, hidden, out))
            width, block = out, block + 1
    yield from folded('Conv_1', (1, 1, 320, 1280))

    laterals = ((1280, 64), (64, 64), (32, 32), (24, 24))
    for i, (channels, out) in enumerate(laterals):
        path = f'{EXTRACTOR}conv2d' + (f'_{i}' if i else '')
        yield f'{path}/Conv2D/ReadVariableOp', (1, 1, channels, out)
        yield f'{path}/BiasAdd/ReadVariableOp', (out,)
    for i, (channels, out) in enumerate(((64, 32), (32, 24), (24, 24))):
        path = f'{EXTRACTOR}separable_conv2d' + (f'_{i}' if i else '')
        path += '/separable_conv2d'
        yield f'{path}/ReadVariableOp', (3, 3, channels, 1)
        yield f'{path}_weights', (1, 1, channels, out)
        yield f'{path}_bn_offset', (out,)
    branches = ('center_0', 'kpt_heatmap_0', 'kpt_regress_0', 'kpt_offset_0')
    for i, (branch, out) in enumerate(
        zip(branches, (1, 17, 34, 34), strict=True)
    ):
        path = f'{PREFIX}{branch}/separable_conv2d_{3 + i}'
        yield f'{path}/separable_conv2d/ReadVariableOp', (3, 3, 24, 1)
        yield f'{path}/separable_conv2d/ReadVariableOp_1', (1, 1, 24, 96)
        yield f'{path}/BiasAdd/ReadVariableOp', (96,)
        path = f'{PREFIX}{branch}/conv2d_{4 + i}'
        yield f'{path}/Conv2D/ReadVariableOp', (1, 1, 96, out)
        yield f'{path}/BiasAdd/ReadVariableOp', (out,)
    yield f'{PREFIX}Reshape_8', (17,)  # not needed


def write_movenet(folder: Path) -> tuple[Path, Path, dict[str, np.ndarray]]:
    """A graph model of MoveNet's layout; its two files and its arrays."""
    rng = np.random.default_rng(0)
    manifest, content, arrays = [], b'', {}
    for name, shape in layers():
        array = (0.1 * rng.standard_normal(shape)).astype(np.float16)
        quantization = {'dtype': 'float16', 'original_dtype': 'float32'}
        manifest.append(
            {
                'name': name,
                'shape': list(shape),
                'dtype': 'float32',
                'quantization': quantization,
            }
        )
        content += array.tobytes()
        arrays[name] = array.astype(np.float32)
    topology, data = folder / 'lightning.json', folder / 'lightning.bin'
    folder.mkdir(parents=True, exist_ok=True)
    topology.write_text(
        json.dumps({'weightsManifest': [{'weights': manifest}]})
    )
    data.write_bytes(content)
    return topology, data, arrays


def write_smpl(folder: Path) -> None:
    """Bodies of official SMPL's layout, of each gender, and a regressor."""
    rng = np.random.default_rng(0)
    smpl = folder / 'smpl'
    smpl.mkdir(parents=True)
    weights = rng.random((6890, 24)).astype(np.float32)
    regressor = rng.random((24, 6890)).astype(np.float32)
    h36m = rng.random((17, 6890)).astype(np.float32)
    parents = [2**32 - 1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    parents += [9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21]
    for gender in ('NEUTRAL', 'MALE', 'FEMALE'):
        np.savez(
            smpl / f'SMPL_{gender}.npz',
            v_template=rng.normal(size=(6890, 3)),
            shapedirs=rng.normal(size=(6890, 3, 10)),
            posedirs=rng.normal(size=(6890, 3, 207)) * 1e-3,
            J_regressor=regressor / regressor.sum(1, keepdims=True),
            weights=weights / weights.sum(1, keepdims=True),
            kintree_table=np.array([parents, range(24)], np.uint32),
            f=rng.integers(0, 6890, (13776, 3)).astype(np.uint32),
        )
    np.save(folder / 'J_regressor_h36m.npy', h36m / h36m.sum(1, keepdims=True))


def write_3dpw(folder: Path, frames: int = 6, people: int = 2) -> None:
    """One sequence of the published layout, filmed by a turned camera."""
    rng = np.random.default_rng(0)
    images = folder / 'imageFiles' / 'downtown_test_00'
    images.mkdir(parents=True)
    for i in range(frames):
        picture = rng.integers(0, 255, (90, 60, 3), np.uint8)
        cv2.imwrite(str(images / f'image_{i:05d}.jpg'), picture)
    camera = np.tile(np.eye(4), (frames, 1, 1))
    camera[:, :3, :3] = np.diag([1, -1, -1])  # half a turn about x
    camera[:, 2, 3] = 4
    points = rng.uniform(10, 50, (people, frames, 2, 18))
    score = np.full((people, frames, 1, 18), 0.8)
    valid = np.ones((people, frames), int)
    valid[:, -1] = 0
    content = {
        'sequence': 'downtown_test_00',
        'poses': list(rng.normal(0, 0.2, (people, frames, 72))),
        'betas': list(rng.normal(0, 0.5, (people, 300))),
        'trans': list(np.zeros((people, frames, 3))),
        'genders': ['m', 'f'][:people],
        'cam_poses': camera,
        'campose_valid': list(valid),
        'cam_intrinsics': np.array([[80.0, 0, 30], [0, 80, 45], [0, 0, 1]]),
        'poses2d': list(np.concatenate([points, score], axis=2)),
        'img_frame_ids': np.arange(frames),
        'jointPositions': list(np.zeros((people, frames, 72))),
    }
    path = folder / 'sequenceFiles' / 'test' / 'downtown_test_00.pkl'
    path.parent.mkdir(parents=True)
    path.write_bytes(pickle.dumps(content, protocol=2))


def write_gmm(path: Path) -> None:
    """A mixture of SMPLify's layout with one component."""
    content = {
        'means': np.zeros((1, 69)),
        'covars': np.eye(69)[None],
        'weights': np.ones(1),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(content, protocol=2))


def write_source_bank(path: Path, body: str, size: int = 32) -> None:
    """Two crops in two clusters of features with 2048 numbers."""
    image = np.zeros((size, size, 3), np.uint8)
    jpeg = cv2.imencode('.jpg', image)[1].reshape(-1)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        jpeg=np.concatenate([jpeg, jpeg]),
        jpeg_end=np.array([len(jpeg), 2 * len(jpeg)]),
        pose=np.tile(np.eye(3, dtype=np.float32), (2, 24, 1, 1)),
        betas=np.zeros((2, 10), np.float32),
        joints2d=np.zeros((2, 24, 2), np.float32),
        visible=np.ones((2, 24), bool),
        body=np.array(body),
        centres=np.eye(2, 2048, dtype=np.float32),
        cluster=np.arange(2),
    )
