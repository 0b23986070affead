"""Time of reading and writing a video: ``benchmarks/bench_video.py VIDEO``.

Times are of the processor for this process, in ms a frame; on a machine with
other jobs the time that passes is longer. The first frames of the video are
written at 540p with each codec and read again; PSNR is against what was
written.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from time import process_time

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from semtta_mm.datasets import read_frames, video_info
from semtta_mm.datasets.video import video_notes
from semtta_mm.visualization import VideoWriter

HEIGHT = 540


def milliseconds(run: Callable[[], object], frames: int) -> float:
    """Processor time a frame of one call."""
    start = process_time()
    run()
    return 1000 * (process_time() - start) / frames


def shrunk(image: np.ndarray) -> np.ndarray:
    """At most 540 rows, with even sides."""
    scale = min(1.0, HEIGHT / image.shape[0])
    size = [round(n * scale) // 2 * 2 for n in image.shape[1::-1]]
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('video', type=Path)
    parser.add_argument('--frames', type=int, default=120)
    args = parser.parse_args()
    console = Console()
    start = process_time()
    info = video_info(args.video)
    console.print(info, *video_notes(info), sep='\n')
    console.print(
        f'facts of the file: {1e3 * (process_time() - start):.0f} ms'
    )
    count = min(info.frame_count, args.frames)
    numbers = np.arange(count)
    decode = milliseconds(
        lambda: list(read_frames(args.video, numbers)), count
    )
    console.print(f'decoding: {decode:.1f} ms a frame')
    images = [
        shrunk(i) for _, i in islice(read_frames(args.video, numbers), count)
    ]
    table = Table('codec', 'ms a frame', 'kB', 'PSNR, dB', title='540p')
    with tempfile.TemporaryDirectory() as folder:
        for codec in ('h264', 'mp4v'):
            path = Path(folder) / f'{codec}.mp4'

            def write() -> None:
                with VideoWriter(path, 30, codec=codec) as writer:  # noqa: B023
                    for image in images:
                        writer.write(image)

            time = milliseconds(write, count)
            found = (image for _, image in read_frames(path, numbers))
            psnr = [cv2.PSNR(a, b) for a, b in zip(found, images, strict=True)]
            size = path.stat().st_size / 1000
            table.add_row(
                codec, f'{time:.1f}', f'{size:.0f}', f'{np.mean(psnr):.1f}'
            )
    console.print(table)
    return 0


if __name__ == '__main__':
    sys.exit(main())
