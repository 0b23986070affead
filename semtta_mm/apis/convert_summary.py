"""What a conversion of a data set tells: ``summary.json`` and a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..datasets import DatasetReader
from ..structures import PersonTrack
from ..utils.wide_table import WideTable
from ..version import __version__


def summary(
    reader: DatasetReader, tracks: Sequence[PersonTrack]
) -> dict[str, Any]:
    """What ``summary.json`` says.

    Args:
        reader: That read the tracks.
        tracks: All of them.
    """
    published = reader.published
    return {
        'dataset': reader.dataset,
        'source': str(reader.folder),
        'protocol': reader.facts(),
        'counts': {
            'sequences': len(set(reader.sequences_read)),
            'tracks': len(tracks),
            'frames': sum(len(track) for track in tracks),
            'frames_without_2d': sum(unseen(track) for track in tracks),
            'published': {
                'sequences': published.sequences,
                'tracks': published.tracks,
                'frames': published.frames,
            },
        },
        'tracks': [_row(track) for track in tracks],
        'version': __version__,
    }


def unseen(track: PersonTrack) -> int:
    """Frames without a single keypoint."""
    return int((~(track.scores > 0).any(axis=1)).sum())


def _row(track: PersonTrack) -> dict[str, Any]:
    reference = track.reference
    return {
        'name': track.name,
        'frames': len(track),
        'first': int(track.frame_ids[0]),
        'last': int(track.frame_ids[-1]),
        'gaps': track.gaps,
        'stride': track.stride,
        'fps': track.fps,
        'convention': track.convention,
        'frames_without_2d': unseen(track),
        'gender': None if reference is None else reference.gender,
    }


def summary_table(content: dict[str, Any]) -> WideTable:
    """The summary for the terminal.

    Args:
        content: Of ``summary.json``.
    """
    protocol, counts = content['protocol'], content['counts']
    text = ['convention', 'gender']
    table = WideTable(
        ['track'],
        ['frames', 'first', 'last', 'gaps', 'without\n2D', 'fps', *text],
        title=f'{content["dataset"]}: {protocol["annotation"]}',
        left=text,
    )
    for row in content['tracks']:
        numbers = ('frames', 'first', 'last', 'gaps', 'frames_without_2d')
        cells = [str(row[name]) for name in numbers]
        rate = f'{row["fps"] / row["stride"]:g}'
        gender = row['gender'] or '–'
        table.add_row(row['name'], *cells, rate, row['convention'], gender)
    parts = []
    for name in ('sequences', 'tracks', 'frames'):
        expected = counts['published'][name]
        of = '' if expected in (None, counts[name]) else f' (of {expected})'
        parts.append(f'{counts[name]} {name}{of}')
    table.caption = f'{", ".join(parts)}; 2D: {protocol["evidence"]}'
    return table
