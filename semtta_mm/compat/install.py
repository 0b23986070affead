"""``semtta install-mm``: installs mmpose and mmhuman3d for a modern Python.

Their metadata requires packages that can no longer be built and that they do
not import, so pip cannot install them in the usual way. The packages that
they import are our extra ``mm``; the two themselves are installed with
``--no-deps``. This module needs ``packaging`` only, so that it also completes
an installation by ``pip install --no-deps semtta_mm``.
"""

import argparse
import importlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

NEIGHBOURS = ('mmhuman3d==0.11.0', 'mmpose==1.3.2')
"""Installed with ``--no-deps``: the versions that ``compat`` supports."""

REPLACES = {'mmcv-lite': 'mmcv', 'opencv-python': 'cv2'}
"""A requirement of ours that another distribution can replace, and the module
that both install."""

Report = Callable[[str], None]
"""Prints one line of progress."""


class InstallError(RuntimeError):
    """The installation failed; the message is one line."""


def installed_version(name: str) -> str | None:
    """Version of an installed distribution, None if it is absent."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def providers(module: str) -> list[str]:
    """Names of the distributions that install a top-level module."""
    importlib.invalidate_caches()
    names = metadata.packages_distributions().get(module, [])
    return sorted({canonicalize_name(name) for name in names})


def own_requirements(extra: str = 'mm') -> list[Requirement]:
    """Requirements of the installed semtta_mm, with one extra."""
    lines = metadata.requires('semtta_mm') or []
    found = [Requirement(line) for line in lines]
    return [
        requirement
        for requirement in found
        if requirement.marker is None
        or requirement.marker.evaluate({'extra': extra})
    ]


def read_constraints(path: Path | None) -> list[Requirement]:
    """Requirements in a constraint file; options of pip are skipped.

    Raises:
        InstallError: If the file is missing or a line is not a requirement.
    """
    if path is None:
        return []
    if not path.is_file():
        raise InstallError(f'{path}: there is no such constraint file')
    lines = [line.split('#')[0].strip() for line in path.open()]
    try:
        return [Requirement(x) for x in lines if x and not x.startswith('-')]
    except InvalidRequirement as error:
        raise InstallError(f'{path}: {error}') from error


def replaced_by(requirement: Requirement) -> list[str]:
    """Other installed distributions that replace a requirement.

    A full ``mmcv`` replaces ``mmcv-lite``, ``opencv-python-headless``
    replaces ``opencv-python``: installing ours would overwrite their files.
    """
    name = canonicalize_name(requirement.name)
    if name not in REPLACES:
        return []
    return [other for other in providers(REPLACES[name]) if other != name]


def unsatisfied(
    requirements: Iterable[Requirement], constraints: Iterable[Requirement]
) -> list[Requirement]:
    """Requirements that are absent or of a wrong version."""
    limits = list(constraints)
    missing = []
    for requirement in requirements:
        version = installed_version(requirement.name)
        name = canonicalize_name(requirement.name)
        rules = [requirement.specifier] + [
            limit.specifier
            for limit in limits
            if canonicalize_name(limit.name) == name
        ]
        if version is None or not all(
            rule.contains(version, prereleases=True) for rule in rules
        ):
            missing.append(requirement)
    return missing


def pip(arguments: Sequence[str], dry_run: bool, report: Report) -> None:
    """Run pip of this interpreter.

    Raises:
        InstallError: If pip fails; pip prints its messages before.
    """
    command = [sys.executable, '-m', 'pip', *arguments]
    report('  ' + ' '.join(['pip', *arguments]))
    if dry_run:
        return
    code = subprocess.run(command, check=False).returncode
    if code != 0:
        raise InstallError(
            f'pip stopped with code {code}, see its message above; '
            f'the command was: {" ".join(command)}'
        )


def check_single_providers(modules: Iterable[str] = ('cv2', 'mmcv')) -> None:
    """Refuse an environment where one package overwrites another.

    Raises:
        InstallError: If not exactly one distribution provides a module.
    """
    for module in modules:
        found = providers(module)
        if len(found) != 1:
            raise InstallError(
                f'{module} must come from exactly one distribution, found '
                f'{", ".join(found) or "none"}. Uninstall all of these with '
                'pip and install the one you want'
            )


def _own(requirements: list[Requirement], report: Report) -> list[Requirement]:
    """Requirements without those that another distribution replaces."""
    kept = []
    for requirement in requirements:
        others = replaced_by(requirement)
        if others:
            report(
                f'{", ".join(others)} is kept in place of {requirement.name}'
            )
        else:
            kept.append(requirement)
    return kept


def install_mm(
    constraints: Path | None,
    dry_run: bool,
    report: Report,
    run: Callable = pip,
) -> None:
    """Install the missing packages; see the module's docstring.

    Args:
        constraints: Constraint file for pip.
        dry_run: Report the commands and run none.
        report: Called with one line per step.
        run: Like :func:`pip`.

    Raises:
        InstallError: If pip fails, or ``cv2`` or ``mmcv`` is provided twice.
    """
    limits = read_constraints(constraints)
    wanted = _own(own_requirements(), report)
    missing = unsatisfied(wanted, limits)
    neighbours = unsatisfied(map(Requirement, NEIGHBOURS), ())
    option = ['-c', str(constraints)] if constraints else []
    if missing:
        report(f'installing requirements: {", ".join(_lines(missing))}')
        # All of them, so that pip resolves them together.
        run(['install', '-q', *option, *_lines(wanted)], dry_run, report)
    if neighbours:
        names = [str(requirement) for requirement in neighbours]
        report(f'installing without dependencies: {", ".join(names)}')
        run(['install', '-q', '--no-deps', *names], dry_run, report)
    if not dry_run:
        check_single_providers()
    report('nothing to do' if not missing + neighbours else 'done')


def _lines(requirements: list[Requirement]) -> list[str]:
    """Sorted, without markers, which are evaluated before."""
    return sorted({str(line).split(';')[0].strip() for line in requirements})


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta install-mm',
        description='Install mmpose, mmhuman3d and their requirements.',
    )
    parser.add_argument(
        '-c', '--constraints', type=Path, help='constraint file for pip'
    )
    parser.add_argument(
        '--dry-run',
        action='store_true',
        help='print the commands and run none',
    )
    return parser


def main(argv: Sequence[str]) -> int:
    """Entry of ``semtta install-mm``.

    Returns:
        Exit code: 0 if all is installed, 1 with a one-line reason otherwise.
    """
    args = build_parser().parse_args(argv)
    try:
        install_mm(args.constraints, args.dry_run, _report)
    except InstallError as error:
        sys.stderr.write(f'semtta install-mm: {error}\n')
        return 1
    return 0


def _report(line: str) -> None:
    sys.stdout.write(f'[install-mm] {line}\n')
    sys.stdout.flush()
