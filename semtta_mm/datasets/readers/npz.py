"""Track files, as ``semtta convert`` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from ...registry import TASK_UTILS
from ...structures import PersonTrack
from ...utils import InputError
from ...utils.required_files import RequiredFile
from ..track_io import load_track


@TASK_UTILS.register_module()
class NpzTrackReader:
    """Reads track files (``docs/tracks.md``).

    Args:
        keypoints: One npz, or a folder of them (by name).
        video: Video or folder of images to use instead of that in the
            files.
        name: Name of the data set, for messages.
        how_to_get: How the files are made, for messages.
    """

    @classmethod
    def required_files(
        cls, config: Mapping[str, Any]
    ) -> tuple[RequiredFile, ...]:
        """The track files of the config."""
        name = config.get('name', 'a video')
        get = config.get('how_to_get', '`semtta convert`')
        video = 'the video of the tracks'
        return (
            RequiredFile('keypoints', f'tracks of {name}', get),
            RequiredFile('video', 'video', video),
        )

    def __init__(
        self,
        keypoints: str | PathLike[str],
        video: str | PathLike[str] | None = None,
        name: str = '',
        how_to_get: str = 'write tracks into it with `semtta convert`',
    ) -> None:
        self.how_to_get = how_to_get
        self.path = Path(keypoints)
        self.video = None if video is None else Path(video)

    def __call__(self) -> list[PersonTrack]:
        """Read the tracks.

        Raises:
            InputError: If a file is missing or bad, or the folder empty.
        """
        tracks = [load_track(path) for path in self._files()]
        for track in tracks:
            track.video = self.video or track.video
        return tracks

    def _files(self) -> list[Path]:
        if not self.path.is_dir():
            return [self.path]
        files = sorted(self.path.glob('*.npz'))
        if not files:
            raise InputError(
                self.path, 'folder', 'has no npz', self.how_to_get
            )
        return files
