"""Another system's bodies, and the residual that adapts them."""

from pathlib import Path

import numpy as np
import pytest
import torch

from semtta_mm.apis import adapt
from semtta_mm.apis.config import find_config
from semtta_mm.datasets.body_estimates import (
    parse_estimates,
    read_estimates,
    sample_estimates,
)
from semtta_mm.datasets.track_io import save_track
from semtta_mm.geometry import axis_angle_to_matrix, project_points
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.models.estimators import ParameterEstimator
from semtta_mm.structures import BodyReference, PersonTrack, SMPLParams
from semtta_mm.utils import InputError

FRAMES = 24
CAMERA = np.array([[600.0, 0, 320], [0, 600, 240], [0, 0, 1]], np.float32)
TRANSL = np.array([0.3, 0.1, 4.0], np.float32)


def swing(frames=FRAMES):
    """A body that waves arms and a leg, axis-angle ``[T, 24, 3]``."""
    pose = np.zeros((frames, 24, 3), np.float32)
    pose[:, 0, 0] = np.pi  # upright: SMPL's y is up, the camera's down
    wave = np.sin(np.linspace(0, 2 * np.pi, frames))
    pose[:, 16, 2] = -0.8 + 0.4 * wave
    pose[:, 17, 2] = 0.8 + 0.4 * wave
    pose[:, 1, 0] = -0.5 * wave
    return pose


def arrays(pose, **more):
    return {
        'frame_ids': np.arange(len(pose)),
        'global_orient': pose[:, 0],
        'body_pose': pose[:, 1:].reshape(len(pose), 69),
        'betas': np.zeros(10, np.float32),
        'transl': np.tile(TRANSL, (len(pose), 1)),
        'cam_intrinsics': CAMERA,
        'body': 'open',
        **more,
    }


def posed(pose):
    """Keypoints of the body in the camera's axes, m, and in px."""
    params = SMPLParams.from_axis_angle(
        torch.from_numpy(pose),
        torch.zeros(len(pose), 10),
        torch.from_numpy(TRANSL).expand(len(pose), 3),
    )
    points = SMPLBody()(params, False, ('coco_23',)).keypoints['coco_23']
    camera = torch.from_numpy(CAMERA).expand(len(pose), 3, 3)
    return points, project_points(points, camera)


@pytest.fixture(scope='module')
def track(tmp_path_factory):
    """A track without a video: exact 2D of all keypoints, exact 3D."""
    pose = swing()
    points, pixels = posed(pose)
    low, high = pixels.amin(1), pixels.amax(1)
    track = PersonTrack(
        name='wave',
        frame_ids=np.arange(FRAMES),
        fps=30.0,
        boxes=torch.cat((low, high), dim=1).numpy(),
        keypoints=pixels.numpy(),
        scores=np.ones(pixels.shape[:2]),
        convention='coco_23',
        intrinsics=np.tile(CAMERA, (FRAMES, 1, 1)),
        reference=BodyReference(
            pose=pose,
            betas=np.zeros((FRAMES, 10)),
            transl=np.tile(TRANSL, (FRAMES, 1)),
        ),
    )
    path = tmp_path_factory.mktemp('track') / 'wave.npz'
    save_track(path, track)
    return path


@pytest.fixture
def wrong(tmp_path):
    """The true motion with errors of some degrees that change slowly."""
    rng = np.random.default_rng(0)
    knots = rng.normal(0, 0.2, (4, 24, 3))
    at = np.linspace(0, 3, FRAMES)
    low = np.minimum(at.astype(int), 2)
    share = (at - low)[:, None, None]
    error = (1 - share) * knots[low] + share * knots[low + 1]
    path = tmp_path / 'wave.npz'
    np.savez(path, **arrays((swing() + error).astype(np.float32)))
    return path


@pytest.mark.parametrize('knot_seconds', [0.0, 0.2])
def test_adaptation_lowers_the_3d_error(track, wrong, tmp_path, knot_seconds):
    work = tmp_path / 'work'
    report = adapt_parameters(
        track, wrong, work, {'model.estimator.knot_seconds': knot_seconds}
    )
    before, after = report['overall']['before'], report['overall']['after']
    assert after['reproj_px'] < 0.5 * before['reproj_px']
    assert after['mpjpe'] < 0.75 * before['mpjpe']
    # The result is the input of another run.
    again = read_estimates(work / 'wave' / 'result.npz')
    assert len(again) == FRAMES


def adapt_parameters(track, file, work, options=None):
    from mmengine.config import Config

    cfg = Config.fromfile(find_config('semtta_parameters_demo.py'))
    cfg.merge_from_dict(
        {
            'model.estimator.file': str(file),
            'work_dir': str(work),
            'train_cfg.max_epochs': 3,
            'train_cfg.labeler': None,
            'model.losses.keypoints.tolerance': 0.0,
            'hooks.video': None,
            'hooks.plots': None,
            'hooks.progress': None,
            **(options or {}),
        }
    )
    reader = dict(type='NpzTrackReader', keypoints=str(track))
    cfg.train_dataloader.dataset.reader = reader
    cfg.dataset_name = 'wave'
    return adapt(cfg)


def test_a_residual_of_zero_gives_the_file(track, wrong):
    estimator = ParameterEstimator(wrong)
    inputs = estimator.begin_track(frames_of(track))
    out = estimator.forward_head(inputs.features)
    want = read_estimates(wrong)
    torch.testing.assert_close(out.params.pose, want.params.pose)
    transl, camera = estimator.locate(out.camera, None, inputs.intrinsics)
    torch.testing.assert_close(transl, want.params.transl)
    assert torch.equal(camera, want.intrinsics)


def frames_of(path: Path):
    from semtta_mm.datasets import TrackDataset
    from semtta_mm.datasets.readers.npz import NpzTrackReader

    tracks = NpzTrackReader(path)()
    return TrackDataset(tracks=tracks, needs_video=False)[0]


def test_each_track_starts_anew(track, wrong):
    estimator = ParameterEstimator(wrong, knot_seconds=0.1)
    estimator.begin_track(frames_of(track))
    state = estimator.state_dict()
    torch.nn.init.ones_(estimator.rotation)
    estimator.restore(state)
    estimator.begin_track(frames_of(track))
    assert not estimator.rotation.any()


def test_weak_perspective_keeps_its_pixels(track, tmp_path):
    """4D-Humans: f = 5000 px in a crop of 256, then into its box."""
    pose = swing()
    box = np.array([200.0, 100, 456, 356], np.float32)
    weak = np.array([0.9, 0.05, -0.1], np.float32)
    given = {k: v for k, v in arrays(pose).items() if k != 'transl'}
    np.savez(tmp_path / 'wave.npz', **given, camera=weak, bbox=box)
    estimator = ParameterEstimator(
        tmp_path, input_size=128, focal_length=5000 * 128 / 256
    )
    frames = frames_of(track)
    inputs = estimator.begin_track(frames)
    assert inputs.intrinsics is None  # a crop's camera, as of a network
    out = estimator.forward_head(inputs.features)
    transl, camera = estimator.locate(out.camera, frames.boxes)
    body = SMPLBody()(out.params, False, ('coco_23',))
    points = body.keypoints['coco_23']
    found = project_points(points + transl[:, None], camera)
    moved = points + torch.tensor([0.05, -0.1, 2 * 5000 / (256 * 0.9)])
    want = 5000 * moved[..., :2] / moved[..., 2:] + 128 + torch.tensor(box[:2])
    # The other centre of the box turns the perspective a little.
    torch.testing.assert_close(found, want, atol=1.0, rtol=0)
    boxes = frames.boxes.numpy()
    np.savez(tmp_path / 'wave.npz', **given, camera=weak, bbox=boxes)
    inputs = estimator.begin_track(frames)
    out = estimator.forward_head(inputs.features)
    torch.testing.assert_close(
        out.camera, torch.from_numpy(weak).expand(FRAMES, 3)
    )


def test_another_body_keeps_pelvis_and_pose(track, tmp_path):
    np.savez(
        tmp_path / 'wave.npz',
        **arrays(swing(), body='smplx', betas=np.ones(10)),
    )
    estimator = ParameterEstimator(tmp_path)
    out = estimator.forward_head(
        estimator.begin_track(frames_of(track)).features
    )
    assert not out.params.betas.any()
    # SMPL-X's pelvis is 35 cm below its origin, the open body's in it.
    body = SMPLBody()(out.params, False, ('smpl_24',))
    rest = body.keypoints['smpl_24'][:, 0]
    pelvis = (out.camera + rest)[0]
    want = torch.from_numpy(TRANSL) + torch.tensor([0.003, -0.351, 0.012])
    torch.testing.assert_close(pelvis, want, atol=0.01, rtol=0)
    with pytest.raises(InputError, match='body'):
        parse_estimates(arrays(swing(3), body='star'), 'file')


def test_smplx_bodies_and_matrices():
    pose = swing(3)
    short = arrays(pose, body_pose=pose[:, 1:22].reshape(3, 63))
    found = parse_estimates(short, 'file')
    eye = torch.eye(3).expand(3, 2, 3, 3)
    torch.testing.assert_close(found.params.body_pose[:, 21:], eye)
    matrices = axis_angle_to_matrix(torch.from_numpy(pose)).numpy()
    same = arrays(
        pose, global_orient=matrices[:, 0], body_pose=matrices[:, 1:]
    )
    torch.testing.assert_close(
        parse_estimates(same, 'file').params.pose,
        parse_estimates(arrays(pose), 'file').params.pose,
    )


def test_gvhmr(tmp_path):
    pose = torch.from_numpy(swing(4))
    part = {
        'global_orient': pose[:, 0],
        'body_pose': pose[:, 1:22].reshape(4, 63),
        'betas': torch.zeros(4, 10),
        'transl': torch.from_numpy(TRANSL).expand(4, 3),
    }
    path = tmp_path / 'hmr4d_results.pt'
    camera = torch.from_numpy(CAMERA).expand(4, 3, 3)
    torch.save({'smpl_params_incam': part, 'K_fullimg': camera}, path)
    found = read_estimates(path)
    assert found.frame_ids.tolist() == [0, 1, 2, 3]
    torch.testing.assert_close(found.intrinsics, camera)
    torch.save({'pred': part}, path)
    with pytest.raises(InputError, match='smpl_params_incam'):
        read_estimates(path)


def test_a_file_that_runs_code_is_refused(tmp_path):
    class Evil:
        def __reduce__(self):
            return Path.touch, (tmp_path / 'ran',)

    path = tmp_path / 'hmr4d_results.pt'
    torch.save({'smpl_params_incam': Evil()}, path)
    with pytest.raises(InputError):
        read_estimates(path)
    assert not (tmp_path / 'ran').exists()


def test_frames_between():
    found = parse_estimates(
        arrays(swing(3), frame_ids=np.array([0, 2, 10])), 'file'
    )
    ids = torch.tensor([0, 1, 2])
    some = sample_estimates(found, ids, 30.0, 'file')
    assert torch.equal(some.frame_ids, ids)
    middle = (found.params.betas[0] + found.params.betas[1]) / 2
    torch.testing.assert_close(some.params.betas[1], middle)
    with pytest.raises(InputError, match='near'):
        sample_estimates(found, torch.tensor([0, 50]), 30.0, 'file')


@pytest.mark.parametrize(
    ('field', 'value', 'problem'),
    [
        ('frame_ids', np.array([0, 2, 1]), 'rising'),
        ('betas', np.zeros((3, 16)), 'shape'),
        ('body_pose', np.zeros((3, 60)), 'shape'),
        ('body_pose', np.full((3, 69), np.nan), 'finite'),
        ('global_orient', np.ones((3, 3, 3)), 'rotations'),
        ('transl', np.tile([0, 0, -4.0], (3, 1)), 'behind'),
        ('cam_intrinsics', np.eye(4), 'shape'),
    ],
)
def test_bad_fields(field, value, problem):
    with pytest.raises(InputError, match=f'(?s){field}.*{problem}'):
        parse_estimates(arrays(swing(3), **{field: value}), 'file')


def test_absent_fields_and_files(tmp_path):
    given = arrays(swing(3))
    del given['transl']
    with pytest.raises(InputError, match='camera.*absent'):
        parse_estimates(given, 'file')
    with pytest.raises(InputError, match='unknown kind'):
        read_estimates(tmp_path / 'wham_output.pkl')
    with pytest.raises(InputError, match='estimates of wave'):
        ParameterEstimator(tmp_path).begin_track(
            type('Frames', (), {'name': 'wave'})()
        )
