"""Headless Chromium for tests of pages."""

import shutil
import subprocess
from fractions import Fraction

import cv2
import numpy as np
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


def run(page, fragment, folder, option, milliseconds=5000):
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


def write_h264(path, milliseconds, size=(64, 48)):
    """A video that browsers play; frame i has the brightness 20 i."""
    av = pytest.importorskip('av')
    base = Fraction(1, 1000)
    with av.open(str(path), 'w') as container:
        stream = container.add_stream('libx264', rate=25)
        stream.width, stream.height = size
        stream.pix_fmt = 'yuv420p'
        stream.codec_context.time_base = base
        for i, time in enumerate(milliseconds):
            image = np.full((size[1], size[0], 3), 20 * i, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format='rgb24')
            frame.pts, frame.time_base = time, base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
