"""Checks that a folder has the layout of a published data set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..utils import InputError

_SHOWN = 8


def require_tree(root: Path, wanted: Sequence[str], tree: str) -> None:
    """Check that every required file or folder exists.

    Args:
        root: The data set's folder.
        wanted: Glob patterns relative to it; each must match something.
        tree: The layout in words, for the message.

    Raises:
        InputError: One, with all missing entries, the content of the folder
            and the expected tree.
    """
    fix = f'give the folder that holds {tree}'
    if not root.is_dir():
        raise InputError(root, 'folder', 'does not exist', fix)
    missing = [pattern for pattern in wanted if not any(root.glob(pattern))]
    if missing:
        problem = f'lacks {shown(missing)}; it holds {_content(root)}'
        raise InputError(root, 'folder', problem, fix)


def require_all(root: Path, paths: Sequence[Path], tree: str) -> None:
    """Check that every path exists; errors as of :func:`require_tree`.

    Args:
        root: The data set's folder.
        paths: Files and folders inside it.
        tree: The layout in words, for the message.

    Raises:
        InputError: One, with the first missing paths and their number.
    """
    missing = [str(p.relative_to(root)) for p in paths if not p.exists()]
    if missing:
        problem = f'lacks {shown(missing)} ({len(missing)} of {len(paths)})'
        fix = f'give the folder that holds {tree}'
        raise InputError(root, 'folder', problem, fix)


def shown(names: Sequence[str]) -> str:
    """The first few names, and the number of the others."""
    rest = len(names) - _SHOWN
    more = f' and {rest} more' if rest > 0 else ''
    return ', '.join(names[:_SHOWN]) + more


def _content(root: Path) -> str:
    names = sorted(
        path.name + ('/' if path.is_dir() else '') for path in root.iterdir()
    )
    return shown(names) if names else 'nothing'
