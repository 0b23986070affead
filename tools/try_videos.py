"""Runs `semtta run` on films as people have them, and prints what came out.

    python tools/try_videos.py FILM... --out work_dirs/try_videos

Every film is one row. The first one is also cut off, turned on its side,
given a varying frame rate and a name that is not ASCII, and reduced to one
image; an empty film and a moving fractal have nobody. Needs the extra
`video`. The table is Markdown, in OUT/table.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from semtta_mm.utils.command import one_line_errors
from semtta_mm.utils.console import make_console

COLUMNS = (
    'film',
    'exit code',
    'person: frames, reprojection error in px before and after',
    'notes',
    'seconds',
)
CLOCK = 90_000


def frames_of(film: Path, count: int) -> list[np.ndarray]:
    """The first frames, BGR."""
    capture = cv2.VideoCapture(str(film))
    read = (capture.read() for _ in range(count))
    images = [image for found, image in read if found]
    capture.release()
    return images


def write(
    path: Path, images: Sequence[np.ndarray], times: Sequence[float]
) -> Path:
    """H.264 with a time for each frame, s."""
    height, width = (n // 2 * 2 for n in images[0].shape[:2])
    options = {'movflags': '+faststart'}
    with av.open(str(path), 'w', options=options) as output:
        stream = output.add_stream('libx264', rate=30)
        stream.width, stream.height, stream.pix_fmt = width, height, 'yuv420p'
        stream.codec_context.time_base = Fraction(1, CLOCK)
        for image, moment in zip(images, times, strict=True):
            frame = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(image[:height, :width]), 'bgr24'
            )
            frame.pts = round(moment * CLOCK)
            frame.time_base = Fraction(1, CLOCK)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path


def fractal(count: int, size: int = 320) -> list[np.ndarray]:
    """Julia sets whose parameter moves."""
    x = np.linspace(-1.6, 1.6, size)
    grid = x[None] + 1j * x[:, None]
    images = []
    for i in range(count):
        z, steps = grid.copy(), np.zeros(grid.shape, np.uint8)
        for _ in range(40):
            inside = np.abs(z) < 2
            z[inside] = z[inside] ** 2 - 0.8 + 0.2j * np.sin(i / 20)
            steps += inside
        images.append(cv2.applyColorMap(steps * 6, cv2.COLORMAP_JET))
    return images


def made_films(film: Path, folder: Path, count: int) -> Iterator[Path]:
    """Unusual versions of a film, and films of nobody."""
    folder.mkdir(parents=True, exist_ok=True)
    images = frames_of(film, count)
    even = np.arange(len(images)) / 30
    whole = write(folder / 'whole.mp4', images, even)
    data = whole.read_bytes()
    cut = folder / 'cut_off.mp4'
    cut.write_bytes(data[: len(data) * 2 // 3])
    yield cut
    turned = [cv2.rotate(image, cv2.ROTATE_90_CLOCKWISE) for image in images]
    yield write(folder / 'lying.mp4', turned, even)
    uneven = np.cumsum(np.where(np.arange(len(images)) % 7, 1, 3)) / 45
    yield write(folder / 'varying_rate.mp4', images, uneven)
    name = folder / 'vidéo de tèst 動画.mp4'
    name.write_bytes(data)
    yield name
    one = folder / 'one_image'
    one.mkdir(exist_ok=True)
    cv2.imwrite(str(one / '0.png'), images[len(images) // 2])
    yield one
    empty = [np.full_like(images[0], 90)] * count
    yield write(folder / 'empty.mp4', empty, np.arange(count) / 30)
    julia = fractal(count)
    yield write(folder / 'fractal.mp4', julia, np.arange(count) / 30)


def row(film: Path, out: Path, options: Sequence[str]) -> list[str]:
    """Run the command on one film.

    Args:
        film: The film.
        out: Folder of its results.
        options: Further ones of the command.
    """
    command = [sys.executable, str(Path(__file__).with_name('run.py'))]
    command += [str(film), '--out', str(out), *options]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    lines = (done.stdout + done.stderr).splitlines()
    notes = [x.split('note: ')[1] for x in lines if 'note: ' in x]
    if done.returncode not in (0, 1):
        notes += lines[-1:]
    people = []
    for path in sorted(out.glob('*/metrics.json')):
        for name, track in json.loads(path.read_text())['tracks'].items():
            errors = (
                track[stage]['reproj_px'] for stage in ('before', 'after')
            )
            numbers = ' → '.join(f'{value:.1f}' for value in errors)
            people.append(f'{name}: {track["frames"]}, {numbers}')
    if 'nobody was found' in done.stdout:
        people = ['nobody']
    found = '; '.join(people)
    told = ' '.join(dict.fromkeys(notes))
    return [film.name, str(done.returncode), found, told, f'{seconds:.0f}']


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the tool; see :func:`.one_line_errors`."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or '').split('\n')[0]
    )
    add = parser.add_argument
    add('films', type=Path, nargs='+', metavar='FILM')
    add('--out', type=Path, default=Path('work_dirs/try_videos'))
    add('--max-frames', type=int, default=60)
    add('--epochs', type=int, default=6)
    args = parser.parse_args(argv)
    options = ['--max-frames', str(args.max_frames)]
    options += ['--epochs', str(args.epochs)]
    made = made_films(args.films[0], args.out / 'films', args.max_frames)
    console, table = make_console(), args.out / 'table.md'
    rows = [list(COLUMNS), ['---'] * len(COLUMNS)]
    for number, film in enumerate([*args.films, *made]):
        out = args.out / f'{number:02d}_{film.stem}'
        rows.append(row(film.absolute(), out, options))
        table.write_text(
            '\n'.join(f'| {" | ".join(cells)} |' for cells in rows) + '\n'
        )
        console.print(f'{film.name}: exit {rows[-1][1]}', markup=False)
    console.print(f'written: {table}', markup=False)
    return 0


if __name__ == '__main__':
    raise SystemExit(main())
