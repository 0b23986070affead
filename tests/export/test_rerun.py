import cv2
import numpy as np
import pytest
from saved_tracks import make_arrays

from semtta_mm.export.rerun import write_rerun
from semtta_mm.export.saved_track import SavedTrack
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.visualization import VideoWriter

rr = pytest.importorskip('rerun')
dataframe = pytest.importorskip('rerun.dataframe')


@pytest.fixture(scope='module')
def body():
    return SMPLBody()


@pytest.fixture(scope='module')
def track():
    arrays = make_arrays(frames=4, gap=3)
    rng = np.random.default_rng(0)
    arrays['bank_keypoints'] = rng.uniform(0, 100, (4, 5, 2))
    arrays['bank_source'] = np.array([[1, 1, 0, 2, 1]] * 4)
    return SavedTrack.from_arrays('a', arrays)


@pytest.fixture(scope='module')
def rows(track, body, tmp_path_factory):
    """Frame number to the values that the recording has at it."""
    folder = tmp_path_factory.mktemp('rerun')
    with VideoWriter(folder / 'clip.mp4', 25) as writer:
        for i in range(10):
            writer.write(np.full((240, 320, 3), 20 * i, np.uint8))
    path = write_rerun(
        folder / 'new' / 'a.rrd',
        [track],
        body,
        folder / 'clip.mp4',
        height=120,
    )
    assert [p.name for p in path.parent.iterdir()] == ['a.rrd']
    recording = dataframe.load_recording(path)
    table = recording.view(index='frame', contents='/**').select().read_all()
    table = table.drop_columns(['log_time', 'log_tick', 'video'])
    return {row['frame']: row for row in table.to_pylist()}


def value(row, entity, component):
    (name,) = [
        key
        for key in row
        if key.startswith(f'{entity}:') and key.endswith(component)
    ]
    return row[name]


def test_meshes_are_the_body(rows, track, body):
    vertices = body(track.params, keypoints=()).vertices.numpy()
    for t, frame in enumerate(track.frame_ids):
        found = value(rows[frame], '/world/a', 'Position3D')
        assert np.allclose(found, vertices[t], atol=1e-5)
    faces = value(rows[2], '/world/a', 'TriangleIndices')
    assert np.array_equal(faces, body.faces)


def test_keypoints_that_are_not_missing_at_the_image_s_scale(rows, track):
    found = value(rows[2], '/world/camera/image/a', 'Position2D')
    wanted = track.keypoints[0][[0, 1, 3, 4]] / 2
    assert np.allclose(found, wanted, atol=1e-3)


def test_camera_and_image(rows):
    matrix = np.reshape(
        value(rows[7], '/world/camera', 'PinholeProjection'), (3, 3)
    ).T
    assert np.allclose(matrix, [[120, 0, 70], [0, 125, 65], [0, 0, 1]])
    (content,) = value(rows[7], '/world/camera/image', 'Blob')
    image = cv2.imdecode(np.array(content, np.uint8), cv2.IMREAD_COLOR)
    assert image.shape == (120, 160, 3)
    assert image.mean() == pytest.approx(140, abs=4)


def test_the_body_is_cleared_in_the_gap_and_at_the_end(rows, track):
    assert track.frame_ids.tolist() == [2, 3, 7, 8]
    empty = [
        frame
        for frame, row in rows.items()
        if not value(row, '/world/a', 'Position3D')
    ]
    assert empty == [4, 9]
