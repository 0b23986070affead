"""``manifest.json``: plan of a test set, and hashes of its arrays."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ...utils import InputError
from ...version import __version__
from .clip_job import ClipJob
from .plan import FPS, TestSetPlan
from .variants import variants_of

MANIFEST = 'manifest.json'
SCHEMA = 'semtta_mm/test_set/2'
"""Incremented when the same plan gives another set."""


def start_manifest(
    folder: Path, plan: TestSetPlan, command: str, source: str | None
) -> None:
    """Create the manifest of a test set, or continue the same set.

    Args:
        folder: Of the test set.
        plan: Plan of the test set.
        command: Command that reproduces it.
        source: Hash of CMU's file, if it is used.

    Raises:
        InputError: If the folder contains another test set.
    """
    path = folder / MANIFEST
    wanted = {'plan': asdict(plan), 'source_sha256': source}
    if path.is_file():
        there = _read(path)
        same = wanted | {'schema': SCHEMA}
        if {key: there.get(key) for key in same} != same:
            raise InputError(
                path,
                'plan',
                'is of another test set, or of an older version',
                'give another --out, or delete this folder',
            )
        return
    folder.mkdir(parents=True, exist_ok=True)
    header = {'schema': SCHEMA, 'version': __version__, 'command': command}
    write_json(path, header | wanted | {'complete': False})


def finish_manifest(folder: Path, jobs: Sequence[ClipJob]) -> dict[str, Any]:
    """Add the clips and their hashes.

    Args:
        folder: Of the test set.
        jobs: All its clips, rendered.

    Returns:
        Content of the manifest.
    """
    path = folder / MANIFEST
    values = _read(path) | {
        'complete': True,
        'fps': FPS,
        'frames': sum(len(job.take.pose) for job in jobs),
        'labels': sorted({job.take.label for job in jobs}),
        'variants': dict(variants_of(jobs[0].plan.shift)),
        'clips': [_clip(job) for job in jobs],
    }
    write_json(path, values)
    return values


def _clip(job: ClipJob) -> dict[str, Any]:
    take = job.take
    return {
        'name': job.name,
        'label': take.label,
        'source': take.source,
        'motion': take.motion,
        'start': take.start,
        'mirrored': take.mirrored,
        'frames': len(take.pose),
        'sha256': {
            name: arrays_sha256(path) for name, path in job.arrays.items()
        },
    }


def arrays_sha256(path: Path) -> str:
    """Hash of the arrays of an npz: of their values, not of the zip."""
    digest = hashlib.sha256()
    with np.load(path, allow_pickle=False) as data:
        for name in sorted(data.files):
            array = data[name]
            digest.update(f'{name} {array.dtype} {array.shape}'.encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def write_json(path: Path, values: object) -> None:
    """Write a JSON file atomically."""
    draft = path.with_suffix('.tmp')
    text = json.dumps(values, indent=1, ensure_ascii=False)
    draft.write_text(text + '\n', encoding='utf-8')
    os.replace(draft, path)


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError) as error:
        raise InputError(
            path, 'file', f'is not JSON ({error})', 'delete this folder'
        ) from error
    if not isinstance(values, dict):
        raise InputError(
            path, 'file', 'is no JSON object', 'delete this folder'
        )
    return values
