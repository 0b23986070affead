"""Published data sets to track files, and HumanData both ways."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..datasets import (
    DatasetReader,
    check_names,
    read_tracks,
    save_track,
    write_human_data,
)
from ..evaluation import write_metrics_json
from ..structures import PersonTrack
from ..utils import InputError
from ..version import __version__

SUMMARY = 'summary.json'


def convert_dataset(
    reader: DatasetReader,
    out: Path,
    allow_partial: bool = False,
    force: bool = False,
) -> tuple[list[PersonTrack], dict[str, Any]]:
    """Read a data set and write one npz a track, and ``summary.json``.

    Args:
        reader: The data set's reader.
        out: Folder to write.
        allow_partial: Write also if there is less than was published.
        force: Overwrite the files of an earlier conversion.

    Returns:
        The tracks and the content of ``summary.json``.

    Raises:
        InputError: If the data set is not as published, or files are in the
            way; nothing is written then.
    """
    refuse_to_overwrite(out, force)
    tracks = reader()
    check_names(tracks)
    content = dataset_summary(reader, tracks)
    check_counts(reader, content['counts'], allow_partial)
    _refuse_other_tracks(out, [track.name for track in tracks])
    for track in tracks:
        save_track(out / f'{track.name}.npz', track)
    write_metrics_json(out / SUMMARY, content)
    return tracks, content


def refuse_to_overwrite(out: Path, force: bool) -> None:
    """Refuse to overwrite an earlier conversion without ``force``.

    Args:
        out: Folder, or the one file, to write.
        force: It may be overwritten.

    Raises:
        InputError: If something is there.
    """
    there = [out] if out.is_file() else sorted(out.glob('*.npz'))
    if (out / SUMMARY).is_file():
        there.append(out / SUMMARY)
    if there and not force:
        raise InputError(
            out,
            'output',
            f'{len(there)} files are there already, first {there[0].name}',
            'give another folder, or --force to overwrite',
        )


def _refuse_other_tracks(out: Path, names: Sequence[str]) -> None:
    """A folder of tracks is read as a whole: none of another set in it."""
    there = {path.stem for path in out.glob('*.npz')} - set(names)
    if there:
        raise InputError(
            out,
            'output',
            f'holds {len(there)} other tracks, first {min(there)}',
            'give another folder, or take them away',
        )


def check_counts(
    reader: DatasetReader, counts: dict[str, Any], allow_partial: bool
) -> None:
    """As many sequences and tracks as were published.

    Args:
        reader: The reader, for the message.
        counts: See :func:`dataset_summary`.
        allow_partial: Fewer will do.

    Raises:
        InputError: If there are others.
    """
    expected = counts['published']
    wrong = [
        f'{counts[name]} {name} instead of {expected[name]}'
        for name in ('sequences', 'tracks')
        if expected[name] is not None and counts[name] != expected[name]
    ]
    if wrong and not allow_partial:
        raise InputError(
            reader.folder,
            'counts',
            ', '.join(wrong),
            'get the rest, or --allow-partial to convert what is there',
        )


def convert_human_data(
    source: Path, out: Path, options: dict[str, Any], force: bool
) -> list[PersonTrack]:
    """HumanData npz to track files, or a folder of tracks to HumanData.

    Args:
        source: A HumanData npz, or tracks (a folder of npz).
        out: A folder for tracks, or the HumanData npz.
        options: Of the HumanData reader.
        force: Overwrite.

    Returns:
        The tracks.

    Raises:
        InputError: If the source is bad, or files are in the way.
    """
    refuse_to_overwrite(out, force)
    if source.is_dir():
        if options:
            problem = 'are for reading HumanData, this is a folder of tracks'
            raise InputError(source, 'options', problem, 'leave them out')
        tracks = read_tracks({'type': 'NpzTrackReader', 'keypoints': source})
        check_names(tracks)
        write_human_data(tracks, out)
        return tracks
    config = {'type': 'HumanDataReader', 'keypoints': source, **options}
    tracks = read_tracks(config)
    check_names(tracks)
    _refuse_other_tracks(out, [track.name for track in tracks])
    for track in tracks:
        save_track(out / f'{track.name}.npz', track)
    return tracks


def dataset_summary(
    reader: DatasetReader, tracks: Sequence[PersonTrack]
) -> dict[str, Any]:
    """Content of ``summary.json``.

    Args:
        reader: The reader of the tracks.
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
            'frames_without_2d': sum(
                frames_without_2d(track) for track in tracks
            ),
            'published': {
                'sequences': published.sequences,
                'tracks': published.tracks,
                'frames': published.frames,
            },
        },
        'tracks': [_row(track) for track in tracks],
        'version': __version__,
    }


def frames_without_2d(track: PersonTrack) -> int:
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
        'frames_without_2d': frames_without_2d(track),
        'gender': None if reference is None else reference.gender,
    }
