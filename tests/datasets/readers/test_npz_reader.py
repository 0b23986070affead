import pytest

from semtta_mm.datasets import NpzTrackReader, save_track
from semtta_mm.utils import InputError


@pytest.fixture
def folder(tmp_path, make_track):
    for name in ('b', 'a'):
        save_track(tmp_path / 'tracks' / f'{name}.npz', make_track(name=name))
    return tmp_path / 'tracks'


def test_a_folder_or_a_file(folder, video):
    assert [t.name for t in NpzTrackReader(folder)()] == ['a', 'b']
    (track,) = NpzTrackReader(folder / 'b.npz')()
    assert track.name == 'b'
    assert track.video == video


def test_another_video(folder, tmp_path):
    (track, _) = NpzTrackReader(folder, video=tmp_path / 'other.mp4')()
    assert track.video == tmp_path / 'other.mp4'


def test_errors(tmp_path):
    with pytest.raises(InputError, match='has no npz'):
        NpzTrackReader(tmp_path)()
    with pytest.raises(InputError, match='does not exist'):
        NpzTrackReader(tmp_path / 'no.npz')()
