"""BlazePose's networks and score thresholds on a handheld test set.

    python benchmarks/bench_handheld_2d.py FOLDER [--network heavy]

Without ``--network`` it reads what the set's own detector gave; with it, the
network runs over the videos. Prints, for each threshold, the properties of
``semtta check-test-set`` that depend on the files alone.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from semtta_mm.datasets.readers.test_set import TestSetReader, clip_of
from semtta_mm.detection import (
    BlazePoseDetector,
    DetectionResult,
    load_result,
)
from semtta_mm.experiments.evidence_check import evidence_values
from semtta_mm.structures import PersonTrack
from semtta_mm.synthetic.test_sets.handheld.detected import (
    MIN_SCORE,
    person_track,
)
from semtta_mm.synthetic.test_sets.variants import HANDHELD

VALUES = ('missing', 'hidden', 'guessed', 'error_share', 'no_person')


def detections(
    folder: Path, track: PersonTrack, detector: BlazePoseDetector | None
) -> DetectionResult:
    """What a detector gave, or gives, for a track's video."""
    clip = clip_of(track.name)
    place = folder / 'clips' / clip / track.name.removeprefix(f'{clip}_')
    if detector is None:
        return load_result(place / 'detections.npz')
    return detector.detect(place / 'video.mp4', fps=track.fps)


def rescored(
    found: Sequence[tuple[Path, PersonTrack, DetectionResult]], score: float
) -> dict[Path, list[PersonTrack]]:
    """Tracks by folder, with another least score of a keypoint."""
    out: dict[Path, list[PersonTrack]] = {}
    for folder, track, result in found:
        new = person_track(
            result, track.convention, track.name, track.boxes, score
        )
        out.setdefault(folder, []).append(new)
    return out


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('folders', type=Path, nargs='+')
    add('--network', choices=('lite', 'full', 'heavy'))
    add('--scores', type=float, nargs='+', default=[0.3, 0.5, 0.65, 0.8])
    args = parser.parse_args()
    detector = args.network and BlazePoseDetector(
        args.network, None, None, MIN_SCORE, MIN_SCORE, threads=1
    )
    found = [
        (folder, track, detections(folder, track, detector))
        for folder in args.folders
        for track in TestSetReader(folder, tuple(HANDHELD))()
    ]
    table = Table(title=args.network or 'as recorded')
    for name in ('variant', 'score', *VALUES):
        table.add_column(name)
    for variant in (*HANDHELD, ''):
        pairs = [p for p in found if p[1].name.endswith(variant)]
        for score in args.scores:
            values = evidence_values(rescored(pairs, score))
            cells = [values[name] for name in VALUES]
            table.add_row(
                variant or 'all',
                f'{score:g}',
                *('-' if v is None else f'{100 * v:.1f} %' for v in cells),
            )
    Console(width=120).print(table)


if __name__ == '__main__':
    main()
