"""``semtta score-pose2sim``: BlazePose's own 3D, a row to compare with."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..datasets.pose2sim_tracks import (
    ASSETS,
    CAMERAS,
    SOURCES,
    Pose2SimTracks,
    load_blazepose_3d,
)
from ..evaluation import FRAMES
from ..evaluation.monocular import joints_report
from ..evaluation.report import Report
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.wide_table import WideTable

RATES = (60.0, 30.0)
METRICS = ('mpjpe', 'pa_mpjpe', 'accel')


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta score-pose2sim',
        description="Score BlazePose's monocular 3D against the reference "
        'from the other cameras.',
    )
    add = parser.add_argument
    add('--folder', type=Path, default=ASSETS, help='of the tracks')
    add('--sources', nargs='+', choices=SOURCES, default=list(SOURCES))
    return parser


def blazepose_report(
    fps: float = 30,
    source: str = 'heavy',
    frame: str = 'pelvis_ray',
    cameras: Sequence[str] = CAMERAS,
    folder: Path = ASSETS,
) -> Report:
    """Score BlazePose's own 3D as a stage of ``metrics.json``.

    Args:
        fps: 60, or 60 divided by a whole number.
        source: The network, ``'heavy'`` or ``'full'``.
        frame: ``'pelvis_ray'`` or ``'camera'``: axes of the reference.
        cameras: Names of the tracks.
        folder: Folder of the tracks.

    Returns:
        See :func:`~semtta_mm.evaluation.stage_report`. No video is needed.

    Raises:
        InputError: On an unknown name or a bad file.
    """
    tracks = Pose2SimTracks(fps, source, cameras, False, folder)
    pairs = [(t, load_blazepose_3d(t, source, folder)) for t in tracks]
    return joints_report(pairs, frame)


def results_table(source: str, folder: Path) -> WideTable:
    """A row for each track, rate and frame of reference."""
    table = WideTable(
        ['track', 'fps', 'axes'],
        METRICS,
        title=f'BlazePose {source}: its own 3D, limbs_12, mid_hip',
    )
    for fps in RATES:
        for frame in FRAMES:
            report = blazepose_report(fps, source, frame, folder=folder)
            rows = report['tracks'] | {'all': report['overall']}
            for name, row in rows.items():
                cells = [f'{row[metric]:.1f}' for metric in METRICS]
                table.add_row(name, f'{fps:g}', frame, *cells)
    return table


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    console = make_console()
    for source in args.sources:
        console.print(results_table(source, args.folder))
    return 0
