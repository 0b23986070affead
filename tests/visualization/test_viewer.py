import base64
import json
import re

import cv2
import numpy as np
import pytest
from viewer_browser import write_h264

from semtta_mm.utils import InputError, MissingDependencyError
from semtta_mm.utils.package_data import known_files
from semtta_mm.visualization.video_writer import OpenCVEncoder
from semtta_mm.visualization.viewer import (
    ViewerPerson,
    choose_pictures,
    write_viewer,
)
from semtta_mm.visualization.viewer.libraries import (
    LICENCE,
    MODULES,
    absolute_imports,
)
from semtta_mm.visualization.viewer.pictures import browsers_play, jpeg_frames


@pytest.fixture
def video(tmp_path):
    """Eight frames of 96 x 64 px, each with its own brightness."""
    path = tmp_path / 'clip.mp4'
    encoder = OpenCVEncoder(path, 25, (96, 64))
    for i in range(8):
        encoder.write(np.full((64, 96, 3), 30 * i, np.uint8), None)
    encoder.close()
    return path


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """A cache with stand-ins of three.js' modules."""
    monkeypatch.setenv('SEMTTA_CACHE', str(tmp_path / 'cache'))
    for name in (*MODULES.values(), LICENCE):
        path = known_files()[name].path()
        path.parent.mkdir(parents=True, exist_ok=True)
        end = '' if name == LICENCE else ' </script>'
        path.write_text(f'// {name}{end}')


def person(name='a', stage='after', frames=(0, 1, 3)):
    return ViewerPerson(
        name=name,
        stage=stage,
        colour=(1.0, 0.0, 0.0),
        frame_ids=np.array(frames),
        intrinsics=np.tile(
            [[100.0, 0, 48], [0, 90, 32], [0, 0, 1]], (len(frames), 1, 1)
        ),
        start=np.array([0.0, 1.0, -4.0]),
    )


def element(page, name):
    found = re.search(rf'<script[^>]*id="{name}">(.*?)</script>', page)
    return json.loads(found[1])


def brightness(picture):
    content = np.frombuffer(base64.b64decode(picture), np.uint8)
    image = cv2.imdecode(content, cv2.IMREAD_COLOR)
    return image.shape, image.mean()


def test_relative_imports_become_names():
    source = 'import{a}from"./b.js";import { c } from \'../d/e.js\';'
    source += "import * as T from 'three';"
    found = absolute_imports(source, 'three/addons/x/y.js')
    assert 'from"three/addons/x/b.js"' in found
    assert "from 'three/addons/d/e.js'" in found
    assert found.endswith("from 'three';")


def test_frames_are_the_wanted_ones_and_small(video):
    found = jpeg_frames(video, np.array([1, 4, 7]), height=32)
    assert found.image_size == (96, 64)
    assert found.settings['frames'] == [1, 4, 7]
    assert found.settings['size'] == (48, 32)
    for picture, wanted in zip(found.content, (30, 120, 210), strict=True):
        shape, mean = brightness(picture)
        assert shape == (32, 48, 3)
        assert mean == pytest.approx(wanted, abs=4)


def test_many_frames_are_thinned(video):
    found = jpeg_frames(video, np.arange(8), most=3)
    assert found.settings['frames'] == [0, 3, 6]


def test_a_video_that_browsers_do_not_play_becomes_frames(video):
    assert not browsers_play(video)  # OpenCV writes MPEG-4 part 2
    assert choose_pictures(video, np.arange(2)).kind == 'frames'
    with pytest.raises(InputError, match='not played by browsers'):
        choose_pictures(video, np.arange(2), 'video')
    assert choose_pictures(video, np.arange(2), 'none') is None


def test_h264_is_played_unless_its_frame_rate_varies(tmp_path):
    even = write_h264(tmp_path / 'even.mp4', [0, 40, 80, 120])
    assert browsers_play(even)
    found = choose_pictures(even, np.arange(4))
    assert (found.kind, found.settings['fps']) == ('video', 25)
    assert base64.b64decode(found.content[0]) == even.read_bytes()
    beside = choose_pictures(even, np.arange(4), 'file')
    assert (beside.file, beside.content) == (even, ())
    varied = write_h264(tmp_path / 'varied.mp4', [0, 40, 80, 200])
    assert browsers_play(varied)
    assert choose_pictures(varied, np.arange(4)).kind == 'frames'
    with pytest.raises(InputError, match='times of frames: vary'):
        choose_pictures(varied, np.arange(4), 'file')


def test_a_video_beside_the_page(tmp_path, modules):
    video = write_h264(tmp_path / 'even.mp4', [0, 40, 80, 120])
    pictures = choose_pictures(video, np.arange(4), 'file')
    out = tmp_path / 'new' / 'a.html'
    files = write_viewer(out, b'', [person()], 25, 0, pictures)
    assert files == [out, out.with_suffix('.mp4')]
    assert files[1].read_bytes() == video.read_bytes()
    assert (
        element(out.read_text('utf-8'), 'data')['pictures']['file'] == 'a.mp4'
    )


def test_the_page_holds_everything(video, tmp_path, modules):
    people = [person(), person('b', frames=(3, 5)), person(stage='before')]
    out = tmp_path / 'new' / 'x <y>.html'
    pictures = choose_pictures(video, np.array([0, 1, 3, 5]))
    assert write_viewer(out, b'glTF', people, 25.0, -1.0, pictures) == [out]
    page = out.read_text('utf-8')
    data = element(page, 'data')
    assert data['frames'] == [0, 1, 3, 5]
    assert data['size'] == [96, 64]
    assert data['people'][2]['label'] == 'a before'
    assert data['people'][0]['cameras'][0] == [100, 90, 48, 32]
    assert data['people'][0]['colour'] == 'rgb(255, 0, 0)'
    assert len(element(page, 'pictures')) == 4
    assert '<title>x &lt;y&gt;</title>' in page
    assert page.count('</script>') == page.count('<script ')
    assert "default-src 'none'" in page
    assert not re.search(r"""(src|href)=["']""", page)
    assert f'// {LICENCE}' in page


def test_import_map_has_every_module(video, tmp_path, modules):
    (page,) = write_viewer(tmp_path / 'a.html', b'', [person()], 25, 0)
    text = page.read_text('utf-8')
    found = re.search(r'<script type="importmap">(.*?)</script>', text)
    imports = json.loads(found[1])['imports']
    assert set(imports) == set(MODULES)
    script = text[found.end() :]
    used = set(re.findall(r"from '([^']+)'", script))
    assert used <= set(imports)
    data = element(text, 'data')
    assert data['pictures'] is None
    assert data['size'] == [96, 64]  # from the principal point


def test_without_three_and_npm_one_error(tmp_path, monkeypatch):
    monkeypatch.setenv('SEMTTA_CACHE', str(tmp_path / 'cache'))
    monkeypatch.setenv('PATH', str(tmp_path))
    with pytest.raises(MissingDependencyError, match='npm') as error:
        write_viewer(tmp_path / 'a.html', b'', [person()], 25, 0)
    assert 'Node.js' in str(error.value)
    assert not (tmp_path / 'a.html').exists()
