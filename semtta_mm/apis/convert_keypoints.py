"""Keypoint files to track files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..datasets import check_names, read_tracks, save_track
from ..structures import PersonTrack
from ..utils import InputError
from ..visualization import write_track_video


def convert_keypoints(
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
        InputError: If a file is bad, a name is unknown, or two tracks share
            one.
    """
    tracks = read_tracks(reader)
    check_names(tracks)
    chosen = _choose(tracks, names)
    for track in chosen:
        save_track(out / f'{track.name}.npz', track)
    if overlay:
        _write_overlays(chosen, out)
    return chosen


def _choose(
    tracks: list[PersonTrack], names: Sequence[str] | None
) -> list[PersonTrack]:
    """The tracks of the given names, in that order."""
    known = {track.name: track for track in tracks}
    for name in names or ():
        if name not in known:
            raise InputError(
                '--track',
                name,
                'is no track of these files',
                f'choose from {", ".join(known)}',
            )
    return [known[name] for name in names] if names else tracks


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
