"""Tables of what ``semtta convert`` wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from ..structures import PersonTrack


def tracks_table(tracks: Sequence[PersonTrack]) -> Table:
    """Table of tracks, one a row."""
    table = Table()
    table.add_column('track')
    for title in ('frames', 'first', 'last', 'gaps', 'fps'):
        table.add_column(title, justify='right')
    table.add_column('convention')
    table.add_column('mean visible', justify='right')
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


def dataset_table(content: dict[str, Any]) -> Table:
    """The tracks of a converted data set, one a row.

    Args:
        content: Of ``summary.json``.
    """
    protocol, counts = content['protocol'], content['counts']
    table = Table(title=f'{content["dataset"]}: {protocol["annotation"]}')
    table.add_column('track')
    for title in ('frames', 'first', 'last', 'gaps', 'without 2D', 'fps'):
        table.add_column(title, justify='right')
    table.add_column('convention')
    table.add_column('gender')
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
