"""Checks of installed packages, from their metadata and in a sub-process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from ..compat.install import (
    NEIGHBOURS,
    installed_version,
    own_requirements,
    providers,
    replaced_by,
)
from ..utils.optional import INSTALL_MM, extra

OK, MISSING, PROBLEM = 'ok', 'missing', 'problem'
INFO = 'info'
OPTIONAL_EXTRAS = ('text', 'vlm', 'datasets', 'synthetic')
"""Extras of features that the default pipeline does not use."""

_IMPORTS = (
    'numpy',
    'torch',
    'torchvision',
    'cv2',
    'mmengine',
    'mmcv',
    'scipy',
    'numba',
    'ai_edge_litert.interpreter',
    'xtcocotools.mask',
)
_NOT_NEEDED = ('torchvision', 'xtcocotools.mask')
"""Failures of these stop other uses, not the default pipeline."""

_TIME_OUT = 180

_PROBE = """
import importlib, json, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
        found = ''
    except BaseException as error:
        found = f'{type(error).__name__}: {error}'
    print('semtta', json.dumps([name, found]), flush=True)
try:
    import torch
    n = torch.cuda.device_count()
    names = [torch.cuda.get_device_name(i) for i in range(n)]
    print('semtta', json.dumps(['cuda', names]), flush=True)
    print('semtta', json.dumps(['threads', torch.get_num_threads()]))
except BaseException:
    pass
"""
"""Run in a process of its own: a broken package may end it."""


@dataclass(frozen=True)
class Check:
    """One line of the report.

    Attributes:
        group: Heading.
        name: What was checked.
        state: ``'ok'``, ``'missing'``, ``'problem'`` or ``'info'``.
        found: Version, path or number.
        fix: What to type; empty if nothing is to do.
        required: Whether the default pipeline needs it.
    """

    group: str
    name: str
    state: str
    found: str = ''
    fix: str = ''
    required: bool = False

    @property
    def blocks(self) -> bool:
        """Whether the default pipeline cannot run."""
        return self.required and self.state in (MISSING, PROBLEM)


def package_checks() -> list[Check]:
    """Versions of the core, of the OpenMMLab packages and of the extras."""
    core = {str(r) for r in own_requirements('')}
    checks = [
        Check('packages', 'python', OK, sys.version.split()[0]),
        _own_version(),
    ]
    install = "pip install -e '.[blazepose]'"
    for requirement in own_requirements(''):
        checks.append(_package(requirement, 'packages', install, True))
    known = core | {str(r) for r in own_requirements('blazepose')}
    for requirement in _only('blazepose', core):
        command = extra('blazepose')
        checks.append(_package(requirement, 'packages', command, True))
    for line in NEIGHBOURS:
        requirement = Requirement(line)
        needed = requirement.name == 'mmpose'
        checks.append(_package(requirement, 'OpenMMLab', INSTALL_MM, needed))
    for requirement in _only('mm', known):
        checks.append(_package(requirement, 'OpenMMLab', INSTALL_MM, True))
    for name in OPTIONAL_EXTRAS:
        for requirement in _only(name, known):
            group = f'extra {name}'
            checks.append(_package(requirement, group, extra(name), False))
    return checks


def conflict_checks() -> list[Check]:
    """Combinations of packages that are known not to work."""
    found = []
    numpy, setuptools = map(installed_version, ('numpy', 'setuptools'))
    if (
        numpy is not None
        and Version(numpy).major >= 2
        and installed_version('xtcocotools') is not None
    ):
        problem = f'numpy {numpy}: xtcocotools is built for numpy 1'
        found.append(_conflict('numpy and xtcocotools', problem, INSTALL_MM))
    if setuptools is None or Version(setuptools).major >= 81:
        problem = f'setuptools {setuptools}: mmengine needs pkg_resources'
        fix = "pip install 'setuptools<81'"
        found.append(_conflict('setuptools', problem, fix))
    for module in ('cv2', 'mmcv'):
        names = providers(module)
        if len(names) > 1:
            fix = f'pip uninstall {" ".join(names)}, then install one'
            problem = f'{module} comes from {" and ".join(names)}'
            found.append(_conflict(module, problem, fix))
    builds = {
        name: _build(installed_version(name))
        for name in ('torch', 'torchvision')
    }
    if None not in builds.values() and len(set(builds.values())) > 1:
        problem = ', '.join(f'{k} is for {v}' for k, v in builds.items())
        fix = 'install both from one index'
        found.append(
            Check('conflicts', 'torch and torchvision', PROBLEM, problem, fix)
        )
    return found or [Check('conflicts', 'known ones', OK, 'none')]


def import_checks(command: Iterable[str] | None = None) -> list[Check]:
    """Whether the packages of the default pipeline can be imported.

    Args:
        command: Starts Python; None takes this interpreter.
    """
    start = [sys.executable] if command is None else list(command)
    try:
        done = subprocess.run(
            [*start, '-c', _PROBE, *_IMPORTS],
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIME_OUT,
        )
        lines = done.stdout.splitlines()
    except (OSError, subprocess.TimeoutExpired) as error:
        return [Check('imports', 'python', PROBLEM, str(error), '', True)]
    rows = [line[7:] for line in lines if line.startswith('semtta ')]
    found = dict(json.loads(row) for row in rows)
    checks = []
    for name in _IMPORTS:
        failure = found.get(name, f'ended the process ({done.returncode})')
        state = PROBLEM if failure else OK
        fix = 'docs/troubleshooting.md' if failure else ''
        if failure and name == 'torchvision':
            fix = 'our commands replace it; else register_all_modules()'
        needed = name not in _NOT_NEEDED
        checks.append(
            Check('imports', name, state, failure.split('\n')[0], fix, needed)
        )
    devices = found.get('cuda') or []
    cuda = ', '.join(devices) or 'no CUDA device: the CPU is used'
    checks.append(Check('machine', 'CUDA', INFO, cuda))
    if 'threads' in found:
        text = f'{found["threads"]} of torch by default'
        checks.append(Check('machine', 'threads', INFO, text))
    return checks


def _own_version() -> Check:
    version = installed_version('semtta_mm')
    if version is None:
        fix = "pip install -e '.[blazepose]'"
        text = 'no metadata: its requirements are unknown'
        return Check('packages', 'semtta_mm', MISSING, text, fix, True)
    return Check('packages', 'semtta_mm', OK, version)


def _only(name: str, known: set[str]) -> list[Requirement]:
    """Requirements that an extra adds."""
    return [r for r in own_requirements(name) if str(r) not in known]


def _package(
    requirement: Requirement, group: str, command: str, needed: bool
) -> Check:
    name = canonicalize_name(requirement.name)
    version = installed_version(name)
    if version is None:
        others = replaced_by(requirement)
        if others:
            text = f'{others[0]} {installed_version(others[0])} instead'
            return Check(group, name, OK, text, required=needed)
        return Check(group, name, MISSING, '', command, needed)
    if not requirement.specifier.contains(version, prereleases=True):
        text = f'{version}, wanted {requirement.specifier}'
        fix = f"pip install '{name}{requirement.specifier}'"
        return Check(group, name, PROBLEM, text, fix, needed)
    return Check(group, name, OK, version, required=needed)


def _conflict(name: str, problem: str, fix: str) -> Check:
    return Check('conflicts', name, PROBLEM, problem, fix, True)


def _build(version: str | None) -> str | None:
    """``'cpu'``, ``'cuda'``, or None where the version does not tell."""
    local = (version or '').partition('+')[2]
    if not local:
        return None
    return 'cuda' if local.startswith('cu') else local
