"""``semtta export``: results in formats of other programs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..apis.export import export_results, find_results
from ..export import check_formats, formats
from ..export.formats import MANIFEST
from ..utils.command import one_line_errors
from ..utils.console import FieldList, make_console

AT_A_RATE = ('amass', 'bvh')
"""Formats in which missing frames are interpolated."""


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta export',
        description='Write results as meshes, skeletons and tables.',
    )
    add = parser.add_argument
    add(
        'result',
        type=Path,
        help='result.npz, the folder of a person, or a work directory',
    )
    add_save(parser, required=True)
    add('--out', type=Path, help='default: beside each result.npz')
    add(
        '--smpl-model',
        metavar='PATH',
        help='file or folder of official SMPL, for results made with it; '
        'results of the open body need none',
    )
    return parser


def add_save(parser: argparse.ArgumentParser, required: bool = False) -> None:
    """Add ``--save FORMAT...`` and ``--world``.

    Args:
        parser: Of the command.
        required: Whether formats must be given.
    """
    parser.add_argument(
        '--save',
        nargs='+',
        metavar='FORMAT',
        default=[],
        required=required,
        help=f'of {", ".join(formats())}',
    )
    parser.add_argument(
        '--world',
        action='store_true',
        help='place people on a level floor (with --save, static camera)',
    )


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    check_formats(args.save)
    written = export_results(
        find_results(args.result),
        args.save,
        out=args.out,
        world=args.world,
        smpl_model=args.smpl_model,
    )
    people = [(name, _fields(files)) for name, files in written.items()]
    make_console().print(FieldList('', people))
    return 0


def _fields(files: Mapping[str, Path]) -> dict[str, str]:
    """Written files, and how many frames of them are interpolated."""
    fields = {name: str(path) for name, path in files.items()}
    manifest = next(iter(files.values())).parent / MANIFEST
    at_a_rate = [name for name in AT_A_RATE if name in files]
    if at_a_rate and manifest.is_file():
        said = json.loads(manifest.read_text(encoding='utf-8'))
        count = len(said['interpolated_frames'])
        if count:
            fields['interpolated'] = (
                f'{count} of {said["frames"]} frames of '
                + ', '.join(at_a_rate)
            )
    return fields
