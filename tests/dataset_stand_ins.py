"""Miniatures of published data sets, laid out as the originals are."""

from __future__ import annotations

import csv
import json
import pickle
from pathlib import Path

import cv2
import h5py
import numpy as np

RECORDING = 'recording_20210911_S03_S08_01'
CALIBRATION = """tc camera calibration v0.3
camera 0 outdoor
  sensorSize 10 5.625
  focalLength 8.0
  pixelAspect 0.5
  centerOffset -0.1 0.2
camera 1 other # a comment
  sensorSize 10 5.625
  focalLength 4.0
  pixelAspect 1
  centerOffset 0 0
"""


def write_images(folder: Path, names: list[str], size=(64, 36)) -> None:
    """Grey pictures of a size (width, height)."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = np.full((size[1], size[0], 3), 99, np.uint8)
    for name in names:
        cv2.imwrite(str(folder / name), picture)


def write_openpose(folder: Path, stem: str, people: list[np.ndarray]) -> None:
    """One frame's people, ``[K, 3]`` each."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{'pose_keypoints_2d': p.ravel().tolist()} for p in people]
    path = folder / f'{stem}_keypoints.json'
    path.write_text(json.dumps({'people': rows}))


def person(x: float, y: float, size: float = 20, count: int = 25):
    """Keypoints from corner to corner of a square, score 0.9."""
    t = np.linspace(0, 1, count)
    points = np.stack([x + size * t, y + size * t], axis=1)
    return np.concatenate([points, np.full((count, 1), 0.9)], axis=1)


def write_3dhp(folder: Path, frames: int = 5) -> dict[str, np.ndarray]:
    """TS1 to TS6; frame 1 (0-based) not valid, a joint outside in frame 3."""
    rng = np.random.default_rng(0)
    root = folder / 'mpi_inf_3dhp_test_set'
    calibration = root / 'test_util' / 'camera_calibration'
    calibration.mkdir(parents=True)
    for name in ('ts1-4', 'ts5-6'):
        (calibration / f'{name}cameras.calib').write_text(CALIBRATION)
    focal, centre = 8 / 10 * 64, np.array([32 - 0.64, 18 + 0.2 / 5.625 * 36])
    joints = rng.uniform(-250, 250, (frames, 17, 3)) + [0, 0, 2500]
    points = joints[..., :2] / joints[..., 2:] * [focal, focal / 2] + centre
    points[3, 5] = [-1, 10]
    valid = np.ones((frames, 1))
    valid[1] = 0
    for i in range(1, 7):
        names = [f'img_{n:06d}.jpg' for n in range(1, frames + 1)]
        write_images(root / f'TS{i}' / 'imageSequence', names)
        with h5py.File(root / f'TS{i}' / 'annot_data.mat', 'w') as file:
            file['annot2'] = points[:, None]
            file['annot3'] = joints[:, None]
            file['univ_annot3'] = joints[:, None] * 1.1
            file['valid_frame'] = valid
    return {'joints': joints, 'points': points}


def turn_about(axis: int, degrees: float) -> np.ndarray:
    """Rotation matrix about an axis."""
    vector = np.zeros(3)
    vector[axis] = np.radians(degrees)
    return cv2.Rodrigues(vector)[0]


def rigid(turn: np.ndarray, shift=(0, 0, 0)) -> np.ndarray:
    """``[4, 4]`` of a rotation and a translation."""
    out = np.eye(4)
    out[:3, :3], out[:3, 3] = turn, shift
    return out


def write_egobody(folder: Path, frames: int = 6) -> None:
    """One recording; frame numbers from 10, the second not valid."""
    with (folder / 'data_info_release.csv').open('w', newline='') as file:
        rows = csv.writer(file)
        rows.writerow(
            [
                'recording_name',
                'start_frame',
                'end_frame',
                'body_idx_0',
                'body_idx_1',
                'body_idx_fpv',
                'scene_name',
            ]
        )
        rows.writerow(
            [RECORDING, 10, 9 + frames, '0 male', '1 female', '1 female', 'x']
        )
    (folder / 'data_splits.csv').write_text(
        f'train,val,test\nother_a,other_b,{RECORDING}\nother_c,,\n'
    )
    session = folder / 'egocentric_color' / RECORDING / '2021-09-11-120000'
    numbers = [10 + i for i in range(frames)]
    names = [f'{900 + n:018d}_frame_{n:05d}.jpg' for n in numbers]
    write_images(session / 'PV', names)
    place = rigid(turn_about(1, 90), (1, 2, 3))
    lines = ['31.5, 17.5, 64, 36']
    for n in numbers:
        values = [50 + n, 60 + n, *place.ravel()]
        lines.append(f'{900 + n:018d},' + ','.join(str(v) for v in values))
    lost = [50, 60, *np.zeros(16)]  # the head-set knew no place
    lines[-1] = f'{900 + numbers[-1]:018d},' + ','.join(map(str, lost))
    (session / '2021-09-11-120000_pv.txt').write_text('\n'.join(lines))
    paths = [f'egocentric_color/{RECORDING}/PV/{name}' for name in names]
    points = np.stack([person(5 + i, 4) for i in range(frames)])
    np.savez(
        session / 'keypoints.npz',
        imgname=paths,
        keypoints=points,
        gender=['female'] * frames,
        center=np.zeros((frames, 2)),
        scale=np.ones(frames),
    )
    valid = np.ones(frames, bool)
    valid[1] = False
    np.savez(session / 'valid_frame.npz', imgname=paths, valid=valid)
    calibration = folder / 'calibrations' / RECORDING / 'cal_trans'
    calibration.mkdir(parents=True)
    head = rigid(turn_about(0, 90), (0.1, 0, 0))
    (calibration / 'holo_to_kinect12.json').write_text(
        json.dumps({'trans': head.tolist()})
    )
    for n in numbers:
        fit = {
            'global_orient': np.zeros((1, 3), np.float32),
            'body_pose': np.full((1, 69), 0.1, np.float32),
            'betas': np.full((1, 10), 0.2, np.float32),
            'transl': np.zeros((1, 3), np.float32),
            'gender': 'female',
        }
        where = folder / 'smpl_interactee_test' / RECORDING / 'body_idx_1'
        path = where / 'results' / f'frame_{n:05d}' / '000.pkl'
        path.parent.mkdir(parents=True)
        path.write_bytes(pickle.dumps(fit, protocol=2))


VIEW = 's_09_act_02_subact_01_ca_{:02d}'


def write_h36m(
    folder: Path, frames: int = 6, shift_is_centre: bool = False
) -> np.ndarray:
    """Subject 9, one take, two cameras; world joints ``[T, 17, 3]``, mm."""
    rng = np.random.default_rng(0)
    joints = rng.uniform(-300, 300, (frames, 17, 3))
    turn, shift = turn_about(0, 180), np.array([400.0, 100, 3000])
    stored = -turn.T @ shift if shift_is_centre else shift
    camera = {
        'R': turn.tolist(),
        't': stored.tolist(),
        'f': [90.0, 91.0],
        'c': [32.0, 18.0],
    }
    seen = joints @ turn.T + shift
    points = seen[..., :2] / seen[..., 2:] * [90, 91] + [32, 18]
    images, annotations = [], []
    for cam in (1, 4):
        name = VIEW.format(cam)
        files = [f'{name}_{n + 1:06d}.jpg' for n in range(frames)]
        write_images(folder / 'images' / name, files)
        for n, file in enumerate(files):
            low, high = points[n].min(axis=0), points[n].max(axis=0)
            images.append(
                {
                    'id': len(images),
                    'file_name': f'{name}/{file}',
                    'width': 64,
                    'height': 36,
                    'subject': 9,
                    'action_name': 'Directions',
                    'action_idx': 2,
                    'subaction_idx': 1,
                    'cam_idx': cam,
                    'frame_idx': n,
                }
            )
            annotations.append(
                {
                    'id': len(annotations),
                    'image_id': len(annotations),
                    'bbox': [*low.tolist(), *(high - low).tolist()],
                    'keypoints_vis': [True] * 17,
                }
            )
    fits = {
        'pose': [0.0] * 3 + [0.1] * 69,
        'shape': [0.3] * 10,
        'trans': [0.0] * 3,
    }
    parts = {
        'data': {'images': images, 'annotations': annotations},
        'camera': {str(i): camera for i in (1, 2, 3, 4)},
        'joint_3d': take(joints.tolist()),
        'SMPL_NeuralAnnot': take([fits] * frames),
    }
    (folder / 'annotations').mkdir(parents=True)
    for part, content in parts.items():
        path = folder / 'annotations' / f'Human36M_subject9_{part}.json'
        path.write_text(json.dumps(content))
    return joints


def take(rows: list) -> dict:
    """Action 2, take 1: frame to row."""
    return {'2': {'1': {str(i): row for i, row in enumerate(rows)}}}
