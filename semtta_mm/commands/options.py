"""Options that several commands share."""

from __future__ import annotations

import argparse
from typing import Any

from mmengine.config import DictAction

from ..utils.command import print_error


def add_cfg_options(
    parser: argparse.ArgumentParser, example: str = ''
) -> None:
    """Add ``--cfg-options KEY=VALUE``, as in mmpose's tools.

    Args:
        parser: Of the command.
        example: One entry, for the help.
    """
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='change entries of the config'
        + (f', e.g. {example}' if example else ''),
    )


class OldName(argparse.Action):
    """Old name of an option: it works, warns on stderr, and has no help.

    Args:
        option_strings: The old name, as ``add_argument`` gives it.
        dest: Attribute of the new option.
        new: The new option, for the warning.
        nargs: 0 for a flag.
        const: Value of a flag.
        options: Of :class:`argparse.Action`, such as ``type``.
    """

    def __init__(
        self,
        option_strings: list[str],
        dest: str,
        new: str,
        nargs: int | str | None = None,
        const: Any = True,
        **options: Any,
    ) -> None:
        options |= {'default': argparse.SUPPRESS, 'help': argparse.SUPPRESS}
        super().__init__(option_strings, dest, nargs, const, **options)
        self.new = new

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Set the new option's value and print the warning."""
        print_error(f'{option_string} is deprecated, use {self.new}')
        setattr(
            namespace, self.dest, self.const if self.nargs == 0 else values
        )
