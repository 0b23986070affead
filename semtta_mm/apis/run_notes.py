"""What the summary of a run says beside the numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..datasets import FrameSelection, video_info
from ..datasets.video_info import video_notes
from ..detection.frames import frame_rate, rate_note
from ..labeling.spans import UNKNOWN_TEXT
from ..utils import InputError, extra
from .missing_files import detects


def run_notes(cfg: Config, report: Mapping[str, Any]) -> list[str]:
    """Lines about an input and its labels, each once.

    Args:
        cfg: Of the run.
        report: The content of ``metrics.json``.
    """
    reader = cfg.train_dataloader.dataset.get('reader')
    notes: list[str] = []
    if isinstance(reader, Mapping) and detects(reader):
        notes += video_lines(reader)
        notes += frame_lines(reader, report)
    for name in report['tracks']:
        notes += label_lines(Path(cfg.work_dir) / name / 'labels.json')
    if not _labelled(cfg) and (cfg.model.get('losses') or {}).get('align'):
        notes.append('no text was given: nothing was aligned (--text LABEL)')
    return list(dict.fromkeys(notes))


def _labelled(cfg: Config) -> bool:
    """Whether a labeler or a hook gives labels."""
    hooks = [hook for hook in (cfg.get('hooks') or {}).values() if hook]
    by_hook = any('Label' in str(hook.get('type')) for hook in hooks)
    return by_hook or cfg.train_cfg.get('labeler') is not None


def video_lines(reader: Mapping[str, Any]) -> list[str]:
    """Lines about the video itself.

    Args:
        reader: Config of a reader that detects.
    """
    video = Path(reader['video'])
    note = rate_note(video, reader.get('fps'))
    notes = [] if note is None else [note]
    try:
        return [*notes, *video_notes(video_info(video))]
    except InputError:
        return notes  # whoever reads it next gives the error


def frame_lines(
    reader: Mapping[str, Any], report: Mapping[str, Any]
) -> list[str]:
    """A line for each person who is not in all selected frames.

    Args:
        reader: Config of a reader that detects.
        report: The content of ``metrics.json``.
    """
    video = Path(reader['video'])
    try:
        info = video_info(video)
        rate = frame_rate(video, info, reader.get('fps'))
    except InputError:
        return []  # it was read before; the summary does not fail
    chosen = FrameSelection.of(reader.get('frames')).frames(rate)
    count = len(range(info.frame_count)[chosen or slice(None)])
    return [
        f'{name}: found in {values["frames"]} of {count} frames'
        for name, values in report['tracks'].items()
        if values['frames'] < count
    ]


def label_lines(path: Path) -> list[str]:
    """A line for each text that matched no label of the dictionary.

    Args:
        path: The ``labels.json`` of a track; it may be absent.
    """
    try:
        spans = json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError):
        return []
    unmatched = unmatched_texts(spans)
    return [
        f'text {text!r} matched no label: nothing was aligned there; any '
        f'wording needs {extra("text")}, else use a label (docs/labels.md)'
        for text in unmatched
    ]


def unmatched_texts(spans: Iterable[Mapping[str, Any]]) -> list[str]:
    """Texts without an entry of the dictionary, each once.

    Args:
        spans: Of ``labels.json``.
    """
    texts = [
        str(span['text'])
        for span in spans
        if span.get('dictionary_entry') is None
        and span.get('text') not in (None, UNKNOWN_TEXT)
    ]
    return list(dict.fromkeys(texts))
