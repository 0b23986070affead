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


def add_old_name(
    parser: argparse.ArgumentParser,
    old: str,
    new: str,
    dest: str | None = None,
    **options: Any,
) -> None:
    """Keep the old name of an option: it works and warns on stderr.

    Args:
        parser: Has the new option.
        old: The old name, e.g. ``'--enough'``; it is not in the help.
        new: The new name, e.g. ``'--saturation'``.
        dest: Attribute of the new option; None derives it from its name.
        options: Of ``add_argument``, such as ``type``; ``nargs=0`` for a
            flag, whose value is ``const`` (True).
    """
    dest = dest or new.lstrip('-').replace('-', '_')
    parser.add_argument(old, dest=dest, action=_OldName, new=new, **options)


class _OldName(argparse.Action):
    """Sets the value of the new option and prints the warning."""

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
        """Called by argparse for each use of the old name."""
        print_error(f'{option_string} is deprecated, use {self.new}')
        value = self.const if self.nargs == 0 else values
        setattr(namespace, self.dest, value)
