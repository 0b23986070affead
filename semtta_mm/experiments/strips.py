"""Strips of pictures: the same frames under several rows, as in Fig. 4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from ..datasets.video import read_frames
from ..engine.hooks.track_result_hook import BEFORE_FILE, epoch_file
from ..export.result_file import ResultFile
from ..models.bodies import SMPLBody
from ..registry import DATASETS
from ..structures import PersonTrack
from ..visualization.mesh_track import MeshTrack, draw_people
from ..visualization.views import titled
from .plan import BEFORE, Run
from .report_plan import Strips

SIDE = 200
"""Side of a picture, px."""
_CONTEXT = 1.15
"""Width of a picture in widths of the crop box."""


def draw_strips(
    runs: Sequence[Run], strips: Strips, work_dir: Path
) -> list[Path]:
    """Draw a picture for each track: a row of frames for each prediction.

    Args:
        runs: Finished runs of the plan.
        strips: Rows, tracks and epochs.
        work_dir: Of the experiment, which gets ``strips_{track}.png``.

    Returns:
        The files written; a track without predictions is left out.
    """
    seed = min((run.seed for run in runs), default=0)
    chosen = [
        run for run in runs if run.row in strips.rows and run.seed == seed
    ]
    written = []
    for name in strips.tracks:
        found = dict(_predictions(chosen, name, strips, work_dir))
        track = _track(chosen, name, work_dir)
        if not found or track is None or track.video is None:
            continue
        path = work_dir / f'strips_{name}.png'
        cv2.imwrite(str(path), _picture(track, found, strips.frames))
        written.append(path)
    return written


def _predictions(
    runs: Sequence[Run], name: str, strips: Strips, work_dir: Path
) -> Iterator[tuple[str, ResultFile]]:
    """Title and prediction of each strip; files that are absent left out."""
    for n, run in enumerate(runs):
        folder = work_dir / run.name / name
        files = {f'{run.row}, epoch {e}': epoch_file(e) for e in strips.epochs}
        if n == 0:
            files = {BEFORE: BEFORE_FILE, **files}
        for title, file in files.items():
            if (folder / file).is_file():
                yield title, ResultFile.read(folder / file)


def _track(
    runs: Sequence[Run], name: str, work_dir: Path
) -> PersonTrack | None:
    for run in runs:
        cfg = run.configured(work_dir / run.name)
        dataset = DATASETS.build(cfg.train_dataloader.dataset)
        for track in dataset.tracks:
            if track.name == name:
                found: PersonTrack = track
                return found
    return None


def _picture(
    track: PersonTrack, predictions: dict[str, ResultFile], count: int
) -> np.ndarray:
    """All strips below each other ``[H, W, 3]``, BGR."""
    body = SMPLBody()
    faces = body.faces.numpy()
    meshes = {
        title: _meshes(title, result, body)
        for title, result in predictions.items()
    }
    first = next(iter(predictions.values()))
    at = np.linspace(0, len(first.frame_ids) - 1, count).round().astype(int)
    frames = first.frame_ids[at]
    assert track.video is not None
    images = dict(read_frames(track.video, frames, track.numbering))
    rows = []
    for title, mesh in meshes.items():
        cells = [
            _cell(
                draw_people(images[int(f)], [mesh], int(f), faces),
                first.bbox_xyxy[t],
            )
            for t, f in zip(at, frames, strict=True)
        ]
        rows.append(titled(np.concatenate(cells, axis=1), title))
    return np.concatenate(rows)


def _meshes(title: str, result: ResultFile, body: SMPLBody) -> MeshTrack:
    vertices = body(result.params, True, ()).vertices
    assert vertices is not None
    return MeshTrack(
        title, result.frame_ids, vertices.numpy(), result.cam_intrinsics
    )


def _cell(image: np.ndarray, box: np.ndarray) -> np.ndarray:
    """The surroundings of a box, padded with black ``[SIDE, SIDE, 3]``."""
    centre = (box[:2] + box[2:]) / 2
    scale = SIDE / (_CONTEXT * float((box[2:] - box[:2]).max()))
    shift = SIDE / 2 - scale * centre
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    return cv2.warpAffine(image, matrix, (SIDE, SIDE), flags=cv2.INTER_AREA)
