"""Making the motion dictionary: what ``tools/build_dictionary.py`` runs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from ..models.motion_text import MiniLMText, read_dictionary
from ..models.motion_text.build_dictionary import build_dictionary
from ..synthetic.motions.motion_set import read_motion_set
from ..utils.command import one_line_errors

ENCODER = 'all-MiniLM-L6-v2'


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='build_dictionary',
        description='Write labels, text vectors and exemplars of a motion '
        'set. Only motions that may be passed on become exemplars.',
    )
    add = parser.add_argument
    add('motions', type=Path, help='npz of `semtta make-motions`')
    add('--out', type=Path, required=True, help='npz to write')
    add('--text-folder', type=Path, help='folder of all-MiniLM-L6-v2')
    return parser


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if the input is bad.
    """
    args = build_parser().parse_args(argv)
    clips = read_motion_set(args.motions)
    text = MiniLMText(args.text_folder)
    path = build_dictionary(args.out, clips, text, ENCODER)
    dictionary = read_dictionary(path)
    own = sum(
        a == b
        for a, b in zip(dictionary.labels, dictionary.exemplar, strict=True)
    )
    Console(markup=False, soft_wrap=True).print(
        f'{path}: {len(dictionary)} labels, {own} with an exemplar of '
        f'their own, {path.stat().st_size / 1e3:.0f} kB'
    )
    return 0
