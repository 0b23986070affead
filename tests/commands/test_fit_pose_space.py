"""``semtta fit-pose-space``: a space that the adaptor reads."""

import numpy as np
import pytest
import torch

from semtta_mm.checkpoints.publishing import Provenance, publish
from semtta_mm.checkpoints.weights import load_weights
from semtta_mm.commands.fit_pose_space import main, poses_of
from semtta_mm.geometry import rotation_angle
from semtta_mm.models.priors import LinearPoseSpace
from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.synthetic.motions.procedural import make_clip
from semtta_mm.training_data import read_motion_set


@pytest.fixture
def motions(tmp_path):
    clips = [
        make_clip(label, np.random.default_rng(i), 3.0, 30)
        for i, label in enumerate(('wave a hand', 'squat', 'lunge'))
    ]
    path = tmp_path / 'train.npz'
    write_motion_set(path, clips)
    return path


def test_a_fit_is_written_published_and_read(tmp_path, motions, capsys):
    out = tmp_path / 'made' / 'space.pth'
    words = [str(motions), '--components', '20', '--out', str(out)]
    assert main([*words, '--check', str(motions)]) == 0
    text = capsys.readouterr().out
    assert text.count('degrees a joint') == 2
    space = LinearPoseSpace(None, 20)
    load_weights(space, out)
    pose = poses_of(read_motion_set(motions))
    found = space.decode(space.encode(pose)[0])
    error = rotation_angle(found, pose[:, 1:22]).mean().rad2deg()
    assert float(error) < 2
    facts = Provenance('semtta fit-pose-space', 'x', 'x', 'x', '2026-01-01')
    entry = publish(out, 'space', facts, folder=tmp_path)
    assert entry.parameters == 126 + 20 * 126 + 20
    again = LinearPoseSpace(str(tmp_path / 'space.safetensors'), 20)
    assert torch.equal(again.directions, space.directions)


def test_poses_are_thinned_and_mirrored(motions):
    clips = read_motion_set(motions)
    pose = poses_of(clips)
    assert len(pose) == 2 * sum(-(-len(clip) // 3) for clip in clips)


def test_bad_sizes_are_refused(tmp_path, motions, capsys):
    words = [str(motions), '--components', '127', '--out', str(tmp_path / 'x')]
    assert main(words) == 2
    assert 'give 1 to 126' in capsys.readouterr().err
