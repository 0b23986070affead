"""People seen from the side or from above, at one scale for the whole film."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from .mesh_track import MeshTrack
from .renderer import draw_mesh

DISTANCE = 100.0
"""Of the viewing camera, m: so far that sizes hardly depend on depth."""

_BACKGROUND, _GRID, _GROUND, _INK = 236, 214, 120, 60
"""Grey levels."""

_MARGIN = 0.08
"""Share of a side that stays empty on each side."""

_SMALLEST = 0.4
"""A body's height in the panel's: below it the view follows the people."""


class FixedView:
    """Draws meshes from the side or from above.

    From the side, the video's camera is on the left. From above, it is
    below. The scale is the same in all frames. People who move further than
    the panel shows at a reasonable size are followed, along that axis only.
    A grid of 1 m shows motion. The ground is the median over frames of the
    lowest point of all people; it is level where ``up`` is the vertical.

    Args:
        side: ``'side'`` or ``'top'``.
        people: All people, over all frames.
        faces: ``[F, 3]``.
        size: Width and height of the panel, px.
        up: Upward direction ``[3]``, camera frame; the default is that of
            a level camera.
    """

    def __init__(
        self,
        side: str,
        people: Sequence[MeshTrack],
        faces: np.ndarray,
        size: tuple[int, int],
        up: Sequence[float] = (0.0, -1.0, 0.0),
    ) -> None:
        self.side, self.people, self.faces = side, people, faces
        self.size = size
        self.axes = view_axes(side, np.asarray(up, float))
        boxes = _frame_boxes(people, self.axes)
        low = np.array([box[0] for box in boxes.values()])
        high = np.array([box[1] for box in boxes.values()])
        self._boxes = boxes
        self._centre = (low.min(axis=0) + high.max(axis=0)) / 2
        self._ground = float(np.median(high[:, 1]))
        whole = high.max(axis=0) - low.min(axis=0)
        room = np.asarray(size) * (1 - 2 * _MARGIN)
        largest = float(np.max(high - low))
        smallest = _SMALLEST * min(size) / largest
        self.scale = max(float((room / whole[:2]).min()), smallest)
        self._follows = whole[:2] * self.scale > room + 1e-6

    def draw(self, frame: int) -> np.ndarray:
        """The panel of a frame ``[H, W, 3]``, BGR, uint8.

        Args:
            frame: Frame number; without people the panel is empty.
        """
        width, height = self.size
        centre = self._centre.copy()
        box = self._boxes.get(frame)
        if box is not None:
            centre = np.where(
                [*self._follows, False], (box[0] + box[1]) / 2, centre
            )
        image = np.full((height, width, 3), _BACKGROUND, np.uint8)
        self._draw_grid(image, centre)
        intrinsics = np.array(
            [
                [self.scale * DISTANCE, 0, width / 2],
                [0, self.scale * DISTANCE, height / 2],
                [0, 0, 1],
            ]
        )
        shown = [
            (p.vertices[t] @ self.axes.T - centre, p.colour)
            for p in self.people
            if (t := p.row(frame)) is not None
        ]
        # The farthest from the viewer first.
        for points, colour in sorted(shown, key=lambda s: -s[0][:, 2].mean()):
            points = points + [0, 0, DISTANCE]
            image = draw_mesh(image, points, self.faces, intrinsics, colour)
        return image

    def _draw_grid(self, image: np.ndarray, centre: np.ndarray) -> None:
        """Lines each metre; from the side, upward from the ground."""
        for axis in (0, 1):
            origin = self._ground if (self.side, axis) == ('side', 1) else 0.0
            half = self.size[axis] / 2
            reach = half / self.scale
            first = np.ceil(centre[axis] - reach - origin)
            last = np.floor(centre[axis] + reach - origin)
            for metre in np.arange(first, last + 1):
                place = (origin + metre - centre[axis]) * self.scale + half
                _line(image, axis, place, _GRID, 1)
        if self.side == 'side':
            place = (self._ground - centre[1]) * self.scale
            _line(image, 1, place + self.size[1] / 2, _GROUND, 2)
        _scale_bar(image, self.scale)


def view_axes(side: str, up: np.ndarray) -> np.ndarray:
    """Right, down and forward of a view, in the camera's frame.

    Args:
        side: ``'side'`` or ``'top'``.
        up: Upward direction ``[3]``, camera frame, not the viewing
            direction of the camera.

    Returns:
        Rotation matrix ``[3, 3]`` from the camera's frame.

    Raises:
        ValueError: If the side is unknown.
    """
    down = -up / np.linalg.norm(up)
    ahead = np.array([0.0, 0.0, 1.0])
    ahead -= (ahead @ down) * down
    ahead /= np.linalg.norm(ahead)
    right = np.cross(down, ahead)
    if side == 'side':
        return np.stack([ahead, down, -right])
    if side == 'top':
        return np.stack([right, -ahead, down])
    raise ValueError(f"side: is {side!r}, choose 'side' or 'top'")


def _frame_boxes(
    people: Sequence[MeshTrack], axes: np.ndarray
) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Frame to the lowest and highest coordinates ``[3]`` of all people."""
    boxes: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for person in people:
        for frame, vertices in zip(
            person.frame_ids.tolist(), person.vertices, strict=True
        ):
            points = vertices @ axes.T
            low, high = points.min(axis=0), points.max(axis=0)
            if frame in boxes:
                low = np.minimum(low, boxes[frame][0])
                high = np.maximum(high, boxes[frame][1])
            boxes[frame] = low, high
    return boxes


def _line(
    image: np.ndarray, axis: int, place: float, grey: int, width: int
) -> None:
    """A line at a place on an axis, across the image."""
    start = round(place) - width // 2
    part = slice(max(start, 0), max(start + width, 0))
    if axis == 0:
        image[:, part] = grey
    else:
        image[part] = grey


def _scale_bar(image: np.ndarray, scale: float) -> None:
    """A bar of 1 m at the lower right."""
    height, width = image.shape[:2]
    end, y = width - 12, height - 12
    start = round(end - scale)
    ink = (_INK, _INK, _INK)
    cv2.line(image, (start, y), (end, y), ink, 2)
    font = cv2.FONT_HERSHEY_SIMPLEX
    place = (max(start, 4), y - 6)
    cv2.putText(image, '1 m', place, font, 0.45, ink, 1, cv2.LINE_AA)
