"""Actions of the tracks of a run, for tables by action."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..labeling.file_labeler import read_labels
from ..labeling.test_set_labeler import TestSetLabeler
from .plan import Run

LABELS = 'labels.json'


def clip_labels(
    run: Run, names: Sequence[str], folder: Path
) -> dict[str, str]:
    """Action of each track.

    Args:
        run: A finished run.
        names: Of its tracks.
        folder: Of the run.

    Returns:
        Track to its true label in a test set; else to the label of most of
        its frames, empty if it has none.
    """
    if run.folder is not None:
        labeler = TestSetLabeler(run.folder)
        return {name: labeler.text(name) for name in names}
    return {name: _most_frequent(folder / name / LABELS) for name in names}


def _most_frequent(path: Path) -> str:
    if not path.is_file():
        return ''
    frames: Counter[str] = Counter()
    for span in read_labels(path):
        frames[span.text] += span.end - span.start
    return max(frames, key=lambda text: frames[text], default='')
