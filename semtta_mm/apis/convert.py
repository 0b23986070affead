"""Keypoint files to track files: what ``tools/convert.py`` runs.

With a data set's name first it converts the data set:
``convert_dataset``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..conventions import CONVENTIONS
from ..datasets import check_names, read_tracks, save_track
from ..structures import PersonTrack
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.wide_table import WideTable
from ..visualization import write_track_video
from .convert_dataset import main as convert_dataset
from .convert_options import DATASETS
from .guess import guess_reader

READERS = (
    'CocoJsonReader',
    'HumanDataReader',
    'MMPoseReader',
    'NpzTrackReader',
    'OpenPoseReader',
)


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='convert',
        description='Write one track npz for each person.',
        epilog='A published data set: convert DATASET SRC DST, DATASET one of '
        f'{", ".join(DATASETS)}; `convert DATASET --help` describes it.',
    )
    add = parser.add_argument
    add('--keypoints', type=Path, required=True, help='file or folder')
    add('--out', type=Path, required=True, help='folder for the tracks')
    add('--video', type=Path, help='video file or folder of images')
    add('--reader', choices=READERS, help='default: told by the content')
    add('--convention', choices=CONVENTIONS, help="of the file's keypoints")
    add('--fps', type=float, help="default: the video's")
    add('--name', help='name of the tracks; default: that of the video')
    add('--track', nargs='+', metavar='NAME', help='write only these')
    add('--numbering', choices=('position', 'name'), help='of the images')
    add('--min-score', type=float, help='keypoints below are missing')
    add('--min-length', type=int, help='shorter tracks are dropped, frames')
    add('--max-gap', type=int, help='longest absence of a person, frames')
    add('--boxes', choices=('file', 'keypoints'), help='where boxes are from')
    add('--overlay', action='store_true', help='write overlay mp4s too')
    return parser


def convert(
    reader: dict[str, Any],
    out: Path,
    names: Sequence[str] | None = None,
    overlay: bool = False,
) -> list[PersonTrack]:
    """Read tracks and write them.

    Args:
        reader: Config of a track reader.
        out: Folder for ``{track}.npz`` and, on request, one
            ``{video}_overlay.mp4`` for each video (the first track's name
            where two videos share theirs).
        names: Tracks to write; None writes all.
        overlay: Draw the tracks on their videos.

    Returns:
        The tracks written.

    Raises:
        InputError: If a file is bad, a name is not there, or two tracks
            share one.
    """
    tracks = read_tracks(reader)
    check_names(tracks)
    known = {track.name: track for track in tracks}
    for name in names or ():
        if name not in known:
            raise InputError(
                '--track',
                name,
                'is no track of these files',
                f'choose from {", ".join(known)}',
            )
    chosen = [known[name] for name in names] if names else tracks
    for track in chosen:
        save_track(out / f'{track.name}.npz', track)
    if overlay:
        _write_overlays(chosen, out)
    return chosen


def summary(tracks: Sequence[PersonTrack]) -> WideTable:
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
        seen = (track.scores > 0).sum(axis=1).mean()
        table.add_row(
            track.name,
            str(len(track)),
            str(track.frame_ids[0]),
            str(track.frame_ids[-1]),
            str(track.gaps),
            f'{track.rate:g}',
            track.convention,
            f'{seen:.1f} / {track.scores.shape[1]}',
        )
    return table


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if the input is bad.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    if given and given[0] in DATASETS:
        return convert_dataset(given)
    args = build_parser().parse_args(given)
    tracks = convert(reader_config(args), args.out, args.track, args.overlay)
    make_console().print(summary(tracks))
    return 0


def reader_config(args: argparse.Namespace) -> dict[str, Any]:
    """Config of the reader; options not given keep its defaults.

    Raises:
        InputError: If the reader cannot be told from the content, or has no
            such option.
    """
    kind = args.reader or guess_reader(args.keypoints)
    names = (
        'video',
        'convention',
        'fps',
        'name',
        'numbering',
        'min_score',
        'min_length',
        'max_gap',
        'boxes',
    )
    given = {name: getattr(args, name) for name in names}
    given = {name: v for name, v in given.items() if v is not None}
    extra = sorted(set(given) - {'video'})
    if kind == 'NpzTrackReader' and extra:
        raise InputError(
            args.keypoints,
            f'--{extra[0].replace("_", "-")}',
            'does not apply to track files',
            'leave it out',
        )
    return {'type': kind, 'keypoints': args.keypoints, **given}


def _write_overlays(tracks: Sequence[PersonTrack], out: Path) -> None:
    by_video: dict[Path | None, list[PersonTrack]] = {}
    for track in tracks:
        by_video.setdefault(track.video, []).append(track)
    stems = [video.stem for video in by_video if video is not None]
    for video, group in by_video.items():
        name = group[0].name
        if video is not None and stems.count(video.stem) == 1:
            name = video.stem
        write_track_video(group, out / f'{name}_overlay.mp4')
