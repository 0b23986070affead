import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from semtta_mm.commands.test import main
from semtta_mm.datasets.track_io import save_track
from semtta_mm.geometry import matrix_to_axis_angle
from semtta_mm.geometry.views import UPRIGHT
from semtta_mm.structures import BodyReference, PersonTrack
from semtta_mm.synthetic.motions.procedural import make_clip

CONFIG = Path(__file__).parents[2] / 'configs' / 'noadapt_hmr_synthetic.py'
FRAMES, SIDE = 5, 32


@pytest.fixture
def folder(tmp_path):
    """One small track of the layout that make-test-set writes."""
    images = tmp_path / 'images'
    images.mkdir()
    rng = np.random.default_rng(0)
    for i in range(FRAMES):
        image = rng.integers(0, 255, (64, 64, 3), np.uint8)
        cv2.imwrite(str(images / f'{i:03d}.png'), image)
    clip = make_clip('squat', rng, FRAMES / 10, 10)
    pose = torch.from_numpy(clip.pose).float()
    pose[:, 0] = torch.from_numpy(UPRIGHT).float() @ pose[:, 0]
    track = PersonTrack(
        name='someone',
        frame_ids=np.arange(FRAMES),
        fps=10.0,
        boxes=np.tile([16.0, 8, 48, 56], (FRAMES, 1)),
        keypoints=np.full((FRAMES, 23, 2), 30.0),
        scores=np.full((FRAMES, 23), 0.9),
        convention='coco_23',
        video=images,
        reference=BodyReference(
            pose=matrix_to_axis_angle(pose).numpy(),
            betas=np.zeros((FRAMES, 10)),
            transl=np.tile([0.1, 0.0, 4.0], (FRAMES, 1)),
        ),
    )
    save_track(tmp_path / 'tracks' / 'someone.npz', track)
    return tmp_path


@pytest.fixture
def arguments(folder):
    return [
        str(CONFIG),
        '--work-dir',
        str(folder / 'work'),
        '--cfg-options',
        f'tracks.reader.keypoints={folder / "tracks"}',
        f'tracks.input_size={SIDE}',
        f'estimator.input_size={SIDE}',
        'weights=None',
        'monocular=None',
    ]


def test_scores_and_rows_are_written(arguments, folder, capsys):
    assert main([*arguments[:1], '--overlay', *arguments[1:]]) == 0
    report = json.loads((folder / 'work' / 'metrics.json').read_text())
    assert report['config'] == CONFIG.name
    assert report['method'] == 'noadapt'
    assert report['overall']['after'] is None
    before = report['tracks']['someone']['before']
    assert before['mpvpe'] > 50
    assert before['pck'] is not None
    rows = report['baselines']
    assert set(rows) == {'constant pose', 'best constant'}
    best, still = (
        rows[name]['overall'] for name in ('best constant', 'constant pose')
    )
    assert best['pa_mpjpe'] < still['pa_mpjpe']
    assert report['protocol']['frame'] == 'pelvis_ray'
    assert report['articulation']['yaw_median_deg'] is not None
    assert report['cost']['seconds_per_frame'] > 0
    assert (folder / 'work' / 'config.py').is_file()
    assert (folder / 'work' / 'overlays' / 'someone.mp4').stat().st_size > 500
    printed = capsys.readouterr().out
    assert 'constant pose' in printed
    assert 'un-adapted' in printed


def test_missing_weights_are_one_line(arguments, capsys):
    arguments[arguments.index('weights=None')] = 'weights=nowhere.pth'
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert 'nowhere.pth: weights: is neither' in error
    assert error.count('\n') == 1


def test_a_config_of_another_kind(capsys):
    assert main([str(CONFIG.parent / 'train_hmr_synthetic.py')]) == 2
    error = capsys.readouterr().err
    assert 'estimator' in error or 'tracks' in error
    assert 'is absent' in error
