"""Console script ``semtta``: one name per command, imported when used."""

import argparse
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module

from ..utils import InputError
from ..utils.command import one_line_errors, print_error
from ..utils.threads import wait_passively
from ..version import __version__

GROUPS = {
    'Use': {
        'run': 'adapt to the people in any videos and write results',
        'adapt': 'adapt a network to the tracks of a config, or to a video',
        'test': 'score a network without adapting it',
        'demo': 'adapt to four real videos and score the result',
        'export': 'write results as meshes, skeletons and tables',
        'view': 'show saved results: a page, a .glb, a rerun file',
        'detect': 'detect the 2D keypoints of a person in a video',
        'doctor': 'check packages, files and the machine',
        'plot': 'draw the curves of a finished adaptation',
        'install-mm': 'install mmpose and mmhuman3d and what they need',
        'completion': 'print a script for completion with the Tab key',
    },
    'Evaluate': {
        'benchmark': 'run the rows of a table on its tracks',
        'calibrate-lifter': 'measure the errors that the lifter expects',
        'eval-labels': 'score labels by the motion on test sets',
        'eval-motion-text': 'score a motion-text model by retrieval',
        'check-test-set': 'measure what a test set can show',
        'diagnose-alignment': 'test whether the alignment loss repairs motion',
        'calibrate-alignment': 'write what true motions have, by label',
        'fit-labels': 'fit what names the action of a lifted motion',
        'bound-retrieval': 'bound what the labels know about hidden joints',
        'score-detector': 'score 2D detectors on four real videos',
        'score-pose2sim': "score BlazePose's own 3D on the real tracks",
    },
    'Prepare data': {
        'convert': 'convert keypoint files or a published data set to tracks',
        'convert-checkpoint': 'convert a public checkpoint to safetensors',
        'convert-movenet': 'write MoveNet as a checkpoint of mmpose',
        'prepare-smpl': 'check official SMPL files and convert them to npz',
        'prepare-pose2sim': 'build the four real tracks with 3D reference',
        'build-dictionary': 'build the dictionary of labels and motions',
        'make-test-set': 'render a held-out synthetic test set',
    },
    'Train': {
        'make-motions': 'write labelled motions, by split',
        'make-crops': 'render synthetic training crops with exact labels',
        'make-source-bank': 'write labelled crops for BOA and DynaBOA',
        'extract-features': 'extract the features that a head is trained on',
        'train': 'train a network by a config',
        'fit-pose-space': 'fit the space of body poses that DAPA perturbs',
    },
    'Develop': {
        'publish': 'add trained weights to the package',
    },
}
"""Command to its line in ``semtta --help``, by group."""

COMMANDS = {
    name: line for group in GROUPS.values() for name, line in group.items()
}

OLD_NAMES = {
    'ablate': 'benchmark',
    'describe-crops': 'extract-features',
}
"""Names of earlier versions: they run the new command, with a warning."""

_ELSEWHERE = {'install-mm': 'semtta_mm.compat.install'}
_WIDTH = 21


def module_of(command: str) -> str:
    """Module of a command; its ``main(argv)`` returns an exit code."""
    default = f'semtta_mm.commands.{command.replace("-", "_")}'
    return _ELSEWHERE.get(command, default)


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: Arguments without the program's name; None takes the process's.

    Returns:
        Exit code: 0 for success, 2 for bad input or a missing package, 130
        after Ctrl-C; the reason is one line on stderr.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = build_parser()
    if not arguments:
        parser.print_help(sys.stderr)
        return 2
    name = parser.parse_args(arguments[:1]).command
    command = OLD_NAMES.get(name, name)
    if command not in COMMANDS:
        raise _unknown(name)
    wait_passively()
    if command != name:
        print_error(f'`semtta {name}` is deprecated, use `semtta {command}`')
    return import_module(module_of(command)).main(arguments[1:])


def build_parser() -> argparse.ArgumentParser:
    """Arguments of ``semtta`` itself."""
    parser = argparse.ArgumentParser(
        prog='semtta',
        usage='semtta COMMAND [options]',
        description='Test-time adaptation for 3D human mesh recovery.\n\n'
        + _overview(),
        epilog='`semtta COMMAND --help` describes a command.',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        '--version', action='version', version=f'semtta_mm {__version__}'
    )
    parser.add_argument('command', help=argparse.SUPPRESS)
    return parser


def _overview() -> str:
    """All commands, one a line, under the titles of their groups."""
    groups = []
    for title, commands in GROUPS.items():
        lines = [f'  {name:{_WIDTH}}{text}' for name, text in commands.items()]
        groups.append('\n'.join([f'{title}:', *lines]))
    return '\n\n'.join(groups)


def _unknown(name: str) -> InputError:
    near = get_close_matches(name, COMMANDS)
    near += [c for c in COMMANDS if c.startswith(name) and c not in near]
    fix = '`semtta --help` lists the commands'
    if near:
        fix = f'did you mean {" or ".join(near)}? {fix}'
    return InputError('semtta', name, 'is not a command', fix)
