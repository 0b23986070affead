"""Base class of readers of published data sets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar

from ...structures import PersonTrack
from ...utils.required_files import RequiredFile
from .people import with_openpose


@dataclass(frozen=True)
class Published:
    """Published size of a split; None where no source states it.

    Attributes:
        sequences: Number of sequences (or cameras times sequences).
        tracks: Number of person tracks.
        frames: Number of frames of all tracks together.
    """

    sequences: int | None = None
    tracks: int | None = None
    frames: int | None = None


class DatasetReader(ABC):
    """Reads one data set in its published layout.

    Sub-classes implement :meth:`__call__` and :meth:`protocol`.

    Args:
        keypoints: The data set's folder.
        openpose: Folder with one folder of OpenPose JSON for each sequence,
            named like the sequence; None takes the data set's own 2D.
    """

    dataset: ClassVar[str]
    """Name of the data set."""

    required_files = (
        RequiredFile(
            'keypoints',
            'data set',
            'its archives, see docs/licensed_assets.md',
        ),
        RequiredFile(
            'openpose',
            'OpenPose JSON',
            'run OpenPose with --write_json on the images, one folder a '
            'sequence',
        ),
    )

    def __init__(
        self,
        keypoints: str | PathLike[str],
        openpose: str | PathLike[str] | None = None,
    ) -> None:
        self.folder = Path(keypoints)
        self.openpose = None if openpose is None else Path(openpose)
        self.sequences_read: list[str] = []

    @abstractmethod
    def __call__(self) -> list[PersonTrack]:
        """Read all tracks.

        Raises:
            InputError: If the folder or a file differs from the published
                layout.
        """

    @abstractmethod
    def protocol(self) -> dict[str, Any]:
        """Options and rules of the reader, for ``summary.json``; plain data.

        Valid after :meth:`__call__`.
        """

    @property
    def published(self) -> Published:
        """Published size of the split."""
        return Published()

    def with_evidence(
        self, tracks: list[PersonTrack], sequence: str
    ) -> list[PersonTrack]:
        """Tracks of one sequence with the configured 2D evidence.

        Raises:
            InputError: See :func:`~.people.with_openpose`.
        """
        self.sequences_read.append(sequence)
        if self.openpose is None or not tracks:
            return tracks
        return with_openpose(tracks, self.openpose / sequence)
