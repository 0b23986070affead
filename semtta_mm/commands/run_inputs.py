"""The inputs of ``semtta run``: from words of a command line to files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..datasets.video import IMAGE_SUFFIXES
from ..utils import InputError
from .adapt_options import TRACK_SUFFIX

LIST_SUFFIX = '.txt'
VIDEO_SUFFIXES = (
    '.avi',
    '.gif',
    '.m4v',
    '.mkv',
    '.mov',
    '.mp4',
    '.mpeg',
    '.mpg',
    '.webm',
    '.wmv',
)
"""Files of a folder that are taken for videos. A file that is named itself
may have any suffix."""

_FIX = 'name a video, a folder, a track file (.npz) or a list of them (.txt)'


@dataclass(frozen=True)
class RunInput:
    """One input.

    Attributes:
        name: Unique among the inputs; names the folder of its results.
        path: A video file, a folder of images or a track file.
    """

    name: str
    path: Path


def find_inputs(words: Sequence[str]) -> list[RunInput]:
    """The inputs that a command line names.

    Args:
        words: Paths of videos, folders of images, track files, folders of
            these, or text files with one path a line.

    Returns:
        Each file once, in order.

    Raises:
        InputError: If a path does not exist, a folder is empty, or a word is
            a camera or a stream.
    """
    paths: list[Path] = []
    for word in words:
        paths += _expand(word)
    return _named(dict.fromkeys(paths))


def _expand(word: str) -> list[Path]:
    _refuse_streams(word)
    path = Path(word).expanduser()
    if not path.exists():
        raise InputError(path, 'input', 'does not exist', _FIX)
    if path.is_dir():
        return _folder(path)
    if path.suffix.lower() == LIST_SUFFIX:
        return _listed(path)
    if path.stat().st_size == 0:
        raise InputError(path, 'input', 'is an empty file', _FIX)
    return [path]


def _refuse_streams(word: str) -> None:
    camera = word.isdigit() and not Path(word).exists()
    if camera or '://' in word or word.startswith('/dev/'):
        problem = 'is a camera or a stream, which is not supported'
        fix = 'record it to a file and give that file'
        raise InputError(word, 'input', problem, fix)


def _folder(path: Path) -> list[Path]:
    """A folder of images is one input; else its videos and track files."""
    files = sorted(file for file in path.iterdir() if file.is_file())
    if any(file.suffix.lower() in IMAGE_SUFFIXES for file in files):
        return [path]
    kinds = (*VIDEO_SUFFIXES, TRACK_SUFFIX)
    found = [file for file in files if file.suffix.lower() in kinds]
    if not found:
        problem = 'has no image, video or track file'
        raise InputError(path, 'input', problem, _FIX)
    return found


def _listed(path: Path) -> list[Path]:
    """The paths in a text file, relative to it or to the current folder."""
    try:
        lines = path.read_text(encoding='utf-8').splitlines()
    except UnicodeDecodeError as error:
        problem = 'is no UTF-8 text'
        raise InputError(path, 'input', problem, _FIX) from error
    found: list[Path] = []
    for line in lines:
        word = line.strip()
        if not word or word.startswith('#'):
            continue
        if word.lower().endswith(LIST_SUFFIX):
            fix = 'name the files themselves'
            raise InputError(path, word, 'is a list in a list', fix)
        beside = path.parent / word
        found += _expand(str(beside) if beside.exists() else word)
    if not found:
        raise InputError(path, 'input', 'names no file', _FIX)
    return found


def _named(paths: Iterable[Path]) -> list[RunInput]:
    """Names from file names; with the folder or the suffix where needed."""
    paths = list(paths)
    names = [_stem(path) for path in paths]
    for longer in (
        lambda p: f'{p.resolve().parent.name}_{_stem(p)}',
        lambda p: f'{p.resolve().parent.name}_{p.name.replace(".", "_")}',
    ):
        count = Counter(names)
        names = [
            name if count[name] == 1 else longer(path)
            for name, path in zip(names, paths, strict=True)
        ]
    twice = [name for name, n in Counter(names).items() if n > 1]
    if twice:
        problem = f'two inputs would write into the folder {twice[0]}'
        fix = 'rename one, or run them with another --out'
        raise InputError('inputs', 'names', problem, fix)
    return [RunInput(*pair) for pair in zip(names, paths, strict=True)]


def _stem(path: Path) -> str:
    return path.resolve().name if path.is_dir() else path.stem
