"""The demo: four real videos to 2D evidence, tracks and crops.

The videos come inside the package ``pose2sim`` (BSD-3): one man seen by four
cameras. Nothing is asked for a registration; the package and the BlazePose
models are fetched into a cache, once.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console

from ..datasets import TrackDataset
from ..detection import BlazePoseDetector, write_openpose_json
from ..structures import PersonTrack
from ..utils.command import one_line_errors
from ..utils.package_data import fetch_known
from ..utils.setup_env import register_all_modules
from .convert import convert, summary
from .detect import detect

CAMERAS = ('cam01', 'cam02', 'cam03', 'cam04')
CROPS_SHOWN = 8


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='demo', description='Real videos to 2D evidence, tracks, crops.'
    )
    add = parser.add_argument
    add('--out', type=Path, default=Path('work_dirs/demo'), help='folder')
    add('--cameras', nargs='+', choices=CAMERAS, default=list(CAMERAS))
    return parser


def make_track(camera: str, out: Path) -> PersonTrack:
    """Detect, write OpenPose JSON, read it back as a track with an overlay.

    Args:
        camera: One of :data:`CAMERAS`.
        out: Folder for everything that is written.

    Raises:
        InputError: If the video or a model cannot be fetched.
    """
    video = fetch_known(f'pose2sim/{camera}.mp4')
    json_folder = out / 'openpose' / camera
    result = detect(video, out, BlazePoseDetector())
    write_openpose_json(result, json_folder)
    reader = dict(type='OpenPoseReader', keypoints=json_folder, video=video)
    return convert(reader, out / 'tracks', overlay=True)[0]


def crop_sheet(tracks: Sequence[PersonTrack]) -> np.ndarray:
    """Some crops of each track, a row each.

    Args:
        tracks: The tracks.

    Returns:
        Image ``[N * S, 8 * S, 3]``, BGR, uint8.
    """
    dataset = TrackDataset(tracks=tracks)
    rows = []
    for i in range(len(dataset)):
        with dataset[i] as frames:
            last = len(frames) - 1
            chosen = np.linspace(0, last, CROPS_SHOWN).astype(int)
            images = frames.images[chosen].numpy()
        rows.append(np.concatenate(images.transpose(0, 2, 3, 1), axis=1))
    return np.concatenate(rows)[..., ::-1]


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if something is missing.
    """
    args = build_parser().parse_args(argv)
    register_all_modules()
    console = Console(soft_wrap=True, markup=False)
    tracks = []
    for camera in args.cameras:
        console.print(f'[demo] {camera}: BlazePose, OpenPose JSON, track')
        tracks.append(make_track(camera, args.out))
    sheet = args.out / 'crops.png'
    cv2.imwrite(str(sheet), crop_sheet(tracks))
    console.print(summary(tracks))
    console.print(
        f'[demo] look at {args.out / "tracks"}/*_overlay.mp4 and {sheet}'
    )
    return 0
