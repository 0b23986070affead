"""Writes ``metrics.json``: whole or not at all, and never NaN."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..utils import InputError


def _leaves(value: Any, path: str = '') -> Iterator[tuple[str, Any]]:
    """All leaves of nested mappings and lists, with dotted paths."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f'{path}.{key}' if path else str(key))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _leaves(item, f'{path}[{i}]')
    else:
        yield path, value


def write_metrics_json(
    path: str | os.PathLike[str], report: Mapping[str, Any]
) -> None:
    """Write a report atomically.

    Args:
        path: File to write; its folder is made if need be.
        report: Plain numbers, strings, None, lists and dicts.

    Raises:
        InputError: If a number is NaN or infinite, naming it; the old file
            stays as it was.
    """
    for field, value in _leaves(report):
        if isinstance(value, float) and not math.isfinite(value):
            raise InputError(
                path,
                field,
                f'is {value}',
                'write null where there is no value, and mend what made NaN',
            )
    text = json.dumps(report, indent=2, allow_nan=False) + '\n'
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f'.{target.name}.{os.getpid()}.tmp')
    try:
        draft.write_text(text, encoding='utf-8')
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
