"""BABEL's texts and AMASS's motions, in the windows of MotionCLIP.

BABEL (Punnakkal et al., CVPR 2021) annotates actions and times of sequences of
AMASS (Mahmood et al., ICCV 2019); MotionCLIP (ECCV 2022) reads both at 30 fps
in pieces of 100 frames, and labels a window with the sorted distinct labels of
its frames, joined by " and ". The paper's dictionary is that list
(reference, Sec. 4.5 and 7).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from ...utils import InputError

FILES = ('train.json', 'val.json')
"""Densely annotated splits, in the order they are read."""

_FIX = "give the folder of BABEL's release with train.json and val.json"


@dataclass(frozen=True)
class LabelledSpan:
    """An action with its time span.

    Attributes:
        text: The annotator's words.
        start: First moment, s.
        end: Moment after the last, s.
    """

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class LabelledSequence:
    """A sequence of AMASS with its annotation in BABEL.

    Attributes:
        file: Below AMASS's folder, e.g. ``CMU/141/141_05_poses.npz``.
        spans: With times; empty if only the whole sequence was labelled.
        texts: Labels of the whole sequence.
    """

    file: PurePosixPath
    spans: tuple[LabelledSpan, ...]
    texts: tuple[str, ...]

    def frame_texts(self, count: int, rate: float) -> list[str]:
        """Label of each frame; empty where there is none.

        Where spans overlap, the later one is used, as in MotionCLIP.

        Args:
            count: Frames.
            rate: Hz.
        """
        if not self.spans:
            # MotionCLIP joins these by 'and ', which gives 'walkand run'.
            return [' and '.join(self.texts)] * count
        out = [''] * count
        for span in self.spans:
            first = max(int(np.ceil(span.start * rate)), 0)
            last = min(int(np.ceil(span.end * rate)), count)
            out[first:last] = [span.text] * max(last - first, 0)
        return out


def read_babel(folder: Path) -> list[LabelledSequence]:
    """Sequences of BABEL's dense splits, by split and file.

    Raises:
        InputError: If a file is missing, or has another layout.
    """
    out: list[LabelledSequence] = []
    for name in FILES:
        path = folder / name
        if not path.is_file():
            raise InputError(path, 'file', 'does not exist', _FIX)
        try:
            content = json.loads(path.read_text('utf-8'))
            found = [_sequence(entry) for entry in content.values()]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problem = f'does not have the layout of BABEL v1.0 ({error!r})'
            raise InputError(path, 'file', problem, _FIX) from error
        out += sorted(found, key=lambda one: str(one.file))
    return out


def _sequence(entry: Mapping[str, Any]) -> LabelledSequence:
    path = PurePosixPath(entry['feat_p'])
    if path.is_absolute() or '..' in path.parts:
        raise ValueError(f'feat_p {path} is outside of the folder')
    timed = entry['frame_ann'] or {'labels': []}
    whole = entry['seq_ann'] or {'labels': []}
    spans = tuple(
        LabelledSpan(
            one['raw_label'], float(one['start_t']), float(one['end_t'])
        )
        for one in timed['labels']
        if one['raw_label']
    )
    texts = tuple(
        one['raw_label'] for one in whole['labels'] if one['raw_label']
    )
    # The first component is the archive's name.
    return LabelledSequence(PurePosixPath(*path.parts[1:]), spans, texts)


def window_text(frames: Sequence[str]) -> str:
    """MotionCLIP's text of a window: sorted, distinct, joined by " and "."""
    return ' and '.join(sorted({text for text in frames if text}))


def pieces(count: int, length: int = 100, least: int = 60) -> Iterator[slice]:
    """Pieces of a sequence that are long enough for a window.

    Args:
        count: Frames of the sequence.
        length: Frames of a piece.
        least: Frames of a window.
    """
    for start in range(0, count, length):
        if count - start >= least:
            yield slice(start, min(start + length, count))
