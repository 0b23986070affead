"""A sequence of Wavefront OBJ meshes, one a frame."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..registry import FUNCTIONS
from ..utils.files import write_atomically
from .track import ExportTrack

FOLDER = 'obj'


@FUNCTIONS.register_module()
def write_obj(track: ExportTrack, folder: Path) -> Path:
    """Write ``obj/{frame}.obj`` of each frame that shows the person.

    Metres, y up; each frame has its own shape.

    Args:
        track: The person.
        folder: For the folder ``obj``.

    Returns:
        The folder.
    """
    place = folder / FOLDER
    faces = _faces(track.faces)
    meshes = (v for part in track.meshes() for v in part.numpy())
    for frame, vertices in zip(track.result.frame_ids, meshes, strict=True):
        text = _vertices(vertices) + faces
        path = place / f'{frame:06d}.obj'
        write_atomically(path, partial(_save, text))
    return place


def _save(text: str, path: Path) -> None:
    path.write_text(text)


def _vertices(vertices: NDArray[Any]) -> str:
    rows = 'v %.5f %.5f %.5f\n' * len(vertices)
    return rows % tuple(vertices.ravel().tolist())


def _faces(faces: NDArray[Any]) -> str:
    """Indices of OBJ begin with 1."""
    rows = 'f %d %d %d\n' * len(faces)
    return rows % tuple((np.asarray(faces) + 1).ravel().tolist())
