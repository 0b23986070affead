"""One HTML page with animated bodies beside their video."""

from __future__ import annotations

import base64
import html
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...utils.files import write_atomically
from ..colours import srgb
from .libraries import import_map, licence
from .pictures import Pictures

ASSETS = Path(__file__).parents[2] / 'assets' / 'viewer'


@dataclass(frozen=True)
class ViewerPerson:
    """A body of the page's .glb.

    Attributes:
        name: Of the person, as in ``extras.person`` of the mesh's node.
        stage: ``'after'`` or ``'before'``, as in ``extras.stage``.
        colour: RGB in [0, 1], as the .glb has it (linear).
        frame_ids: Frames of the track ``[T]``, increasing.
        intrinsics: ``[T, 3, 3]``, px.
        start: Pelvis at the first frame ``[3]``, m, axes of the .glb.
    """

    name: str
    stage: str
    colour: tuple[float, ...]
    frame_ids: NDArray[Any]
    intrinsics: NDArray[Any]
    start: NDArray[Any]

    def settings(self) -> dict[str, Any]:
        """What the page's script needs."""
        k = self.intrinsics
        cameras = np.stack(
            [k[:, 0, 0], k[:, 1, 1], k[:, 0, 2], k[:, 1, 2]], axis=1
        )
        steps = np.diff(self.frame_ids)
        after = self.stage == 'after'
        return {
            'person': self.name,
            'stage': self.stage,
            'label': self.name if after else f'{self.name} before',
            'colour': f'rgb{srgb(self.colour)}',
            'frames': self.frame_ids.tolist(),
            'stride': int(np.median(steps)) if len(steps) else 1,
            'cameras': cameras.round(3).tolist(),
            'start': self.start.round(3).tolist(),
        }


def write_viewer(
    path: Path,
    glb: bytes,
    people: Sequence[ViewerPerson],
    fps: float,
    floor: float,
    pictures: Pictures | None = None,
) -> list[Path]:
    """Write the page; it opens from disk, without any network.

    Args:
        path: The .html file; its folder is created.
        glb: Bodies that move at the video's times, y up, the camera at the
            origin, as of :func:`~semtta_mm.export.glb.glb_bytes`.
        people: Each body of ``glb``.
        fps: Frames per second of the video.
        floor: Height of the grid, m, axes of the .glb.
        pictures: Of the video; None shows the bodies alone.

    Returns:
        The files written: the page, and the video beside it if
        ``pictures.file`` is set.

    Raises:
        InputError: If three.js is not in the cache and cannot be downloaded.
        MissingDependencyError: If it would be downloaded and npm is absent.
    """
    copied = None
    settings: dict[str, Any] | None = None
    if pictures is not None:
        settings = dict(pictures.settings)
        if pictures.file is not None:
            copied = path.with_suffix(pictures.file.suffix)
            settings['file'] = copied.name
    frame_ids = np.unique(np.concatenate([p.frame_ids for p in people]))
    data = {
        'title': path.stem,
        'fps': fps,
        'floor': round(floor, 3),
        'size': _size(people, pictures),
        'frames': frame_ids.tolist(),
        'people': [person.settings() for person in people],
        'pictures': settings,
    }
    content = pictures.content if pictures else ()
    page = _fill(path.stem, data, list(content), glb)
    write_atomically(path, lambda draft: draft.write_text(page, 'utf-8'))
    if pictures is None or pictures.file is None or copied is None:
        return [path]
    if pictures.file.resolve() != copied.resolve():
        source = pictures.file
        write_atomically(copied, lambda draft: shutil.copyfile(source, draft))
    return [path, copied]


def _fill(
    title: str, data: dict[str, Any], pictures: list[str], glb: bytes
) -> str:
    version, terms = licence()
    template = Template((ASSETS / 'page.html').read_text('utf-8'))
    return template.substitute(
        title=html.escape(title),
        three=version,
        licence=terms.strip(),
        style=(ASSETS / 'viewer.css').read_text('utf-8').strip(),
        script=(ASSETS / 'viewer.js').read_text('utf-8').strip(),
        modules=_json(import_map()),
        data=_json(data),
        pictures=_json(pictures),
        glb=base64.b64encode(glb).decode(),
    )


def _json(value: Any) -> str:
    """JSON that cannot end the element it is in."""
    return json.dumps(value, separators=(',', ':')).replace('<', '\\u003c')


def _size(
    people: Sequence[ViewerPerson], pictures: Pictures | None
) -> tuple[int, int]:
    """Image size, px; without a video from the principal points."""
    if pictures is not None:
        return pictures.image_size
    centres = np.concatenate([p.intrinsics[:, :2, 2] for p in people])
    width, height = np.maximum(2 * centres.max(axis=0), 64).round().tolist()
    return int(width), int(height)
