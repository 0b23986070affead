"""Headless Chromium for tests of pages."""

import shutil
import subprocess

import cv2
import pytest

from semtta_mm.utils.package_data import known_files
from semtta_mm.visualization.viewer.libraries import LICENCE, MODULES

_OPTIONS = (
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--window-size=800,600',
)


def need_three():
    for name in (*MODULES.values(), LICENCE):
        if not known_files()[name].path().is_file():
            pytest.skip(
                f'{name} is not in the cache; `semtta view` fetches it'
            )


def need_chromium():
    for name in ('chromium', 'chromium-browser', 'google-chrome'):
        found = shutil.which(name)
        if found is not None:
            return found
    pytest.skip('no Chromium is installed')


def run(page, fragment, folder, option, milliseconds=3000):
    """Open a page; returns what Chromium writes on stdout."""
    done = subprocess.run(
        [
            need_chromium(),
            *_OPTIONS,
            f'--user-data-dir={folder / "profile"}',
            f'--virtual-time-budget={milliseconds}',
            option,
            f'{page.as_uri()}#{fragment}',
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


def screenshot(page, fragment, folder):
    """The page as an image ``[H, W, 3]``, BGR."""
    path = folder / 'shot.png'
    run(page, fragment, folder, f'--screenshot={path}')
    image = cv2.imread(str(path))
    assert image is not None
    path.unlink()
    return image
