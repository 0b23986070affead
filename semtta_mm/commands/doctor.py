"""``semtta doctor``: what is installed, what is missing, what to type."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict

from ..utils.command import EXIT_INPUT, one_line_errors
from ..utils.console import make_console
from ..utils.wide_table import WideTable
from .doctor_files import (
    asset_checks,
    fetched_checks,
    licensed_checks,
    machine_checks,
)
from .doctor_packages import (
    MISSING,
    PROBLEM,
    Check,
    conflict_checks,
    import_checks,
    package_checks,
)

_STYLES = {PROBLEM: 'red', MISSING: 'yellow'}


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta doctor',
        description='Check packages, files and the machine.',
        epilog='exit codes: 0 the default pipeline can run, 2 it cannot',
    )
    add = parser.add_argument
    add('--json', action='store_true', help='print JSON for machines')
    add(
        '--no-imports',
        action='store_true',
        help='do not try imports, which takes some seconds',
    )
    return parser


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    checks = all_checks(imports=not args.no_imports)
    blocking = [check for check in checks if check.blocks]
    console = make_console()
    if args.json:
        rows = [asdict(check) for check in checks]
        report = {'ready': not blocking, 'checks': rows}
        console.print(json.dumps(report, indent=1))
    else:
        console.print(doctor_table(checks))
        console.print(verdict(blocking))
    return EXIT_INPUT if blocking else 0


def all_checks(imports: bool = True) -> list[Check]:
    """Every check, by group.

    Args:
        imports: Also try to import the packages of the default pipeline.
    """
    checks = [*package_checks(), *conflict_checks()]
    if imports:
        checks += import_checks()
    checks += [*asset_checks(), *fetched_checks(), *licensed_checks()]
    checks += machine_checks()
    groups = list(dict.fromkeys(check.group for check in checks))
    return sorted(checks, key=lambda check: groups.index(check.group))


def doctor_table(checks: Sequence[Check]) -> WideTable:
    """The checks, a row each.

    Args:
        checks: In the order of their groups.
    """
    heads = ('state', 'found', 'what to do')
    table = WideTable(['group', 'name'], heads, left=heads)
    for i, check in enumerate(checks):
        if i and check.group != checks[i - 1].group:
            table.add_section()
        style = _STYLES.get(check.state, '')
        cells = (check.group, check.name, check.state, check.found, check.fix)
        table.add_row(*cells, style=style)
    return table


def verdict(blocking: Sequence[Check]) -> str:
    """The last line: ready, or the first thing to do.

    Args:
        blocking: Checks without which the default pipeline cannot run.
    """
    if not blocking:
        return 'ready: semtta run VIDEO'
    first = blocking[0]
    names = ', '.join(check.name for check in blocking)
    return f'not ready ({names}); first: {first.fix or first.found}'
