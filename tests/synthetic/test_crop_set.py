import numpy as np

from semtta_mm.synthetic import crop_set
from semtta_mm.synthetic.motions import library
from semtta_mm.training_data import MotionClip


def capture():
    pose = np.tile(np.eye(3), (60, 24, 1, 1))
    return MotionClip('pybullet/a', 'kick', 'pybullet', 30.0, pose)


def test_clips_of_one_split_at_a_low_rate(monkeypatch):
    """Open motions are sufficient without CMU's file."""
    monkeypatch.setattr(library, 'pybullet_clips', lambda rest: [capture()])
    clips = crop_set.source_clips('dev', None, per_label=1, seed=0)
    assert {clip.fps for clip in clips} == {crop_set.RATE}
    assert {clip.source for clip in clips} == {'pybullet', 'procedural'}
    assert all('/dev/' in clip.name for clip in clips)
    assert {len(c) for c in clips if c.source == 'procedural'} == {60}
