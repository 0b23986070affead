r"""Make the picture and the animation of the README from a run of the demo.

The panels are those of the demo's videos: 2D evidence, un-adapted mesh,
adapted mesh. Larger panels than the demo's own give sharper files::

    python tools/tta.py configs/semtta_hmr_demo_lifter.py \
        --work-dir work_dirs/demo --cfg-options hooks.video.height=960
    python tools/make_readme_media.py work_dirs/demo --out docs/images
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from semtta_mm.datasets.video import read_frames, video_info
from semtta_mm.utils import InputError
from semtta_mm.utils.command import one_line_errors
from semtta_mm.utils.console import make_console

CAMERAS = ('cam01', 'cam02', 'cam03', 'cam04')
TITLES = ('2D keypoints', 'un-adapted', 'adapted')
"""Panels of the demo's videos, from left to right."""
SIDE = 300
"""Side of a cell, px."""
BAND = 30
"""Height of the band above the cells, px."""


def parse_args(argv: Sequence[str] | None) -> argparse.Namespace:
    """Arguments of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add('demo', type=Path, nargs='?', default=Path('work_dirs/demo'))
    add('--out', type=Path, default=Path('docs/images'), help='folder')
    add('--moment', type=float, default=0.55, help='of the picture, 0 to 1')
    add('--animated', nargs='+', default=['cam02', 'cam04'], help='cameras')
    return parser.parse_args(argv)


def square_around(boxes: np.ndarray, width: float) -> np.ndarray:
    """A square around all boxes, within the image.

    Args:
        boxes: ``[N, 4]`` (x1, y1, x2, y2), px of the original image.
        width: Of the original image, px, its shorter side.

    Returns:
        Left, top and side, as shares of the image's width.
    """
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    side = min(1.05 * float((high - low).max()), width)
    corner = (low + high) / 2 - side / 2
    left = np.clip(corner[0], 0, width - side)
    return np.array([left, max(corner[1], 0), side]) / width


def cells(frame: np.ndarray, square: np.ndarray) -> np.ndarray:
    """The panels of a frame, cut to a square and put side by side.

    Args:
        frame: Of a demo's video ``[H, W, 3]``, BGR.
        square: Of :func:`square_around`.

    Returns:
        ``[SIDE, 3 * SIDE, 3]``, BGR.
    """
    width = frame.shape[1] // len(TITLES)
    left, top, side = (square * width).round().astype(int)
    parts = []
    for i in range(len(TITLES)):
        x = i * width + left
        part = frame[top : top + side, x : x + side]
        kind = cv2.INTER_AREA if side > SIDE else cv2.INTER_CUBIC
        parts.append(cv2.resize(part, (SIDE, SIDE), interpolation=kind))
    return np.concatenate(parts, axis=1)


def titled(image: np.ndarray, repeats: int = 1) -> np.ndarray:
    """An image with a band of titles above it.

    Args:
        image: Rows of cells ``[H, repeats * 3 * SIDE, 3]``, BGR.
        repeats: Number of repetitions of the three titles.
    """
    band = np.full((BAND, image.shape[1], 3), 255, np.uint8)
    font, scale = cv2.FONT_HERSHEY_SIMPLEX, 0.62
    for i, title in enumerate(TITLES * repeats):
        (width, _), _ = cv2.getTextSize(title, font, scale, 1)
        place = (i * SIDE + (SIDE - width) // 2, BAND - 9)
        cv2.putText(
            band, title, place, font, scale, (40, 40, 40), 1, cv2.LINE_AA
        )
    return np.concatenate([band, image])


def boxes_of(folder: Path) -> np.ndarray:
    """Crop boxes of a track's result ``[T, 4]``, px."""
    path = folder / 'result.npz'
    if not path.exists():
        raise InputError(path, 'file', 'does not exist', 'run `make demo`')
    with np.load(path, allow_pickle=False) as arrays:
        return arrays['bbox_xyxy']


def picture(demo: Path, moment: float) -> np.ndarray:
    """One moment in all four cameras, two beside each other.

    Args:
        demo: Work directory of the demo.
        moment: Share of the video's length.
    """
    rows = []
    for camera in CAMERAS:
        video = demo / camera / 'before_after.mp4'
        number = round(moment * (video_info(video).frame_count - 1))
        ((_, frame),) = read_frames(video, np.array([number]))
        box = boxes_of(demo / camera)[number : number + 1]
        rows.append(cells(frame, square_around(box, original_width(frame))))
    pairs = [np.concatenate(rows[i : i + 2], axis=1) for i in (0, 2)]
    return titled(np.concatenate(pairs), repeats=2)


def original_width(frame: np.ndarray) -> float:
    """Width of the camera's image, px, whose height is 1920."""
    height, width = frame.shape[:2]
    return width / len(TITLES) * 1920 / height


def animation(demo: Path, cameras: list[str]) -> list[np.ndarray]:
    """Every second frame of some cameras, one above the other.

    Args:
        demo: Work directory of the demo.
        cameras: Names of tracks.
    """
    columns = []
    for camera in cameras:
        video = demo / camera / 'before_after.mp4'
        shown = np.arange(0, video_info(video).frame_count, 2)
        frames = [frame for _, frame in read_frames(video, shown)]
        boxes = boxes_of(demo / camera)
        square = square_around(boxes, original_width(frames[0]))
        columns.append([cells(frame, square) for frame in frames])
    return [
        titled(np.concatenate(parts)) for parts in zip(*columns, strict=True)
    ]


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Write ``demo.jpg`` and ``demo.webp``.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if a file is missing.
    """
    args = parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    still = args.out / 'demo.jpg'
    image = picture(args.demo, args.moment)
    cv2.imwrite(str(still), image, [cv2.IMWRITE_JPEG_QUALITY, 82])
    moving = args.out / 'demo.webp'
    frames = [
        Image.fromarray(frame[..., ::-1])
        for frame in animation(args.demo, args.animated)
    ]
    frames[0].save(
        moving,
        save_all=True,
        append_images=frames[1:],
        duration=100,  # ms: two thirds of the real speed
        loop=0,
        quality=60,
        method=6,
    )
    for path in (still, moving):
        size = path.stat().st_size / 1e3
        make_console().print(f'{path}: {size:.0f} kB', markup=False)
    return 0


if __name__ == '__main__':
    raise SystemExit(main())
