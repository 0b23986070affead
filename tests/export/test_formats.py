"""Files of the other formats, and the mapping of formats."""

import csv
import json

import numpy as np
import pytest
import torch
import trimesh
from plain_glb import PlainGlb

from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.datasets.amass import read_amass
from semtta_mm.export import (
    ExportTrack,
    ResultFile,
    check_formats,
    export_track,
    formats,
    write_amass,
    write_csv,
    write_glb,
    write_json,
    write_npz,
    write_obj,
)
from semtta_mm.export.coco import coco_document
from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.registry import FUNCTIONS
from semtta_mm.structures import SMPLParams
from semtta_mm.utils import InputError


def load(path):
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def test_amass_poses_the_same_body_with_z_up(gappy, tmp_path):
    data = load(write_amass(gappy, tmp_path))
    assert data['poses'].shape == (9, 156)
    assert data['trans'].shape == (9, 3)
    assert data['betas'].shape == (16,)
    assert data['dmpls'].shape == (9, 8)
    assert str(data['gender']) == 'neutral'
    assert float(data['mocap_framerate']) == 25
    assert data['interpolated'].nonzero()[0].tolist() == [3, 6, 7]
    # SMPL's mean shape, because the open body's are not SMPL's.
    assert not data['betas'].any()
    betas = torch.from_numpy(data['open_betas']).expand(9, 10)
    pose = np.zeros((9, 24, 3), np.float32)
    pose[:, :22] = data['poses'].reshape(9, 52, 3)[:, :22]
    params = SMPLParams.from_axis_angle(
        torch.from_numpy(pose), betas, torch.from_numpy(data['trans'])
    )
    with torch.no_grad():
        joints = gappy.body.joints_only(params)[~data['interpolated']]
    x, y, z = torch.from_numpy(gappy.result.joints3d).unbind(-1)
    expected = torch.stack([x, z, -y], dim=-1)  # y away, z up
    assert (joints - expected)[:, :22].abs().max() < 1e-3


def test_amass_of_a_body_with_smpls_shapes(gappy, tmp_path):
    """Another topology: its betas are written."""
    body = type(gappy.body)()
    body.is_open = False
    track = ExportTrack(gappy.result, body)
    data = load(write_amass(track, tmp_path))
    np.testing.assert_allclose(data['betas'][:10], 0.5)
    assert not data['betas'][10:].any()
    assert 'open_betas' not in data


def test_the_projects_own_reader_reads_amass(make_arrays, body, tmp_path):
    arrays = make_arrays(fps=30.0)
    track = ExportTrack(ResultFile.from_arrays(arrays, 'x'), body)
    pose, rate = read_amass(write_amass(track, tmp_path))
    assert rate == 30
    turned = axis_angle_to_matrix(torch.from_numpy(pose))
    expected = track.result.params.pose[:, 1:22]
    torch.testing.assert_close(turned[:, 1:22], expected)


@pytest.mark.parametrize('world', [False, True])
def test_obj_has_a_mesh_a_frame(gappy, tmp_path, world):
    track = ExportTrack(gappy.result, gappy.body, world)
    place = write_obj(track, tmp_path)
    names = sorted(path.name for path in place.iterdir())
    assert names == [f'{n:06d}.obj' for n in (0, 1, 2, 4, 5, 8)]
    mesh = trimesh.load(place / '000004.obj', process=False)
    assert mesh.is_watertight
    np.testing.assert_array_equal(mesh.faces, gappy.faces)
    with torch.no_grad():
        camera = gappy.body(gappy.result.params, keypoints=()).vertices[3]
    upright = camera.numpy() * [1, -1, -1]
    moved = np.asarray(mesh.vertices) - upright
    if world:
        assert np.ptp(moved, axis=0).max() < 1e-4  # a shift up
        assert np.abs(moved[:, [0, 2]]).max() < 1e-4
        assert -1e-4 < mesh.vertices[:, 1].min() < 0.1
    else:
        assert np.abs(moved).max() < 1e-4
    assert mesh.volume > 0.03  # faces point outwards


def test_csv_is_a_long_table(gappy, tmp_path):
    track = ExportTrack(gappy.result, gappy.body, world=True)
    with write_csv(track, tmp_path).open(newline='') as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6 * (24 + 17)
    result = gappy.result
    row = next(
        r
        for r in rows
        if (r['frame'], r['kind'], r['joint']) == ('4', 'joint', 'left_knee')
    )
    knee = SMPL_JOINTS.index('left_knee')
    point = [float(row[axis]) for axis in 'xyz']
    np.testing.assert_allclose(point, result.joints3d[3, knee], atol=1e-4)
    image = result.cam_intrinsics[3] @ point
    pixel = [float(row['u']), float(row['v'])]
    np.testing.assert_allclose(image[:2] / image[2], pixel, atol=0.02)
    assert (row['person'], row['time']) == ('someone', '0.1600')
    # The world is the camera's, shifted up.
    assert float(row['world_x']) == pytest.approx(point[0], abs=1e-4)
    assert float(row['world_z']) == pytest.approx(-point[2], abs=1e-4)
    lowest = min(float(r['world_y']) for r in rows)
    assert 0 <= lowest < 0.15
    keypoints = [r for r in rows if r['kind'] == 'keypoint']
    assert {r['source'] for r in keypoints} == {'detected'}
    nose = result.keypoint_names.index('nose')
    first = next(r for r in keypoints if r['joint'] == 'nose')
    np.testing.assert_allclose(
        [float(first['u']), float(first['v'])],
        result.joints2d[0, nose],
        atol=0.01,
    )


def test_json_is_read_by_cocos_own_api(make_arrays, body, tmp_path):
    coco = pytest.importorskip('xtcocotools.coco')
    scores = np.full((9, 17), 0.9, np.float32)
    scores[:, 5] = 0
    arrays = make_arrays(scores=scores)
    track = ExportTrack(ResultFile.from_arrays(arrays, 'x'), body)
    path = write_json(track, tmp_path)
    read = coco.COCO(str(path))
    assert sorted(read.getImgIds()) == list(range(9))
    (found,) = read.loadAnns(read.getAnnIds(imgIds=[4]))
    result = track.result
    points = np.array(found['keypoints']).reshape(-1, 3)
    np.testing.assert_allclose(points[:, :2], result.joints2d[4], atol=0.01)
    assert points[:, 2].tolist() == [2] * 5 + [1] + [2] * 11
    assert found['evidence'][15:18] == [0, 0, 0]
    assert (found['person_id'], found['track_id']) == ('someone', 1)
    assert found['bbox'] == [60, 20, 100, 160]
    np.testing.assert_allclose(
        found['joints3d'], result.joints3d[4], atol=1e-4
    )
    image = read.loadImgs([4])[0]
    assert (image['width'], image['height']) == (240, 200)
    (category,) = read.loadCats([1])
    assert category['keypoints'] == list(result.keypoint_names)
    nose = result.keypoint_names.index('nose') + 1
    eye = result.keypoint_names.index('left_eye') + 1
    assert [nose, eye] in category['skeleton']


def test_people_of_one_video_share_images(person, gappy):
    document = coco_document([gappy, person])
    assert len(document['images']) == 9
    annotations = document['annotations']
    assert [a['id'] for a in annotations] == list(range(1, 16))
    assert [a['track_id'] for a in annotations] == [1] * 6 + [2] * 9
    json.dumps(document, allow_nan=False)


def test_npz_is_the_result_itself(person, arrays, tmp_path):
    again = load(write_npz(person, tmp_path))
    assert set(again) == set(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(again[name], array)


def test_files_of_version_1_are_exported(person, tmp_path):
    """Without names of keypoints and their 3D."""
    new = ('keypoints3d', 'keypoint_names', 'keypoint_convention', 'body')
    old = {
        name: array
        for name, array in person.result.arrays.items()
        if name not in (*new, 'schema_version', 'track', 'person_xyxy')
    }
    track = ExportTrack(ResultFile.from_arrays(old, 'walk'), person.body)
    names = ('amass', 'bvh', 'csv', 'json', 'npz', 'obj')
    written = export_track(track, tmp_path, names)
    document = json.loads(written['json'].read_text())
    assert document['annotations'][0]['person_id'] == 'walk'
    assert document['categories'][0]['keypoints'][0] == 'keypoint_0'
    with written['csv'].open(newline='') as file:
        rows = [r for r in csv.DictReader(file) if r['kind'] == 'keypoint']
    assert rows[0]['x'] == ''


def test_the_manifest_names_files_and_interpolated_frames(gappy, tmp_path):
    export_track(gappy, tmp_path, ['bvh', 'obj'])
    manifest = json.loads((tmp_path / 'export.json').read_text())
    assert manifest['files'] == {'bvh': 'motion.bvh', 'obj': 'obj'}
    assert manifest['interpolated_frames'] == [3, 6, 7]
    assert manifest['frames'] == 9


@pytest.mark.parametrize('world', [False, True])
def test_glb_is_the_body_of_the_obj_files(gappy, tmp_path, world):
    track = ExportTrack(gappy.result, gappy.body, world)
    file = PlainGlb(write_glb(track, tmp_path).read_bytes())
    mesh = trimesh.load(write_obj(track, tmp_path) / '000004.obj')
    (posed,) = file.posed(4 / gappy.result.fps).values()
    few = ((gappy.body.weights > 0).sum(dim=1) <= 4).numpy()
    off = np.linalg.norm(posed - mesh.vertices, axis=1)
    assert off[few].max() < 1e-3


def test_unknown_formats_are_refused_before_anything_is_written(
    person, tmp_path
):
    with pytest.raises(InputError, match='fbx: is no format.*amass, bvh'):
        export_track(person, tmp_path / 'x', ['bvh', 'fbx'])
    assert not (tmp_path / 'x').exists()


def test_another_projects_format(person, tmp_path, monkeypatch):
    monkeypatch.setattr(FUNCTIONS, '_module_dict', dict(FUNCTIONS.module_dict))

    @FUNCTIONS.register_module()
    def write_frames(track, folder):
        path = folder / 'frames.txt'
        path.write_text(str(len(track.result)))
        return path

    assert 'frames' in formats()
    check_formats(['frames'])
    written = export_track(person, tmp_path, ['frames'])
    assert written['frames'].read_text() == '9'


def test_a_result_of_another_body_is_refused(arrays, body):
    saved = ResultFile.from_arrays(
        {**arrays, 'betas': arrays['betas'] + 1}, 'x'
    )
    with pytest.raises(InputError, match='joints3d: are up to .* mm'):
        ExportTrack(saved, body)
