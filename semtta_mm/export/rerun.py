"""Recordings for the viewer rerun (.rrd)."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..models.bodies import SMPLBody
from ..utils.files import write_atomically
from ..utils.optional import extra, require
from ..visualization.colours import srgb
from ..visualization.renderer.rasterizer import vertex_normals
from ..visualization.viewer.pictures import Pictures, jpeg_frames
from .glb import body_colours
from .saved_track import SavedTrack

CAMERA = ['world', 'camera']
IMAGE = [*CAMERA, 'image']
_CHUNK = 64
"""Bodies that are computed at a time."""


def write_rerun(
    path: str | PathLike[str],
    tracks: Sequence[SavedTrack],
    body: SMPLBody,
    video: Path | None = None,
    numbering: str = 'position',
    height: int = 480,
) -> Path:
    """Write meshes, 2D evidence, images and camera on one time line.

    Entities: ``world/LABEL`` (mesh, m, camera frame), ``world/camera``
    (pinhole of the first track that has the frame; where tracks have cameras
    of their own the others do not align), ``world/camera/image`` (JPEG) and
    ``world/camera/image/LABEL`` (keypoints of the evidence). Time lines:
    ``frame``, the number in the video, and ``video``, seconds. A body is
    cleared after its last frame and in gaps. A frame of the open body has
    165 kB.

    Args:
        path: The .rrd file.
        tracks: With different labels.
        body: The body of all tracks.
        video: Video file or folder of images; None writes no images.
        numbering: How a folder's images are counted.
        height: Larger images are scaled down to this, px.

    Returns:
        The file written.

    Raises:
        InputError: If the video cannot be read or lacks a frame.
        MissingDependencyError: If rerun is not installed.
    """
    library = require('rerun', 'writing .rrd files', extra('rerun'))
    ids = np.unique(np.concatenate([track.frame_ids for track in tracks]))
    images = None
    if video is not None:
        images = jpeg_frames(video, ids, height, len(ids), numbering)

    def record(draft: Path) -> None:
        with library.RecordingStream('semtta_mm') as stream:
            stream.save(str(draft))
            recorder = _Recorder(library, stream, tracks[0].fps, images)
            recorder.write(tracks, body)
            stream.flush()
            stream.disconnect()

    write_atomically(Path(path), record)
    return Path(path)


class _Recorder:
    """Logs tracks to one stream."""

    def __init__(
        self,
        library: ModuleType,
        stream: Any,
        fps: float,
        images: Pictures | None,
    ) -> None:
        self.library, self.stream = library, stream
        self.fps, self.images = fps, images
        self.scale = np.ones(2)
        if images is not None:
            self.scale = np.divide(images.settings['size'], images.image_size)

    def write(self, tracks: Sequence[SavedTrack], body: SMPLBody) -> None:
        axes = self.library.ViewCoordinates.RDF
        self.stream.log('world', axes, static=True)
        self._cameras(tracks)
        self._images()
        for track, colour in zip(tracks, body_colours(tracks), strict=True):
            self._meshes(track, body, srgb(colour))
            self._keypoints(track, srgb(colour))
            self._absences(track)

    def _at(self, frame: int) -> None:
        self.stream.set_time('frame', sequence=frame)
        self.stream.set_time('video', duration=frame / self.fps)

    def _cameras(self, tracks: Sequence[SavedTrack]) -> None:
        size = None
        if self.images is not None:
            size = list(self.images.settings['size'])
        seen: dict[int, NDArray[Any]] = {}
        for track in tracks:
            for frame, k in zip(
                track.frame_ids.tolist(), track.intrinsics, strict=True
            ):
                seen.setdefault(frame, k)
        for frame in sorted(seen):
            self._at(frame)
            matrix = np.diag([*self.scale, 1.0]) @ seen[frame]
            camera = self.library.Pinhole(
                image_from_camera=matrix, resolution=size
            )
            self.stream.log(CAMERA, camera)

    def _images(self) -> None:
        if self.images is None:
            return
        frames = self.images.settings['frames']
        for frame, content in zip(frames, self.images.content, strict=True):
            self._at(frame)
            image = self.library.EncodedImage(
                contents=base64.b64decode(content), media_type='image/jpeg'
            )
            self.stream.log(IMAGE, image)

    def _meshes(
        self, track: SavedTrack, body: SMPLBody, colour: tuple[int, int, int]
    ) -> None:
        faces = body.faces.cpu().numpy()
        colours = np.tile(np.array(colour, np.uint8), (body.num_vertices, 1))
        fixed = self.library.Mesh3D.from_fields(
            triangle_indices=faces.astype(np.uint32), vertex_colors=colours
        )
        self.stream.log(['world', track.label], fixed, static=True)
        for frame, mesh in zip(
            track.frame_ids.tolist(), _vertices(track, body), strict=True
        ):
            self._at(frame)
            moving = self.library.Mesh3D.from_fields(
                vertex_positions=mesh,
                vertex_normals=vertex_normals(mesh, faces),
            )
            self.stream.log(['world', track.label], moving)

    def _keypoints(
        self, track: SavedTrack, colour: tuple[int, int, int]
    ) -> None:
        """The evidence, where it is not missing; only once a person."""
        points, source = track.keypoints, track.source
        if points is None or source is None or track.stage == 'before':
            return
        for t, frame in enumerate(track.frame_ids.tolist()):
            self._at(frame)
            dots = self.library.Points2D(
                points[t][source[t] > 0] * self.scale, colors=colour, radii=2.0
            )
            self.stream.log([*IMAGE, track.label], dots)

    def _absences(self, track: SavedTrack) -> None:
        """Clear the body where the track has a gap, and after its end."""
        ids = track.frame_ids
        step = int(np.median(np.diff(ids))) if len(ids) > 1 else 1
        gaps = np.diff(ids) > step
        ends = [*ids[:-1][gaps].tolist(), int(ids[-1])]
        for end in ends:
            self._at(end + step)
            for place in (['world', track.label], [*IMAGE, track.label]):
                self.stream.log(place, self.library.Clear(recursive=False))


def _vertices(
    track: SavedTrack, body: SMPLBody
) -> Iterator[NDArray[np.float32]]:
    """Mesh of each frame ``[V, 3]``, m, with the frame's own shape."""
    params = track.params.to(body.v_template.device)
    for start in range(0, len(params), _CHUNK):
        part = params[start : start + _CHUNK]
        with torch.no_grad():
            vertices = body(part, keypoints=()).vertices
        assert vertices is not None
        yield from vertices.cpu().numpy()
