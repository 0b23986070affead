"""BVH, read back by an independent library and by the project's reader."""

import bvhio
import numpy as np
import pytest
import torch

from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.export.bvh import write_bvh
from semtta_mm.export.motion import rest_joints
from semtta_mm.export.track import ExportTrack
from semtta_mm.synthetic.motions.bvh import read_bvh


def read_joints(path, count):
    """World positions ``[T, 24, 3]`` of a file, by bvhio."""
    root = bvhio.readAsHierarchy(str(path))
    out = np.zeros((count, 24, 3))
    for t in range(count):
        root.loadPose(t, recursive=True)
        for joint, _, _ in root.layout():
            out[t, SMPL_JOINTS.index(joint.Name)] = joint.PositionWorld
    return out


@pytest.mark.parametrize('world', [False, True])
def test_joints_are_within_a_millimetre(gappy, tmp_path, world):
    track = ExportTrack(gappy.result, gappy.body, world)
    path = write_bvh(track, tmp_path)
    motion = track.motion
    with torch.no_grad():
        joints = track.body.joints_only(motion.params).numpy()
    away = np.linalg.norm(read_joints(path, 9) - joints, axis=-1)
    assert away.max() < 1e-3
    # Frames of the track are those of the result, whose betas are equal.
    placed = track.placement.points(torch.from_numpy(track.result.joints3d))
    away = joints[~motion.interpolated] - placed.numpy()
    assert np.abs(away).max() < 1e-3


def test_rate_rotations_and_rest_pose(gappy, tmp_path):
    path = write_bvh(gappy, tmp_path)
    parsed = bvhio.readAsBvh(str(path))
    assert parsed.FrameCount == 9
    assert parsed.FrameTime == pytest.approx(1 / 25)
    rest = rest_joints(gappy.body, gappy.motion.params.betas[:1])[0].numpy()
    clip = read_bvh(path, 'wave', rest, {n: n for n in SMPL_JOINTS})
    assert clip.fps == pytest.approx(25)
    expected = gappy.motion.params.pose.numpy()
    assert np.abs(clip.pose - expected).max() < 1e-4


def test_limbs_end_at_the_body(gappy, tmp_path):
    """Sites of hands, feet and head are beyond their joints, on the mesh."""
    root = bvhio.readAsBvh(str(write_bvh(gappy, tmp_path))).Root
    ends = {
        joint.Name: np.array(joint.EndSite)
        for joint, _, _ in root.layout()
        if not joint.Children
    }
    assert set(ends) == {
        'head',
        *(
            f'{side}_{n}'
            for side in ('left', 'right')
            for n in ('foot', 'hand')
        ),
    }
    assert ends['left_hand'][0] > 0.05
    assert ends['right_hand'][0] < -0.05
    assert ends['left_foot'][2] > 0.02
    assert 0.1 < ends['head'][1] < 0.35
