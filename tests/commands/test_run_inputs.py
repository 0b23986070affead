"""From the words of a command line to inputs with unique names."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from semtta_mm.commands.run_inputs import find_inputs
from semtta_mm.utils import InputError


@pytest.fixture
def files(tmp_path):
    """Two videos, a track, a folder of images and other files."""
    (tmp_path / 'a').mkdir()
    (tmp_path / 'b').mkdir()
    for name in ('a/walk.mp4', 'b/walk.mp4', 'a/run.MOV', 'a/him.npz'):
        (tmp_path / name).write_bytes(b'x')
    (tmp_path / 'a/notes.md').write_text('no input')
    (tmp_path / 'images').mkdir()
    image = np.zeros((4, 4, 3), np.uint8)
    cv2.imwrite(str(tmp_path / 'images/0.png'), image)
    return tmp_path


def names(words):
    return [item.name for item in find_inputs([str(w) for w in words])]


def test_a_folder_is_its_videos_and_tracks_or_its_images(files):
    found = find_inputs([str(files / 'a'), str(files / 'images')])
    assert [item.name for item in found] == ['him', 'run', 'walk', 'images']
    assert found[-1].path == files / 'images'


def test_an_input_is_taken_once(files):
    video = files / 'a/walk.mp4'
    assert names([video, video]) == ['walk']


def test_equal_names_get_their_folder_or_suffix(files):
    both = [files / 'a/walk.mp4', files / 'b/walk.mp4']
    assert names(both) == ['a_walk', 'b_walk']
    (files / 'a/walk.avi').write_bytes(b'x')
    both = [files / 'a/walk.mp4', files / 'a/walk.avi']
    assert names(both) == ['a_walk_mp4', 'a_walk_avi']


def test_a_list_in_a_text_file(files, monkeypatch):
    listed = files / 'list.txt'
    listed.write_text('# my videos\na/walk.mp4\n\nimages\n')
    assert names([listed]) == ['walk', 'images']  # relative to the list
    monkeypatch.chdir(files / 'b')
    listed.write_text('walk.mp4\n')
    (item,) = find_inputs([str(listed)])
    assert item.path == Path('walk.mp4')  # of the current folder


@pytest.mark.parametrize(
    'word', ['0', 'rtsp://camera/1', 'https://a/b.mp4', '/dev/video0']
)
def test_cameras_and_streams_are_refused(word):
    with pytest.raises(InputError, match='camera or a stream, which is not'):
        find_inputs([word])


@pytest.mark.parametrize(
    ('name', 'content', 'message'),
    [
        ('no.mp4', None, 'does not exist'),
        ('empty.mp4', b'', 'is an empty file'),
        ('list.txt', b'# nothing\n', 'names no file'),
        ('list.txt', b'\xff\xfe', 'is no UTF-8 text'),
        ('list.txt', b'other.txt\n', 'is a list in a list'),
    ],
)
def test_what_cannot_be_an_input(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        find_inputs([str(tmp_path / name)])


def test_a_folder_without_any(tmp_path):
    with pytest.raises(InputError, match='no image, video or track file'):
        find_inputs([str(tmp_path)])
