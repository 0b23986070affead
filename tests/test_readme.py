"""The README's blocks run as they stand there."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from mmengine.config import Config

from semtta_mm.commands.adapt import main
from semtta_mm.commands.adapt_options import build_parser, configured
from semtta_mm.commands.main import main as semtta
from semtta_mm.detection import (
    BlazePoseDetector,
    DetectionResult,
    Detector2D,
)
from semtta_mm.setup_env import register_all_modules
from semtta_mm.visualization import VideoWriter

ROOT = Path(__file__).parents[1]
FRAMES, WIDTH, HEIGHT = 6, 160, 200
TEXT = (ROOT / 'README.md').read_text()
BLOCKS = re.findall(r'^```python\n(.*?)^```', TEXT, re.S | re.M)
FAST = ['--cfg-options', 'train_cfg.max_epochs=1']


def detect(self, video, frames=None, progress=None, fps=None):
    """A detector's answer without its networks, which tests do not fetch."""
    points = np.random.default_rng(0).uniform(50, 150, (33, 2))
    box = np.concatenate([points.min(0), points.max(0)])
    return DetectionResult(
        source=video.name,
        fps=25.0,
        image_size=(WIDTH, HEIGHT),
        convention='blazepose_33',
        searched=np.arange(FRAMES),
        frame_ids=np.arange(FRAMES),
        keypoints=np.tile(points, (FRAMES, 1, 1)),
        scores=np.full((FRAMES, 33), 0.9),
        boxes=np.tile(box, (FRAMES, 1)),
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with ``walk.mp4`` and the clone's ``configs``."""
    with VideoWriter(tmp_path / 'walk.mp4', 25.0) as writer:
        for i in range(FRAMES):
            writer.write(np.full((HEIGHT, WIDTH, 3), 30 * i, np.uint8))
    (tmp_path / 'configs').symlink_to(ROOT / 'configs')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('SEMTTA_CACHE', str(tmp_path / 'cache'))
    monkeypatch.setattr(BlazePoseDetector, 'detect', detect)
    monkeypatch.setattr(BlazePoseDetector, 'settings', lambda self: {})
    # Of one person, so nobody is searched: that needs another network.
    monkeypatch.setattr(
        BlazePoseDetector, 'detect_in_boxes', Detector2D.detect_in_boxes
    )
    return tmp_path


def test_three_lines_adapt_a_video(folder):
    (code,) = [block for block in BLOCKS if 'SemTTAInferencer' in block]
    statements = [x for x in code.splitlines() if x and not x.startswith(' ')]
    assert len(statements) == 3  # import, build, loop
    exec(compile(code, 'README.md', 'exec'), {})
    with np.load(folder / 'out' / 'walk_p0' / 'result.npz') as result:
        assert result['joints3d'].shape == (FRAMES, 24, 3)


def test_the_config_changes_what_it_names(folder):
    (text,) = [block for block in BLOCKS if '_base_' in block]
    path = folder / 'my_config.py'
    path.write_text(text)
    register_all_modules()
    cfg = Config.fromfile(path)
    assert cfg.train_cfg.max_epochs == 4
    assert cfg.hooks.ema is None and cfg.hooks.fill is None
    assert cfg.model.losses.align is None
    assert cfg.model.losses.keypoints.type == 'Keypoint2DLoss'
    words = [str(path), '--video', 'walk.mp4', '--text', 'walk']
    adapted = configured(build_parser().parse_args(words))
    assert adapted.train_cfg.labeler.text == 'walk'
    assert main(words + FAST) == 0
    assert (folder / 'work_dirs' / 'my_config_walk' / 'metrics.json').is_file()


def test_the_command_adapts_the_video(folder):
    (line,) = re.findall(r'^(?:.*/)?semtta (run .*)$', TEXT, re.M)
    words = shlex.split(line, comments=True)
    assert semtta(words + FAST) == 0
    (result,) = (folder / 'results').rglob('result.npz')
    assert result.parent.name == 'walk_p0'
    (line,) = re.findall(r'^semtta (export .*)$', TEXT, re.M)
    assert semtta(shlex.split(line, comments=True)) == 0
    assert (result.parent / 'motion.glb').is_file()
    assert (result.parent / 'motion.bvh').is_file()


def test_every_python_block_is_tested():
    assert len(BLOCKS) == 2
