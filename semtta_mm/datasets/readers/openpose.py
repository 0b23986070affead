"""Folders of OpenPose JSON, one file a frame."""

from __future__ import annotations

from pathlib import Path

from ...registry import TASK_UTILS
from ...structures import Detection
from ...utils import InputError
from ...utils.required_files import RequiredFile
from ..detections import Recording
from ..video import last_number
from .base import NO_BOX, TrackReader
from .json_file import identity, list_json, read_json, take_list, to_array

_SUFFIX = '_keypoints'


@TASK_UTILS.register_module()
class OpenPoseReader(TrackReader):
    """Reads ``*_keypoints.json`` of OpenPose, and of tools that write alike.

    The number of body keypoints tells the model: 18 (COCO), 25 (BODY_25),
    135 (BODY_135); and as Sports2D and Pose2Sim write them: 17, 26
    (Halpe), 133. ``convention='openpose_25b'`` overrides. Hands and face in
    separate fields are not read.

    The frame number is the last number in the file name, from 0. Beside a
    folder of images a file belongs to the image of the same name instead.

    Args:
        keypoints: Folder of JSON files.
        **options: See :class:`TrackReader`.
    """

    required_files = (
        RequiredFile(
            'keypoints',
            'OpenPose JSON',
            'run OpenPose with --write_json on the images, one folder a '
            'sequence',
        ),
        RequiredFile(
            'video',
            'video',
            'the video file or folder of images of the keypoints',
        ),
    )

    by_count = {
        **TrackReader.by_count,
        18: 'openpose_18',
        25: 'openpose_25',
        135: 'openpose_135',
    }

    def read(self) -> Recording:
        """All people of all frames."""
        files = self._numbered()
        people = [
            person
            for frame, path in sorted(files.items())
            for person in _read_people(path, frame)
        ]
        return Recording(people, list(files))

    def _numbered(self) -> dict[int, Path]:
        images = self.images_by_stem()
        files: dict[int, Path] = {}
        for path in list_json(self.path):
            stem = path.stem.removesuffix(_SUFFIX)
            frame = images.get(stem, last_number(stem))
            if frame is None:
                raise InputError(
                    path,
                    'file name',
                    'has no frame number',
                    'name it NAME_000000000012_keypoints.json',
                )
            if frame in files:
                raise InputError(
                    path,
                    'file name',
                    f'is frame {frame}, as is {files[frame].name}',
                    'keep the files of one video in a folder',
                )
            files[frame] = path
        return files


def _read_people(path: Path, frame: int) -> list[Detection]:
    people = take_list(path, 'file', read_json(path), 'people')
    found = []
    for i, person in enumerate(people):
        where = f'people[{i}]'
        values = take_list(path, where, person, 'pose_keypoints_2d')
        if not values:
            continue  # a hand or a face without a body
        points = to_array(path, f'{where}.pose_keypoints_2d', values, (-1, 3))
        found.append(
            Detection(
                frame,
                points[:, :2],
                points[:, 2],
                NO_BOX,
                identity(path, f'{where}.person_id', person.get('person_id')),
            )
        )
    return found
