"""Readers of source banks, by config."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...conventions import convert_keypoints
from ...geometry import axis_angle_to_matrix
from ...registry import TASK_UTILS
from ...structures import PersonTrack
from ...utils import InputError
from ...utils.required_files import RequiredFile
from ..crop_store import CropRequest, decode_crops
from ..track_dataset import read_tracks
from .bank import SourceBank, encode_jpeg
from .file import read_bank


@TASK_UTILS.register_module()
class SourceBankFile:
    """A bank that ``semtta make-source-bank`` wrote.

    Args:
        path: The npz.
    """

    required_files = (
        RequiredFile(
            'path',
            'source bank',
            'semtta make-source-bank (--crops or --human-data), or '
            'model.source=None to work without source data',
        ),
    )

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = path

    def __call__(self) -> SourceBank:
        """Read it.

        Raises:
            InputError: If it is missing or wrong.
        """
        return read_bank(self.path)


@TASK_UTILS.register_module()
class TrackSource:
    """A bank of frames of labelled tracks, such as Human3.6M in HumanData.

    Poses and shapes are the tracks' references; 2D joints are the tracks'
    keypoints, mapped to SMPL's by name. Frames are spread evenly.

    Args:
        reader: Config of a reader of tracks with SMPL references, e.g.
            ``dict(type='HumanDataReader', keypoints='h36m_train.npz',
            video='images', fps=50)``; or of several.
        count: Crops to keep, at most.
        input_size: Side of the crops, px.
        box_scale: Side of the crop over the person's tight box (SPIN: 1.2).
        body: Body of the references: ``'smpl'`` or ``'open'``.
    """

    def __init__(
        self,
        reader: dict[str, Any] | Sequence[dict[str, Any]],
        count: int = 2000,
        input_size: int = 224,
        box_scale: float = 1.2,
        body: str = 'smpl',
    ) -> None:
        if count < 1:
            raise InputError(
                'source', 'count', f'is {count}', 'give 1 or more'
            )
        self.reader, self.count = reader, count
        self.input_size, self.box_scale = input_size, box_scale
        self.body = body

    def __call__(self) -> SourceBank:
        """Read the tracks, and decode the crops.

        Raises:
            InputError: If a track has no SMPL reference, or an image is
                missing.
        """
        tracks = read_tracks(self.reader)
        _check_labelled(tracks)
        parts = [self._part(track) for track in _thinned(tracks, self.count)]
        jpeg = [data for part in parts for data in part.pop('jpeg')]
        joined = {
            name: np.concatenate([part[name] for part in parts])
            for name in parts[0]
        }
        name = f'source of {len(tracks)} tracks'
        return SourceBank(name=name, jpeg=jpeg, body=self.body, **joined)

    def _part(self, track: PersonTrack) -> dict[str, Any]:
        """Arrays of the crops of a track."""
        request = CropRequest.from_track(
            track, self.input_size, self.box_scale
        )
        images = decode_crops([request])[0].permute(0, 2, 3, 1).numpy()
        reference = track.reference
        assert reference is not None and reference.pose is not None
        points, scores = convert_keypoints(
            track.keypoints, track.scores, track.convention, 'smpl_24'
        )
        return {
            'jpeg': [encode_jpeg(image) for image in images],
            'pose': _matrices(reference.pose),
            'betas': np.asarray(reference.betas, np.float32),
            'joints2d': normalized_to_box(points, request.boxes),
            'visible': scores > 0,
        }


def normalized_to_box(
    points: NDArray[Any], boxes: NDArray[Any]
) -> NDArray[np.float32]:
    """Points in -1 to 1 over square boxes.

    Args:
        points: ``[N, K, 2]``, px.
        boxes: ``[N, 4]``, px.

    Returns:
        ``[N, K, 2]``.
    """
    centre = (boxes[:, None, :2] + boxes[:, None, 2:]) / 2
    half = (boxes[:, None, 2:3] - boxes[:, None, :1]) / 2
    return ((points - centre) / half).astype(np.float32)


def _matrices(pose: NDArray[Any]) -> NDArray[np.float32]:
    import torch

    vectors = torch.from_numpy(np.asarray(pose, np.float32))
    matrices: NDArray[np.float32] = axis_angle_to_matrix(vectors).numpy()
    return matrices


def _check_labelled(tracks: Sequence[PersonTrack]) -> None:
    for track in tracks:
        reference = track.reference
        if reference is None or reference.pose is None:
            raise InputError(
                track.name,
                'reference',
                'has no SMPL pose',
                'give tracks with SMPL parameters, or model.source=None',
            )
        if reference.betas is None:
            fix = 'give tracks with SMPL parameters'
            raise InputError(track.name, 'reference', 'has no betas', fix)


def _thinned(tracks: Sequence[PersonTrack], count: int) -> list[PersonTrack]:
    """Evenly spread frames of all tracks, at most so many in all."""
    ends = np.cumsum([len(track) for track in tracks])
    total = int(ends[-1])
    at = np.linspace(0, total - 1, min(count, total)).round().astype(int)
    found, start = [], 0
    for track, end in zip(tracks, ends.tolist(), strict=True):
        rows = at[(at >= start) & (at < end)] - start
        if len(rows):
            found.append(track[rows])
        start = end
    return found
