"""Offline, with the real clients: pip on a local wheel, npm on a tarball."""

import hashlib
import shutil
import tarfile
import zipfile

import pytest

from semtta_mm.utils import InputError, MissingDependencyError
from semtta_mm.utils.package_data import (
    PackageFile,
    cache_dir,
    fetch,
    fetch_all,
    fetch_known,
    known_files,
)

VIDEO = b'not really a video'
SHA = hashlib.sha256(VIDEO).hexdigest()
WHEEL = 'semtta_toy-1.0-py3-none-any.whl'


@pytest.fixture(autouse=True)
def offline(tmp_path, monkeypatch):
    """The folder ``wheels`` as the only index, and a separate cache."""
    monkeypatch.setenv('SEMTTA_CACHE', str(tmp_path / 'cache'))
    monkeypatch.setenv('PIP_NO_INDEX', '1')
    monkeypatch.setenv('PIP_CONFIG_FILE', '/dev/null')
    monkeypatch.setenv('PIP_FIND_LINKS', str(tmp_path / 'wheels'))
    (tmp_path / 'wheels').mkdir()


@pytest.fixture
def wheel(tmp_path):
    path = tmp_path / 'wheels' / WHEEL
    info = 'semtta_toy-1.0.dist-info'
    with zipfile.ZipFile(path, 'w') as archive:
        archive.writestr('toy/demo.mp4', VIDEO)
        archive.writestr(
            f'{info}/METADATA',
            'Metadata-Version: 2.1\nName: semtta-toy\nVersion: 1.0\n',
        )
        archive.writestr(
            f'{info}/WHEEL',
            'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
        )
        archive.writestr(f'{info}/RECORD', '')
    return path


def toy(**changes):
    values = dict(
        manager='pypi',
        package='semtta-toy',
        version='1.0',
        member='toy/demo.mp4',
        sha256=SHA,
    )
    return PackageFile(**(values | changes))


def test_from_a_wheel_and_then_from_the_cache(wheel, tmp_path):
    path = fetch(toy())
    assert path.read_bytes() == VIDEO
    assert path.name == 'demo.mp4'
    assert (tmp_path / 'cache') in path.parents
    wheel.unlink()
    assert fetch(toy()) == path  # no download
    path.unlink()
    with pytest.raises(InputError, match='cannot be downloaded'):
        fetch(toy())


def test_nothing_is_installed(wheel):
    fetch(toy())
    with pytest.raises(ModuleNotFoundError):
        __import__('toy')


def test_two_members_and_a_name(wheel):
    info = 'semtta_toy-1.0.dist-info/RECORD'
    empty = hashlib.sha256(b'').hexdigest()
    files = [toy(name='a.mp4'), toy(member=info, sha256=empty)]
    paths = fetch_all(files)
    assert [p.name for p in paths] == ['a.mp4', 'RECORD']
    assert paths[0].read_bytes() == VIDEO


def test_another_hash_is_refused(wheel):
    wrong = toy(sha256='0' * 64)
    with pytest.raises(InputError, match=f'has sha256 {SHA}, expected 000'):
        fetch(wrong)
    assert not wrong.path().exists()


def test_absent_member(wheel):
    with pytest.raises(InputError) as caught:
        fetch(toy(member='toy/other.mp4'))
    assert caught.value.field == 'toy/other.mp4'
    assert caught.value.source == WHEEL


def test_offline_error_gives_the_command():
    with pytest.raises(InputError) as caught:
        fetch(toy(package='semtta-nowhere'))
    message = str(caught.value)
    assert 'No matching distribution found' in message
    assert 'pip download' in message
    assert '--no-deps' in message
    assert 'semtta-nowhere==1.0' in message
    assert '\n' not in message


def test_source_archives_are_never_run(tmp_path, monkeypatch):
    """Their set-up script would be."""
    monkeypatch.setenv('PIP_NO_BUILD_ISOLATION', '0')  # pip's way to say yes
    setup = tmp_path / 'setup.py'
    setup.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with tarfile.open(
        tmp_path / 'wheels' / 'semtta-source-1.0.tar.gz', 'w:gz'
    ) as archive:
        archive.add(setup, 'semtta-source-1.0/setup.py')
    with pytest.raises(InputError, match='cannot be downloaded'):
        fetch(toy(package='semtta-source'))
    assert not (tmp_path / 'ran').exists()


@pytest.mark.skipif(shutil.which('npm') is None, reason='npm is not there')
def test_from_an_npm_tarball(tmp_path):
    folder = tmp_path / 'package'
    folder.mkdir()
    (folder / 'net.tflite').write_bytes(VIDEO)
    (folder / 'package.json').write_text('{"name": "toy", "version": "1.0.0"}')
    tarball = tmp_path / 'local.tgz'
    with tarfile.open(tarball, 'w:gz') as archive:
        archive.add(folder, 'package')
    file = toy(
        manager='npm', version=str(tarball), member='package/net.tflite'
    )
    assert fetch(file).read_bytes() == VIDEO
    directory = toy(
        manager='npm', version=str(tarball), member='package', sha256='0' * 64
    )
    with pytest.raises(InputError, match='is not a file'):
        fetch(directory)


def test_npm_absent(tmp_path, monkeypatch):
    monkeypatch.setenv('PATH', str(tmp_path))
    with pytest.raises(MissingDependencyError, match=r'Node\.js'):
        fetch(toy(manager='npm'))


def test_the_cache_is_chosen_when_it_is_used(tmp_path, monkeypatch):
    assert cache_dir() == tmp_path / 'cache'
    monkeypatch.delenv('SEMTTA_CACHE')
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'users'))
    assert cache_dir() == tmp_path / 'users' / 'semtta_mm'


def test_the_table():
    table = known_files()
    videos = {f'pose2sim/cam0{i}.mp4' for i in range(1, 5)}
    assert videos | {'sports2d/demo.mp4'} <= table.keys()
    for key, file in table.items():
        assert len(bytes.fromhex(file.sha256)) == 32
        assert file.path().name == key.split('/')[1]
    paths = {file.path() for file in table.values()}
    assert len(paths) == len(table)


def test_unknown_names_list_the_known_ones():
    with pytest.raises(InputError, match=r'use one of .*pose2sim/cam01\.mp4'):
        fetch_known('pose2sim/cam09.mp4')


def test_known_files_come_from_the_cache_without_network():
    """Put there by hand, as the message about npm advises."""
    for key, file in known_files().items():
        if key.startswith('sports2d/'):
            file.path().parent.mkdir(parents=True)
            file.path().touch()
    assert fetch_known('sports2d/demo.mp4').name == 'demo.mp4'
