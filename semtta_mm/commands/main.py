"""Console script ``semtta``: one name per command, imported when used."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from .utils.command import one_line_errors
from .version import __version__

COMMANDS = {
    'install-mm': 'semtta_mm.compat.install:main',
    'detect': 'semtta_mm.apis.detect:main',
    'prepare-smpl': 'semtta_mm.apis.prepare_smpl:main',
    'prepare-pose2sim': 'semtta_mm.apis.prepare_pose2sim:main',
    'score-pose2sim': 'semtta_mm.apis.score_pose2sim:main',
    'make-crops': 'semtta_mm.apis.make_crops:main',
    'describe-crops': 'semtta_mm.apis.describe_crops:main',
    'make-motions': 'semtta_mm.apis.make_motions:main',
    'make-test-set': 'semtta_mm.apis.make_test_set:main',
    'convert': 'semtta_mm.apis.convert:main',
    'convert-checkpoint': 'semtta_mm.apis.convert_checkpoint:main',
    'build-dictionary': 'semtta_mm.apis.build_dictionary:main',
    'eval-motion-text': 'semtta_mm.apis.eval_motion_text:main',
    'diagnose-alignment': 'semtta_mm.apis.diagnose_alignment:main',
    'demo': 'semtta_mm.apis.demo:main',
    'publish': 'semtta_mm.apis.publish:main',
    'adapt': 'semtta_mm.apis.adapt:main',
    'ablate': 'semtta_mm.apis.ablate:main',
    'test': 'semtta_mm.apis.test:main',
    'train': 'semtta_mm.apis.train:main',
}
"""Command to ``module:function``, which takes the arguments after the command
and returns an exit code."""


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: Arguments without the program's name; None takes the process's.

    Returns:
        Exit code: 0 for success, 2 for bad input or a missing package, which
        are told in one line.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog='semtta',
        description='Test-time adaptation for 3D human mesh recovery.',
        epilog='`semtta COMMAND --help` describes a command.',
    )
    parser.add_argument(
        '--version', action='version', version=f'semtta_mm {__version__}'
    )
    parser.add_argument('command', choices=sorted(COMMANDS))
    command = parser.parse_args(arguments[:1]).command
    module, _, function = COMMANDS[command].partition(':')
    return getattr(import_module(module), function)(arguments[1:])
