"""``semtta completion``: a script that completes commands and options."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module

from ..utils import extra, require
from ..utils.command import one_line_errors
from ..utils.console import make_console
from .main import COMMANDS, module_of

SHELLS = ('bash', 'zsh', 'fish')


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta completion',
        description='Print a script for completion with the Tab key.',
        epilog='bash: semtta completion bash > '
        '~/.local/share/bash-completion/completions/semtta',
    )
    parser.add_argument('shell', choices=SHELLS)
    return parser


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    shtab = require('shtab', 'semtta completion', extra('completion'))
    make_console().print(shtab.complete(whole_parser(), shell=args.shell))
    return 0


def whole_parser() -> argparse.ArgumentParser:
    """All commands as sub-commands of one parser.

    ``semtta`` itself imports only the command that runs; the script needs
    the options of all.
    """
    whole = argparse.ArgumentParser(prog='semtta')
    whole.add_argument('--version', action='store_true')
    commands = whole.add_subparsers(dest='command')
    for name, line in COMMANDS.items():
        own = import_module(module_of(name)).build_parser()
        commands.add_parser(
            name,
            help=line,
            description=own.description,
            parents=[own],
            add_help=False,
        )
    return whole
