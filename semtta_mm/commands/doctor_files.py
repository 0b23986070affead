"""Checks of files, folders and the machine, without heavy imports."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from ..utils.package_data import cache_dir, known_files
from .doctor_packages import INFO, MISSING, OK, PROBLEM, Check

ASSETS = Path(__file__).parents[1] / 'assets'
GUIDE = 'docs/licensed_assets.md'
LOW_DISK_GB, LOW_MEMORY_GB = 1.0, 2.0
LICENSED = {
    'SMPL, neutral': ('smpl/SMPL_NEUTRAL.npz', 'SMPL_NEUTRAL.pkl'),
    'SMPL, male': ('smpl/SMPL_MALE.npz', 'SMPL_MALE.pkl'),
    'SMPL, female': ('smpl/SMPL_FEMALE.npz', 'SMPL_FEMALE.pkl'),
    'J_regressor_h36m.npy': ('J_regressor_h36m.npy',),
}
"""Files of ``$SMPL_MODEL_DIR``, any of each row."""

LICENSED_DATA = {
    'HMR, GroupNorm': 'data/checkpoints/hmr_basemodel.pt',
    'HMR2.0': 'data/checkpoints/hmr2/epoch=35-step=1000000.ckpt',
    'motion denoiser': 'data/checkpoints/md_basemodel.pt',
    'MotionCLIP': 'data/checkpoints/motionclip/checkpoint_0100.pth.tar',
    'dictionary of BABEL': 'data/dictionaries/babel.npz',
    '3DPW': 'data/3dpw',
}
"""Other licensed files, where the paper's configs expect them."""


def asset_checks(folder: Path = ASSETS) -> list[Check]:
    """Weights that ship: present and of the stated size.

    Args:
        folder: Of the assets.
    """
    try:
        text = (folder / 'weights' / 'manifest.json').read_text('utf-8')
        manifest = json.loads(text)
    except (OSError, ValueError) as error:
        fix = 'install semtta_mm again'
        name = 'weights/manifest.json'
        return [Check('assets', name, PROBLEM, str(error), fix, True)]
    checks = []
    for name, entry in manifest.items():
        path = folder / 'weights' / f'{name}.safetensors'
        size = path.stat().st_size if path.is_file() else 0
        good = size == entry['bytes']
        state = OK if good else (PROBLEM if size else MISSING)
        found = f'{size / 1e6:.1f} MB' if size else ''
        fix = '' if good else 'install semtta_mm again'
        checks.append(Check('assets', name, state, found, fix, True))
    return checks


def fetched_checks() -> list[Check]:
    """Files that are fetched once: which are in the cache."""
    detector = [n for n in known_files() if n.startswith('blazepose/')]
    cached = [n for n in detector if known_files()[n].path().is_file()]
    found = f'{len(cached)} of {len(detector)} files in the cache'
    full = len(cached) == len(detector)
    fix = '' if full else 'connect to the network once: semtta demo'
    state = OK if full else INFO
    return [Check('assets', 'BlazePose networks', state, found, fix)]


def licensed_checks() -> list[Check]:
    """Licensed files that the paper's configs use; none is required."""
    bodies = Path(os.environ.get('SMPL_MODEL_DIR', 'data/body_models'))
    bodies = bodies.expanduser()
    checks = []
    for name, options in LICENSED.items():
        paths = [bodies / option for option in options]
        paths += [bodies / 'smpl' / option for option in options]
        found = next((path for path in paths if path.is_file()), None)
        checks.append(_licensed(name, found))
    for name, place in LICENSED_DATA.items():
        path = Path(place)
        checks.append(_licensed(name, path if path.exists() else None))
    return checks


def machine_checks() -> list[Check]:
    """Cache, write permission, threads, free disk and memory."""
    cache, here = cache_dir(), Path.cwd()
    files = [p for p in cache.rglob('*') if p.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    checks = [
        Check('machine', 'cache', INFO, f'{cache}, {size:.0f} MB'),
        _writable('cache is writable', cache, 'set SEMTTA_CACHE'),
        _writable('this folder is writable', here, 'use --out elsewhere'),
    ]
    free = shutil.disk_usage(_existing(here)).free / 1e9
    low = free < LOW_DISK_GB
    state = PROBLEM if low else OK
    fix = 'free some space' if low else ''
    checks.append(Check('machine', 'free disk', state, f'{free:.1f} GB', fix))
    memory = available_memory_gb()
    if memory is not None:
        low = memory < LOW_MEMORY_GB
        state = PROBLEM if low else OK
        text = f'{memory:.1f} GB'
        fix = 'close programs, or use --max-frames' if low else ''
        checks.append(Check('machine', 'free memory', state, text, fix))
    return [*checks, _cpu()]


def available_memory_gb() -> float | None:
    """Memory that programs can still use, GB; None if unknown."""
    try:
        for line in Path('/proc/meminfo').read_text().splitlines():
            if line.startswith('MemAvailable:'):
                return int(line.split()[1]) * 1024 / 1e9
    except (OSError, ValueError):
        pass
    try:
        pages = os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE')
        return pages / 1e9
    except (ValueError, OSError, AttributeError):
        return None


def _cpu() -> Check:
    """CPU cores and load; other work slows threads down by far."""
    cores = os.cpu_count() or 1
    text = f'{cores} cores'
    threads = os.environ.get('OMP_NUM_THREADS')
    if threads:
        text += f', OMP_NUM_THREADS={threads}'
    try:
        load = os.getloadavg()[0]
    except OSError:
        return Check('machine', 'CPU', INFO, text)
    text += f', load {load:.1f}'
    busy = load > 0.5 * cores and threads != '1'
    fix = 'export OMP_NUM_THREADS=1 while others compute' if busy else ''
    return Check('machine', 'CPU', INFO, text, fix)


def _licensed(name: str, path: Path | None) -> Check:
    if path is None:
        return Check('licensed files', name, INFO, 'not found', GUIDE)
    return Check('licensed files', name, OK, str(path))


def _writable(name: str, folder: Path, fix: str) -> Check:
    good = os.access(_existing(folder), os.W_OK)
    state = OK if good else PROBLEM
    return Check(
        'machine', name, state, str(folder), '' if good else fix, not good
    )


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
