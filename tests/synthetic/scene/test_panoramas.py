import base64

import numpy as np
import pytest

from semtta_mm.geometry.views import look_at
from semtta_mm.synthetic.scene.panoramas import (
    decode_panorama,
    perspective_view,
    sample_place,
)
from semtta_mm.utils import InputError


@pytest.fixture
def sky_and_ground():
    """White above the horizon, dark below; a red wall at longitude 0."""
    image = np.zeros((64, 128, 3), np.float32)
    image[:32] = 1.0
    image[20:44, 60:68] = (1, 0, 0)
    return image


def test_horizon_and_heading_of_a_view(sky_and_ground):
    # A camera along -z of the world shows longitude pi.
    level = perspective_view(sky_and_ground, look_at(0.0), np.radians(60), 32)
    assert level[:14].min() > 0.9 and level[18:].max() < 0.1
    down = perspective_view(
        sky_and_ground, look_at(0.0, 0.3), np.radians(60), 32
    )
    assert down.mean() < level.mean() - 0.1  # more ground
    wall = perspective_view(sky_and_ground, look_at(np.pi), np.radians(60), 32)
    middle = wall[14:18, 14:18]
    assert middle[..., 0].min() > 0.9 and middle[..., 1].max() < 0.1


def test_range_of_sampled_places(sky_and_ground):
    rng = np.random.default_rng(0)
    image = sample_place(sky_and_ground, look_at(0.5), 0.2, 48, rng)
    assert image.shape == (48, 48, 3)
    assert image.dtype == np.float32
    assert image.min() >= 0 and image.max() <= 1
    again = sample_place(
        sky_and_ground, look_at(0.5), 0.2, 48, np.random.default_rng(0)
    )
    np.testing.assert_array_equal(image, again)


def test_decoding(tmp_path, sky_and_ground):
    openexr = pytest.importorskip('OpenEXR')
    exr = tmp_path / 'image.exr'
    header = {'compression': openexr.ZIP_COMPRESSION}
    openexr.File(header, {'RGB': sky_and_ground}).write(str(exr))
    text = base64.b64encode(exr.read_bytes()).decode()
    path = tmp_path / 'hall.exr.js'
    path.write_text(f"export default 'data:application/exr;base64,{text}'")
    np.testing.assert_allclose(
        decode_panorama(path), sky_and_ground, atol=1e-3
    )
    path.write_text('export default 1')
    with pytest.raises(InputError, match='no base64'):
        decode_panorama(path)
