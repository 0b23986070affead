"""What ``semtta run`` did with an input, so that it is not done twice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..detection.cache import video_fingerprint
from ..engine.resume import config_digest, read_outcome
from ..utils.digest import settings_digest
from ..utils.files import file_sha256, write_atomically

FILE = 'run.json'
DONE, NOBODY, STARTED = 'done', 'nobody', 'started'


@dataclass(frozen=True)
class RunRecord:
    """State of one input, stored in the folder of its results.

    Attributes:
        settings: Hash of the settings that decide the result.
        content: Hash of the input and of the labels.
        status: ``'started'``, ``'done'``, or ``'nobody'``: no person found.
        tracks: Names of the people.
        notes: Lines for the user.
    """

    settings: str
    content: str
    status: str = STARTED
    tracks: Sequence[str] = ()
    notes: Sequence[str] = ()


def fresh_record(
    cfg: Config, path: Path, labels: Path | None = None
) -> RunRecord:
    """The record of an input that starts.

    Args:
        cfg: The config of the run, before it starts.
        path: The input.
        labels: File or folder of labels, if given.

    Raises:
        InputError: If the input does not exist.
    """
    parts = [video_fingerprint(path)]
    if labels is not None:
        files = sorted(labels.glob('*.json')) if labels.is_dir() else [labels]
        parts += [file_sha256(file) for file in files if file.is_file()]
    return RunRecord(config_digest(cfg), settings_digest(parts))


def write_record(folder: Path, record: RunRecord) -> None:
    """Write the record of an input.

    Args:
        folder: Of its results; created if missing.
        record: The record.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(record), indent=1, ensure_ascii=False)
    write_atomically(
        folder / FILE, lambda draft: draft.write_text(text, encoding='utf-8')
    )


def read_record(folder: Path) -> RunRecord | None:
    """The record of an earlier run; None if absent or damaged.

    Args:
        folder: Of the results.
    """
    try:
        values = json.loads((folder / FILE).read_text(encoding='utf-8'))
        return RunRecord(**values)
    except (OSError, ValueError, TypeError):
        return None


def finished(folder: Path, wanted: RunRecord) -> RunRecord | None:
    """The record of an earlier run that need not be repeated.

    Args:
        folder: Of the results.
        wanted: Of :func:`fresh_record`.

    Returns:
        None if there is none, settings or content differ, or a file of a
        result is gone.
    """
    found = read_record(folder)
    if found is None or not same_content(found, wanted):
        return None
    if found.settings != wanted.settings:
        return None
    if found.status == NOBODY:
        return found
    complete = found.status == DONE and all(
        read_outcome(folder / name, wanted.settings) for name in found.tracks
    )
    return found if complete else None


def same_content(found: RunRecord | None, wanted: RunRecord) -> bool:
    """Whether people that an earlier run finished can be kept.

    Args:
        found: Of :func:`read_record`.
        wanted: Of :func:`fresh_record`.
    """
    return found is not None and found.content == wanted.content


def read_report(folder: Path) -> Mapping[str, Any] | None:
    """The ``metrics.json`` of an input; None if absent or damaged.

    Args:
        folder: Of the results.
    """
    try:
        path = folder / 'metrics.json'
        report: dict[str, Any] = json.loads(path.read_text(encoding='utf-8'))
        return report
    except (OSError, ValueError):
        return None
