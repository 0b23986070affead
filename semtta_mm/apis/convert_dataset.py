"""Published data sets to track files: ``convert 3dpw SRC DST`` and so on."""

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
from ..registry import TASK_UTILS
from ..structures import PersonTrack
from ..utils import InputError
from ..utils.console import make_console
from .convert_options import HUMAN_DATA, build_parser, reader_config
from .convert_summary import summary, summary_table

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
    content = summary(reader, tracks)
    check_counts(reader, content['counts'], allow_partial)
    _refuse_strangers(out, [track.name for track in tracks])
    for track in tracks:
        save_track(out / f'{track.name}.npz', track)
    write_metrics_json(out / SUMMARY, content)
    return tracks, content


def refuse_to_overwrite(out: Path, force: bool) -> None:
    """Nothing of an earlier conversion is lost unless asked for.

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


def _refuse_strangers(out: Path, names: Sequence[str]) -> None:
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
        reader: For the message.
        counts: See :func:`summary`.
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
    _refuse_strangers(out, [track.name for track in tracks])
    for track in tracks:
        save_track(out / f'{track.name}.npz', track)
    return tracks


def main(argv: Sequence[str]) -> int:
    """Run ``convert DATASET SRC DST``.

    Args:
        argv: Arguments, the data set's name first.

    Returns:
        Exit code 0.

    Raises:
        InputError: If the data set is not as published.
    """
    from .convert import summary as tracks_table

    args = build_parser().parse_args(argv)
    console, config = make_console(), reader_config(args)
    if args.dataset == HUMAN_DATA:
        tracks = convert_human_data(args.src, args.dst, config, args.force)
        console.print(tracks_table(tracks))
    else:
        reader = TASK_UTILS.build(config)
        _, content = convert_dataset(
            reader, args.dst, args.allow_partial, args.force
        )
        console.print(summary_table(content))
    console.print(f'written: {args.dst}', markup=False)
    return 0
