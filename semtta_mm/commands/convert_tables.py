"""Tables of the output of ``semtta convert``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..structures import PersonTrack
from ..utils.wide_table import WideTable


def tracks_table(tracks: Sequence[PersonTrack]) -> WideTable:
    """Table of tracks, one a row."""
    table = WideTable(
        ['track'],
        [
            *('frames', 'first', 'last', 'gaps', 'fps'),
            *('convention', 'mean\nvisible'),
        ],
        left=['convention'],
    )
    for track in tracks:
        visible = (track.scores > 0).sum(axis=1).mean()
        table.add_row(
            track.name,
            str(len(track)),
            str(track.frame_ids[0]),
            str(track.frame_ids[-1]),
            str(track.gaps),
            f'{track.rate:g}',
            track.convention,
            f'{visible:.1f} / {track.scores.shape[1]}',
        )
    return table


def dataset_table(content: dict[str, Any]) -> WideTable:
    """The tracks of a converted data set, one a row.

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
