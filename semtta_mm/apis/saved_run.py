"""A run that is on disk: its tracks, its body and its videos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..datasets.track_dataset import read_tracks
from ..export.saved_track import SavedTrack, read_saved_tracks
from ..models.bodies import SMPLBody
from ..registry import MODELS
from ..structures import PersonTrack
from ..utils import InputError
from .config import read_config
from .missing_files import detects

CONFIG = 'config.py'
"""Resolved config in a work directory."""


@dataclass(frozen=True)
class Footage:
    """The video of a track.

    Attributes:
        video: Video file or folder of images.
        numbering: How a folder's images are counted, see
            :class:`~semtta_mm.structures.PersonTrack`.
    """

    video: Path
    numbering: str = 'position'


@dataclass(frozen=True)
class SavedRun:
    """Results of a work directory, or of one of its tracks.

    Attributes:
        folder: The folder that was read.
        tracks: Its tracks; ``'before'`` follows ``'after'`` where it was
            written.
        config: Config of the run; None if the folder has none.
    """

    folder: Path
    tracks: Sequence[SavedTrack]
    config: Config | None

    @classmethod
    def read(cls, folder: Path) -> SavedRun:
        """Read a work directory, or the folder of one track.

        Raises:
            InputError: If there is no result, or a file is broken.
        """
        tracks = read_saved_tracks(folder)
        places = [folder / CONFIG, folder.resolve().parent / CONFIG]
        found = [place for place in places if place.is_file()]
        return cls(folder, tracks, read_config(found[0]) if found else None)

    def body(self) -> SMPLBody:
        """The body of the run's config, else the open body.

        Raises:
            InputError: If its file is missing.
        """
        if self.config is None:
            return SMPLBody()
        body = MODELS.build(self.config.model.body)
        assert isinstance(body, SMPLBody)
        return body

    def footage(self) -> Footage | None:
        """The one video of all tracks, by the run's config.

        Returns:
            None if there is no config, or the tracks have no video.

        Raises:
            InputError: If tracks are of several videos, or the config's
                tracks cannot be read.
        """
        if self.config is None:
            return None
        reader = self.config.train_dataloader.dataset.get('reader')
        if isinstance(reader, Mapping) and detects(reader):
            return Footage(Path(reader['video']))
        named = {t.name: t for t in read_tracks(reader)}
        return _common(self.folder, self.tracks, named)


def _common(
    folder: Path,
    tracks: Sequence[SavedTrack],
    named: Mapping[str, PersonTrack],
) -> Footage | None:
    found: dict[Any, str] = {}
    for track in tracks:
        source = named.get(track.name)
        if source is not None and source.video is not None:
            place = Footage(source.video, source.numbering)
            found.setdefault(place, track.name)
    if len(found) > 1:
        names = ', '.join(sorted({track.name for track in tracks}))
        fix = f'name the folder of one track: {names}'
        problem = f'are of {len(found)} videos'
        raise InputError(folder, 'tracks', problem, fix)
    return next(iter(found), None)
