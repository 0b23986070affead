import numpy as np
import pytest

from semtta_mm.geometry.triangulation import project
from semtta_mm.preparation.pose2sim import read_qualisys
from semtta_mm.utils import InputError

ROTATION = np.array([[0.0, 0, 1], [1, 0, 0], [0, 1, 0]])


def camera(name, active=1, **change):
    cells = {
        f'r{i + 1}{j + 1}': ROTATION[i, j] for i in range(3) for j in range(3)
    }
    values = dict(cells, x=1000, y=-2000, z=1500, focalLengthU=64000)
    values |= change
    text = {key: f'{key}="{value}"' for key, value in values.items()}
    focal = text.pop('focalLengthU')
    return (
        f'<camera active="{active}" serial="{name}">'
        '<fov_video left="10" top="20" right="0" bottom="0"/>'
        f'<transform {" ".join(text.values())}/>'
        f'<intrinsic {focal} focalLengthV="128000" centerPointU="32000"'
        ' centerPointV="64000" radialDistortion1="-0.05"'
        ' radialDistortion2="0.1" tangentalDistortion1="0.001"'
        ' tangentalDistortion2="0.002"/></camera>'
    )


def write(folder, *cameras):
    path = folder / 'Calib.qca.txt'
    body = ''.join(cameras)
    path.write_text(
        "<?xml version='1.0' encoding='ASCII'?>\n"
        f'<calibration><cameras>{body}</cameras></calibration>'
    )
    return path


def test_values_by_hand(tmp_path):
    path = write(tmp_path, camera('a'), camera('off', 0), camera('b', x=0))
    first, second = read_qualisys(path)
    assert (first.name, second.name) == ('a', 'b')
    np.testing.assert_array_equal(
        first.intrinsics, [[1000, 0, 490], [0, 2000, 980], [0, 0, 1]]
    )
    np.testing.assert_array_equal(first.distortion, [-0.05, 0.1, 0.001, 0.002])
    np.testing.assert_array_equal(
        first.rotation, [[0, 0, 1], [-1, 0, 0], [0, -1, 0]]
    )
    # -F R T with T = (1, -2, 1.5) m: R T = (1.5, 1, -2).
    np.testing.assert_allclose(first.translation, [-1.5, 1, -2])
    np.testing.assert_allclose(second.translation, [-1.5, 0, -2])


def test_position_and_direction_of_a_camera(tmp_path):
    """Its own position has depth 0; points along its -z are in front."""
    first, _ = read_qualisys(write(tmp_path, camera('a'), camera('b')))
    position = np.array([1, -2, 1.5])
    np.testing.assert_allclose(
        first.rotation @ position + first.translation, 0, atol=1e-12
    )
    ahead = position - 3 * ROTATION[2]
    np.testing.assert_allclose(project(ahead, first), [490, 980])


def broken(folder, text):
    path = folder / 'Calib.qca.txt'
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ('second', 'message'),
    [
        ('', 'cameras: 1 active, at least 2 are needed'),
        (camera('b', x='far'), "camera b transform.x: 'far' is not a number"),
        (camera('b', y='nan'), "camera b transform.y: 'nan' is not a number"),
        (camera('b', r11=5), 'camera b: rotation: is not one'),
        (camera('b', focalLengthU=0), 'camera b: intrinsics: need fx'),
        (camera('a'), r"serial: not unique: \['a', 'a'\]"),
        (camera(''), 'serial: a camera has none'),
        (
            camera('b').replace('transform', 'moved'),
            'camera b transform.r11: is absent',
        ),
        (
            camera('b').replace('<fov_video', '<video'),
            'camera b fov_video.left: is absent',
        ),
    ],
)
def test_bad_cameras(tmp_path, second, message):
    path = write(tmp_path, camera('a'), second)
    with pytest.raises(InputError, match=message) as caught:
        read_qualisys(path)
    assert str(caught.value).startswith(f'{path}: ')


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('frames 1 2 3', 'file: is not XML'),
        ('<calibration/>', 'cameras: is absent'),
    ],
)
def test_bad_files(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read_qualisys(broken(tmp_path, text))


def test_no_file(tmp_path):
    with pytest.raises(InputError, match='file: does not exist'):
        read_qualisys(tmp_path / 'none.qca.txt')
