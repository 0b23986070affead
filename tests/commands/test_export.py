"""``semtta export`` on result files, without a network."""

import json

import numpy as np
import pytest
import torch

from semtta_mm.apis import export_results, find_results
from semtta_mm.commands import adapt, export
from semtta_mm.commands.adapt_options import build_parser, configured
from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams
from semtta_mm.utils import InputError


def write_result(path, **changes):
    """Three frames of a standing person, a version 1 file."""
    count = 3
    upright = np.tile([np.pi, 0, 0], (count, 1)).astype(np.float32)
    pose = np.zeros((count, 69), np.float32)
    betas = np.zeros((count, 10), np.float32)
    transl = np.tile(np.float32([0.2, 0, 4]), (count, 1))
    params = SMPLParams.from_axis_angle(
        torch.from_numpy(np.concatenate([upright, pose], axis=1)),
        torch.from_numpy(betas),
        torch.from_numpy(transl),
    )
    with torch.no_grad():
        joints = SMPLBody().joints_only(params).numpy()
    camera = np.float32([[500, 0, 320], [0, 500, 240], [0, 0, 1]])
    image = joints @ camera.T
    pixels = image[..., :2] / image[..., 2:]
    path.parent.mkdir(parents=True)
    np.savez(
        path,
        **{
            'frame_ids': np.arange(count),
            'fps': np.array(30.0),
            'global_orient': upright,
            'body_pose': pose,
            'betas': betas,
            'transl': transl,
            'cam_intrinsics': np.tile(camera, (count, 1, 1)),
            'joints3d': joints,
            'joint_names': np.array(SMPL_JOINTS),
            'joints2d': pixels,
            'bank_keypoints': pixels,
            'bank_source': np.ones((count, 24), np.int8),
            'bbox_xyxy': np.tile([0.0, 0, 10, 10], (count, 1)),
            **changes,
        },
    )
    return path


@pytest.fixture
def run(tmp_path):
    """A work directory with two people."""
    for name in ('p0', 'p1'):
        write_result(tmp_path / 'work' / name / 'result.npz')
    return tmp_path / 'work'


def test_a_work_directory(run, capsys):
    arguments = [str(run), '--save', 'bvh', 'csv', '--world']
    assert export.main(arguments) == 0
    printed = capsys.readouterr().out
    for name in ('p0', 'p1'):
        assert (run / name / 'motion.bvh').is_file()
        assert str(run / name / 'joints.csv') in printed
        manifest = json.loads((run / name / 'export.json').read_text())
        assert manifest['person'] == name
        assert 'floor' in manifest['axes']


def test_one_person_elsewhere(run, tmp_path):
    out = tmp_path / 'out'
    arguments = [str(run / 'p1'), '--save', 'obj', 'amass', '--out', str(out)]
    assert export.main(arguments) == 0
    assert [p.name for p in out.iterdir()] == ['p1']
    assert (out / 'p1' / 'obj' / '000002.obj').is_file()
    assert not (run / 'p1' / 'amass.npz').exists()


def test_interpolated_frames_are_said(tmp_path, capsys):
    numbers = {'frame_ids': np.array([0, 1, 5])}
    path = write_result(tmp_path / 'p0' / 'result.npz', **numbers)
    assert export.main([str(path), '--save', 'csv', 'bvh']) == 0
    assert '3 of 6 frames of bvh' in capsys.readouterr().out
    assert export.main([str(path), '--save', 'csv']) == 0
    assert ' frames of ' not in capsys.readouterr().out


def test_the_track_before_has_its_own_folder(run):
    (run / 'p0' / 'result.npz').rename(run / 'p0' / 'before.npz')
    arguments = [str(run / 'p0' / 'before.npz'), '--save', 'bvh']
    assert export.main(arguments) == 0
    assert (run / 'p0' / 'before' / 'motion.bvh').is_file()
    assert not (run / 'p0' / 'motion.bvh').exists()


def test_bad_requests_are_one_line(run, tmp_path, capsys):
    for arguments, message in (
        ([str(tmp_path / 'x'), '--save', 'bvh'], 'does not exist'),
        ([str(tmp_path), '--save', 'bvh'], 'has no result.npz'),
        ([str(run), '--save', 'fbx'], 'fbx: is no format'),
    ):
        assert export.main(arguments) == 2
        assert message in capsys.readouterr().err


def test_people_of_one_video_have_a_file_together(tmp_path, capsys):
    convention = {
        'video': np.array('street.mp4'),
        'keypoint_convention': np.array('smpl_24'),
        'keypoint_names': np.array(SMPL_JOINTS),
    }
    for name in ('p0', 'p1'):
        write_result(tmp_path / name / 'result.npz', **convention)
    assert export.main([str(tmp_path), '--save', 'json']) == 0
    path = tmp_path / 'street.coco.json'
    assert str(path) in capsys.readouterr().out
    document = json.loads(path.read_text())
    people = [a['person_id'] for a in document['annotations']]
    assert people == ['p0'] * 3 + ['p1'] * 3
    assert len(document['images']) == 3
    assert document['info']['video'] == 'street.mp4'


def test_a_resumed_run_exports_kept_tracks(run):
    words = ['semtta_hmr_demo', '--save', 'csv', '--work-dir', str(run)]
    cfg = configured(build_parser().parse_args([*words, '--resume']))
    adapt.export_kept(cfg, ['p0', 'p1', 'absent'])
    assert (run / 'p0' / 'joints.csv').is_file()
    assert (run / 'p1' / 'joints.csv').is_file()


def test_official_smpl_is_asked_for(tmp_path):
    path = write_result(tmp_path / 'p0' / 'result.npz', body=np.array('smpl'))
    with pytest.raises(InputError, match='--smpl-model'):
        export_results(find_results(path), ['bvh'])


def test_adapt_gets_a_hook(capsys):
    words = ['semtta_hmr_demo', '--save', 'amass', 'bvh', '--world']
    cfg = configured(build_parser().parse_args(words))
    assert cfg.hooks.export == dict(
        type='TrackExportHook', formats=['amass', 'bvh'], world=True
    )
    assert cfg.hooks.result.type == 'TrackResultHook'
    words[2] = 'fbx'
    with pytest.raises(InputError, match='fbx'):
        configured(build_parser().parse_args(words))
    plain = configured(build_parser().parse_args(['semtta_hmr_demo']))
    assert 'export' not in plain.hooks
