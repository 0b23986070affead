"""``semtta prepare-pose2sim``: the ``pose2sim`` tracks."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console

from ..datasets.pose2sim_tracks import SOURCES
from ..detection import BlazePoseDetector, DetectionResult, detect_cached
from ..detection.blazepose import VARIANTS
from ..geometry.triangulation import Camera
from ..models.bodies import SMPLBody
from ..preparation.pose2sim import (
    CameraFit,
    MultiView,
    convert_pose2sim,
    fit_cameras,
    leave_one_out_std,
    lens_residual,
    limb_views,
    own_reprojection,
    ray_angles,
    read_qualisys,
    write_manifest,
    write_tracks,
)
from ..structures import PersonTrack
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.package_data import cache_dir, fetch_known
from ..utils.wide_table import WideTable

SOURCES_HELP = (
    f'BlazePose networks ({", ".join(VARIANTS)}); the first makes the '
    f'references; default: {" ".join(SOURCES)}'
)


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta prepare-pose2sim',
        description='Build four real tracks with a 3D reference from the '
        'other cameras.',
    )
    add = parser.add_argument
    add('--out', type=Path, required=True, help='folder for the tracks')
    add(
        '--sources',
        nargs='+',
        choices=VARIANTS,
        default=list(SOURCES),
        metavar='NETWORK',
        help=SOURCES_HELP,
    )
    add('--threads', type=int, default=2, help='CPU threads')
    add(
        '--detections',
        type=Path,
        help='folder of earlier detections; default: in the cache',
    )
    add(
        '--portable',
        action='store_true',
        help='leave out the paths of the videos, which are in your cache',
    )
    return parser


def detect_all(
    cameras: Sequence[Camera],
    source: str,
    args: argparse.Namespace,
    console: Console,
) -> tuple[dict[str, Path], dict[str, DetectionResult]]:
    """Fetch the videos and detect in them, or read earlier detections.

    Returns:
        Videos and detections, both by the name of the camera.

    Raises:
        InputError: If a video or model cannot be fetched.
    """
    detector = BlazePoseDetector(source, threads=args.threads)
    folder = args.detections or cache_dir() / 'detections'
    videos, found = {}, {}
    for camera in cameras:
        console.print(f'[pose2sim] {camera.name}: BlazePose {source}')
        videos[camera.name] = fetch_known(f'pose2sim/{camera.name}.mp4')
        found[camera.name] = detect_cached(
            detector, videos[camera.name], folder
        )
    return videos, found


def reference_table(
    tracks: Sequence[PersonTrack],
    views: MultiView,
    fits: Sequence[CameraFit] = (),
) -> WideTable:
    """Quality of the reference, one track a row."""
    table = WideTable(
        ['track'],
        [
            *('frames', 'valid\nframes', 'valid\njoints'),
            *('own repro-\njection px', 'lens\nresidual px'),
            *('pelvis ray\ndeg', *(['fit resi-\ndual mm'] if fits else [])),
        ],
        title='reference of each camera, from the other cameras',
    )
    for index, track in enumerate(tracks):
        reference = track.reference
        if reference is None or reference.joints_valid is None:
            raise ValueError('reference: the track has none')
        table.add_row(
            track.name,
            str(len(track)),
            str(len(ray_angles(track))),
            f'{reference.joints_valid.mean():.1%}',
            f'{np.nanmedian(own_reprojection(views, index)):.1f}',
            f'{np.nanmedian(lens_residual(views, index)):.2f}',
            f'{np.median(ray_angles(track)):.1f}',
            *_residual(fits[index : index + 1]),
        )
    return table


def _residual(fits: Sequence[CameraFit]) -> list[str]:
    return [f'{1000 * np.nanmedian(fit.limb_residuals()):.1f}' for fit in fits]


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    console = make_console()
    cameras = read_qualisys(fetch_known('pose2sim/Calib.qca.txt'))
    found: dict[str, dict[str, DetectionResult]] = {}
    for source in args.sources:
        videos, found[source] = detect_all(cameras, source, args, console)
    best = found[args.sources[0]]
    console.print('[pose2sim] fitting the open body')
    fits = fit_cameras(best, cameras, SMPLBody())
    named = {} if args.portable else videos
    write_tracks(args.out, found, cameras, fits, named)
    write_manifest(args.out, found, fits, _command(args))
    views = limb_views(best, cameras)
    console.print(
        reference_table(
            convert_pose2sim(best, cameras), views, list(fits.values())
        )
    )
    std = 1000 * np.nanmedian(leave_one_out_std(views))
    console.print(
        f'[pose2sim] leave-one-camera-out std: median {std:.1f} mm; '
        f'written: {args.out}'
    )
    return 0


def _command(args: argparse.Namespace) -> str:
    """The command without the paths of this machine."""
    portable = '--portable ' if args.portable else ''
    sources = ' '.join(args.sources)
    return f'semtta prepare-pose2sim {portable}--sources {sources} --out .'
