import pytest

from semtta_mm.utils.files import file_sha256, write_atomically


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / 'folder' / 'a.txt'
    write_atomically(path, lambda draft: draft.write_text('old'))

    def fail(draft):
        draft.write_text('half')
        raise KeyError

    with pytest.raises(KeyError):
        write_atomically(path, fail)
    assert path.read_text() == 'old'
    assert list(path.parent.iterdir()) == [path]


def test_hash(tmp_path):
    (tmp_path / 'a').write_bytes(b'abc')
    assert file_sha256(tmp_path / 'a').startswith('ba7816bf')
