"""Tracks that ``tools/convert.py`` wrote."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from ...registry import TASK_UTILS
from ...structures import PersonTrack
from ...utils import InputError
from ..track_io import load_track


@TASK_UTILS.register_module()
class NpzTrackReader:
    """Reads track files (``docs/tracks.md``).

    Args:
        keypoints: One npz, or a folder of them (by name).
        video: Video or folder of images to use instead of the one that the
            files name.
    """

    def __init__(
        self,
        keypoints: str | PathLike[str],
        video: str | PathLike[str] | None = None,
    ) -> None:
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
                self.path,
                'folder',
                'has no npz',
                'write tracks into it with tools/convert.py',
            )
        return files
