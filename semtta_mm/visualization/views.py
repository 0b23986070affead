"""Videos of a scene from chosen views: overlay, side, top and others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from ..datasets.video import read_frames, video_info
from ..structures import PersonTrack
from ..utils import InputError
from .fixed_view import FixedView
from .mesh_track import MeshTrack, draw_people
from .timing import timing
from .track_video import draw_track
from .video_writer import VideoWriter

PANELS = {
    'evidence': '2D evidence',
    'before': 'before',
    'overlay': 'after',
    'side': 'side',
    'top': 'top',
}
"""Names of panels, and their titles."""

BEFORE_AFTER = 'before_after'
"""The view that a track's hook writes by default."""

HEIGHT = 540
"""Of panels beside each other and of drawn views, px, at most."""

_GAP = 4
"""Between panels, px."""

Panel = Callable[[np.ndarray, int, float], np.ndarray]
"""Image of the panel's scale, frame number and scale to a picture."""


@dataclass(frozen=True)
class Scene:
    """What is drawn.

    Attributes:
        video: Video file or folder of images.
        frame_ids: Frames that are written ``[N]``, rising.
        fps: Frames per second that the numbers count.
        faces: ``[F, 3]``, of all meshes.
        people: Meshes of each person.
        before: Meshes before adaptation.
        evidence: 2D evidence of each person.
        filled: For each of ``evidence``, its filled-in keypoints
            ``[T, K]``, bool, or None.
        step: Numbers from one frame to the next.
        numbering: How a folder's images are counted.
        up: Upward direction ``[3]``, camera frame.
    """

    video: Path
    frame_ids: np.ndarray
    fps: float
    faces: np.ndarray
    people: Sequence[MeshTrack]
    before: Sequence[MeshTrack] = ()
    evidence: Sequence[PersonTrack] = ()
    filled: Sequence[np.ndarray | None] = ()
    step: int = 1
    numbering: str = 'position'
    up: tuple[float, float, float] = field(default=(0.0, -1.0, 0.0))


def check_views(views: Sequence[str]) -> None:
    """Refuse an unknown view.

    Args:
        views: Names of panels, several joined by ``+``, or
            ``'before_after'``.

    Raises:
        InputError: Naming the unknown one.
    """
    for view in views:
        unknown = set(view.split('+')) - set(PANELS)
        if unknown and view != BEFORE_AFTER:
            known = ', '.join((BEFORE_AFTER, *PANELS))
            raise InputError(
                'views',
                'name',
                f'{view!r} is unknown',
                f'choose from {known}; join panels with +, as in overlay+side',
            )


def view_file(view: str) -> str:
    """Name of a view's file, e.g. ``overlay_side.mp4``."""
    return view.replace('+', '_') + '.mp4'


def write_view(
    scene: Scene,
    view: str,
    path: Path,
    height: int = HEIGHT,
    done: Callable[[], None] | None = None,
) -> Path:
    """Write one view as a video.

    A view of one picture in the frame (evidence, before, overlay) has the
    size of the video. Panels beside each other, and views from the side or
    from above, are ``height`` high.

    Args:
        scene: What is drawn.
        view: A name of :data:`PANELS`, or several joined by ``+``.
        path: The mp4 to write.
        height: See above, px.
        done: Called after each frame.

    Returns:
        The file written, with the rate and the sound of the video.

    Raises:
        InputError: If the view is unknown or the video lacks a frame.
    """
    check_views([view])
    names = view.split('+')
    info = video_info(scene.video)
    whole = len(names) == 1 and names[0] in ('evidence', 'before', 'overlay')
    scale = 1.0 if whole else min(1.0, height / info.height)
    size = (_even(info.width * scale), _even(info.height * scale))
    panels = [make_panel(name, scene, size[1]) for name in names]
    clock = timing(scene.video, scene.frame_ids, scene.fps, scene.step)
    images = read_frames(scene.video, scene.frame_ids, scene.numbering)
    with VideoWriter(path, clock.fps, clock.audio, clock.start) as writer:
        for i, (number, image) in enumerate(images):
            pictures = [panel(image, number, scale) for panel in panels]
            if not whole:
                pictures = [
                    titled(_fitted(picture, size[1]), PANELS[name])
                    for picture, name in zip(pictures, names, strict=True)
                ]
            writer.write(beside(pictures), clock.at(i))
            if done is not None:
                done()
    return path


def make_panel(name: str, scene: Scene, height: int) -> Panel:
    """The function that draws a panel.

    Args:
        name: In :data:`PANELS`.
        scene: What is drawn.
        height: Of views from the side or from above, which are square, px.

    Raises:
        InputError: If the scene lacks what the panel shows.
    """
    need = {'evidence': scene.evidence, 'before': scene.before}
    if not need.get(name, scene.people):
        fix = 'leave this view out'
        raise InputError('views', name, 'has nothing to show', fix)
    if name == 'evidence':
        return lambda image, frame, scale: _scaled(
            _evidence(scene, image, frame), scale
        )
    if name in ('side', 'top'):
        fixed = FixedView(
            name, scene.people, scene.faces, (height, height), scene.up
        )
        return lambda image, frame, scale: fixed.draw(frame)
    people = scene.before if name == 'before' else scene.people
    return lambda image, frame, scale: draw_people(
        _scaled(image, scale), people, frame, scene.faces, scale
    )


def beside(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Pictures of one height, from left to right with a gap between."""
    if len(pictures) == 1:
        return pictures[0]
    gap = np.full((pictures[0].shape[0], _GAP, 3), 255, np.uint8)
    parts = [pictures[0]]
    for picture in pictures[1:]:
        parts += [gap, picture]
    return np.concatenate(parts, axis=1)


def titled(image: np.ndarray, title: str) -> np.ndarray:
    """A copy with a title at the upper left, readable on any image."""
    out = image.copy()
    font = cv2.FONT_HERSHEY_SIMPLEX
    for colour, width in (((20, 20, 20), 4), ((255, 255, 255), 1)):
        cv2.putText(out, title, (8, 22), font, 0.6, colour, width, cv2.LINE_AA)
    return out


def _evidence(scene: Scene, image: np.ndarray, frame: int) -> np.ndarray:
    filled = scene.filled or [None] * len(scene.evidence)
    for track, own in zip(scene.evidence, filled, strict=True):
        image = draw_track(image, track, frame, own)
    return image


def _scaled(image: np.ndarray, scale: float) -> np.ndarray:
    if scale == 1.0:
        return image
    size = [max(1, round(n * scale)) for n in image.shape[1::-1]]
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def _fitted(image: np.ndarray, height: int) -> np.ndarray:
    """The image with exactly this height, by a row more or less."""
    if image.shape[0] == height:
        return image
    size = (image.shape[1], height)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def _even(length: float) -> int:
    return max(2, round(length) // 2 * 2)
