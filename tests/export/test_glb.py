"""The .glb is read by plain_glb.py, which shares no code with the writer."""

import numpy as np
import pytest
import torch
from plain_glb import PlainGlb
from saved_tracks import make_arrays

from semtta_mm.export.glb import BEFORE_COLOUR, glb_bytes, write_glb
from semtta_mm.export.saved_track import SavedTrack
from semtta_mm.export.skinning import continuous, strongest
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.synthetic.motions.glb import read_glb

FLIP = [1, -1, -1]


@pytest.fixture(scope='module')
def body():
    return SMPLBody()


def track(name='a', stage='after', **options):
    return SavedTrack.from_arrays(name, make_arrays(**options), stage)


def vertices(body, saved):
    """Vertices of the body itself ``[T, V, 3]``, y up."""
    return body(saved.one_shape(), keypoints=()).vertices.numpy() * FLIP


def distances(body, saved, influences):
    """Between file and body, mm ``[T, V]``, and the file."""
    file = PlainGlb(glb_bytes([saved], body, influences))
    posed = [file.posed(s)[saved.label] for s in saved.seconds]
    offsets = np.stack(posed) - vertices(body, saved)
    return 1000 * np.linalg.norm(offsets, axis=-1), file


def test_eight_weights_are_the_body(body):
    error, _ = distances(body, track(gap=7), 8)
    assert error.max() < 0.01


def test_four_weights_are_the_body_for_nearly_all_vertices(body):
    saved = track(gap=7)
    error, file = distances(body, saved, 4)
    few = ((body.weights > 0).sum(dim=1) <= 4).numpy()
    assert few.mean() > 0.9
    assert error[:, few].max() < 0.01
    assert error.mean() < 0.1
    assert np.percentile(error, 98) < 1.0
    assert 'JOINTS_1' not in str(file.doc)


def test_four_weights_are_a_body_with_those_weights(body):
    cut = SMPLBody()
    ids, kept = strongest(body.weights.numpy(), 4)
    weights = np.zeros(cut.weights.shape)
    np.put_along_axis(weights, ids, kept, axis=1)
    ids, kept = strongest(weights, 4)
    rows = torch.arange(len(ids))[:, None]
    cut.weights = torch.zeros_like(cut.weights)
    cut.weights.index_put_(
        (rows.expand(-1, 4), torch.tensor(ids)),
        torch.tensor(kept).float(),
        accumulate=True,
    )
    error, _ = distances(cut, track(), 4)
    assert error.max() < 0.01


def test_times_are_those_of_the_video_and_gaps_are_interpolated(body):
    saved = track(frames=4, fps=25.0, gap=10)
    file = PlainGlb(glb_bytes([saved], body))
    for times, _ in file.channels().values():
        assert np.allclose(times, np.array([2, 3, 14, 15]) / 25)
    pelvis = file.channels()[0, 'translation'][1]
    middle = file.posed(8.5 / 25)['a'].mean(axis=0)[0]
    ends = [file.posed(t / 25)['a'].mean(axis=0)[0] for t in (3, 14)]
    assert ends[0] < middle < ends[1]
    assert pelvis[0, 2] == pytest.approx(-4, abs=0.1)  # y up: z is back


def test_quaternions_do_not_jump(body):
    arrays = make_arrays(frames=40)
    # Turning on: axis-angles wrap at half a turn, so matrices must too.
    arrays['global_orient'] = np.linspace(0, 4 * np.pi, 40)[:, None] * [
        0,
        1,
        0,
    ]
    saved = SavedTrack.from_arrays('a', arrays)
    moves = PlainGlb(glb_bytes([saved], body)).channels()
    for (_, path), (_, values) in moves.items():
        if path == 'rotation':
            assert np.allclose(np.linalg.norm(values, axis=1), 1, atol=1e-6)
            assert ((values[1:] * values[:-1]).sum(axis=1) > 0).all()


def test_signs_of_hand_made_quaternions():
    q = np.array([[0, 0, 0, 1.0], [0, 0, 0, -1.0], [0, 0, 0.6, -0.8]])
    wanted = [[0, 0, 0, 1], [0, 0, 0, 1], [0, 0, -0.6, 0.8]]
    assert np.allclose(continuous(q), wanted)


def test_strongest_by_hand():
    weights = np.array([[0.1, 0.5, 0.0, 0.4], [0.0, 0.0, 1.0, 0.0]])
    ids, kept = strongest(weights, 2)
    assert ids.tolist() == [[1, 3], [2, 0]]
    assert np.allclose(kept, [[5 / 9, 4 / 9], [1, 0]])


def test_several_people_and_stages(body):
    tracks = [track('a'), track('a', 'before'), track('b', seed=1, gap=2)]
    file = PlainGlb(glb_bytes(tracks, body, 8))
    for saved in tracks:
        second = saved.seconds[1]
        error = file.posed(second)[saved.label] - vertices(body, saved)[1]
        assert np.abs(error).max() < 1e-5
    marks = [n['extras'] for n in file.doc['nodes'] if 'mesh' in n]
    assert [m['person'] for m in marks] == ['a', 'a', 'b']
    assert [m['stage'] for m in marks] == ['after', 'before', 'after']
    names = [node['name'] for node in file.doc['nodes']]
    assert len(set(names)) == len(names)
    colours = [
        m['pbrMetallicRoughness']['baseColorFactor'][:3]
        for m in file.doc['materials']
    ]
    assert colours[1] == list(BEFORE_COLOUR)
    assert colours[0] != colours[2]
    assert len(file.doc['animations']) == 1


def test_rest_pose_stands_upright(body):
    file = PlainGlb(glb_bytes([track()], body))
    (primitive,) = file.doc['meshes'][0]['primitives']
    points = file.array(primitive['attributes']['POSITION'])
    normals = file.array(primitive['attributes']['NORMAL'])
    assert np.ptp(points[:, 1]) > 1.4
    assert np.allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-5)
    corners = points[file.array(primitive['indices']).reshape(-1, 3)]
    faces = np.cross(
        corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    )
    volume = (faces * corners[:, 0]).sum() / 6
    assert 0.03 < volume < 0.2  # outward; m^3
    ids = file.array(primitive['indices']).reshape(-1, 3)
    assert ((normals[ids[:, 0]] * faces).sum(axis=1) > 0).mean() > 0.99


def test_our_reader_of_animations_finds_the_rotations(body, tmp_path):
    saved = track(frames=3, fps=30)
    path = write_glb(tmp_path / 'new' / 'a.glb', [saved], body)
    animations = read_glb(path)
    assert animations.seconds('video') == pytest.approx(4 / 30)
    pose = saved.params.pose.numpy()[0]
    found = animations.world_rotations('video', 30)[2]
    root = animations.skeleton.names.index('pelvis')
    assert np.allclose(found[root], np.diag(FLIP) @ pose[0], atol=1e-5)


def test_one_frame(body):
    error, _ = distances(body, track(frames=1), 8)
    assert error.max() < 0.01


def test_bad_arguments(body):
    with pytest.raises(ValueError, match='influences'):
        glb_bytes([track()], body, 5)
    with pytest.raises(ValueError, match='track'):
        glb_bytes([], body)
