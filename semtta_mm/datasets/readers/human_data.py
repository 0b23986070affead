"""mmhuman3d's HumanData: preprocessed data sets."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...registry import TASK_UTILS
from ...structures import BodyReference, Detection, PersonTrack
from ...utils import InputError
from ..detections import Recording
from ..video import last_number
from .base import TrackReader
from .human_data_file import HumanDataFile, read_human_data

_FIX = 'give a file whose image_path ends in a frame number'


@TASK_UTILS.register_module()
class HumanDataReader(TrackReader):
    """Reads HumanData npz: one video for each folder in ``image_path``.

    HumanData holds no identities, so rows of one image are linked over time
    by position; files that ``write_human_data`` wrote name the tracks in
    ``meta``. The frame is the last number of the image's name. SMPL
    parameters become the reference, in the camera frame as HumanData has
    them, else the 3D joints of Human3.6M, of MPI-INF-3DHP's test set or of
    SMPL.

    Args:
        keypoints: The npz.
        video: Folder that ``image_path`` is relative to; None for no images.
        fps: Frames per second of the numbers in the names; must be given
            unless the file is of ours.
        box_padding: Divide the stored boxes by this about their centre:
            mmhuman3d's converters pad them by 1.2, a track's are tight.
        **options: See :class:`TrackReader`.
    """

    def __init__(
        self,
        keypoints: str | PathLike[str],
        video: str | PathLike[str] | None = None,
        fps: float | None = None,
        box_padding: float = 1.2,
        **options: Any,
    ) -> None:
        super().__init__(keypoints, video, fps=fps, **options)
        self.box_padding = box_padding
        self._file: HumanDataFile | None = None

    def __call__(self) -> list[PersonTrack]:
        """Read the tracks of all folders.

        Raises:
            InputError: If the file is bad, the rate is not given, or nobody
                is seen long enough.
        """
        self._file = read_human_data(self.path)
        fps, tracks = self.frame_rate(), []
        if self._file.tracks is not None:  # known, however short
            self.tracking = replace(self.tracking, min_length=1)
        for folder, rows in self._folders().items():
            name = folder.replace('/', '_') or self.path.stem
            found = self.link(self._record(rows), name, fps)
            for track in found:
                track.numbering = 'name'
                if self.video is not None:
                    track.video = self.video / folder
            tracks += found
        self.check_found(tracks)
        return tracks

    def read(self) -> Recording:
        """All rows as if of one video."""
        return self._record(list(range(len(self.file.image_paths))))

    @property
    def file(self) -> HumanDataFile:
        """The file, read once."""
        if self._file is None:
            self._file = read_human_data(self.path)
        return self._file

    def frame_rate(self) -> float:
        """The given rate, else the file's.

        Raises:
            InputError: If there is none.
        """
        rate = self.file.fps if self.fps is None else self.fps
        if rate is None:
            raise InputError(
                self.path, 'fps', 'HumanData holds none', 'give fps=...'
            )
        return rate

    def pick_convention(self, recording: Recording) -> str:
        """What the user gave, else what the file says."""
        if self.convention is not None:
            return super().pick_convention(recording)
        return self.file.convention

    def complete(self, track: PersonTrack, rows: np.ndarray) -> None:
        """Add name, reference and intrinsics."""
        file = self.file
        if file.tracks is not None:
            track.name = file.tracks[int(rows[0])]
        known = {**file.body, **file.joints}
        fields = {
            key: value[rows] if isinstance(value, np.ndarray) else value
            for key, value in known.items()
        }
        if fields:
            gender = file.genders[int(rows[0])]
            valid = None if file.valid is None else file.valid[rows]
            track.reference = BodyReference(
                gender=gender, valid=valid, **fields
            )
        if self.file.intrinsics is not None:
            track.intrinsics = self.file.intrinsics[rows]

    def _folders(self) -> dict[str, list[int]]:
        folders: dict[str, list[int]] = {}
        for row, path in enumerate(self.file.image_paths):
            parent = Path(path.replace('\\', '/')).parent.as_posix()
            folders.setdefault('' if parent == '.' else parent, []).append(row)
        return folders

    def _record(self, rows: list[int]) -> Recording:
        people = [self._detection(row) for row in rows]
        return Recording(people, [item.frame for item in people])

    def _detection(self, row: int) -> Detection:
        file = self.file
        frame = last_number(Path(file.image_paths[row]).stem)
        if frame is None:
            raise InputError(
                self.path, f'image_path[{row}]', 'has no number', _FIX
            )
        box = file.boxes[row]
        centre = np.tile((box[:2] + box[2:]) / 2, 2)
        return Detection(
            frame,
            file.keypoints[row],
            file.scores[row],
            centre + (box - centre) / self.box_padding,
            None if file.tracks is None else file.tracks[row],
            row,
        )
