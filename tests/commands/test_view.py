"""`semtta view`, and its page in headless Chromium."""

import re

import cv2
import numpy as np
import pytest
from plain_glb import PlainGlb
from saved_tracks import write_run
from viewer_browser import (
    need_chromium,
    need_three,
    run,
    screenshot,
    write_h264,
)

from semtta_mm.commands.main import main
from semtta_mm.export.saved_track import read_saved_tracks
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.visualization import VideoWriter
from semtta_mm.visualization.renderer.rasterizer import rasterize

WIDTH, HEIGHT = 320, 240
GREEN = (40, 200, 40)


@pytest.fixture(scope='module')
def work(tmp_path_factory):
    """A run of two people on a green video."""
    folder = tmp_path_factory.mktemp('run')
    write_run(folder, ('a', 'b'), before=True, frames=8, gap=2)
    with VideoWriter(folder / 'clip.mp4', 25) as writer:
        for _ in range(14):
            writer.write(np.full((HEIGHT, WIDTH, 3), GREEN, np.uint8))
    return folder


@pytest.fixture(scope='module')
def page(work):
    need_chromium()
    need_three()
    out = work / 'page.html'
    video = str(work / 'clip.mp4')
    code = main(['view', str(work), '--video', video, '--out', str(out)])
    assert code == 0
    return out


def picture_of(image):
    """The part of a screenshot that shows the video, at the video's size."""
    green = np.abs(image.astype(int) - GREEN).max(axis=-1) < 30
    rows, columns = np.flatnonzero(green.any(1)), np.flatnonzero(green.any(0))
    part = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert part.shape[1] / part.shape[0] == pytest.approx(4 / 3, rel=0.02)
    return cv2.resize(part, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)


def drawn(image):
    """Pixels of bodies over the green video ``[H, W]``."""
    return np.abs(image.astype(int) - GREEN).max(axis=-1) > 60


def expected(work, name, frame, stage='after'):
    """The same by the CPU renderer."""
    (track,) = [
        t
        for t in read_saved_tracks(work)
        if t.name == name and t.stage == stage
    ]
    t = track.frame_ids.tolist().index(frame)
    body = SMPLBody()
    mesh = body(track.one_shape()[t : t + 1], keypoints=()).vertices[0]
    return rasterize(
        mesh.numpy(), body.faces.numpy(), track.intrinsics[t], (WIDTH, HEIGHT)
    ).mask


def overlap(a, b):
    return (a & b).sum() / (a | b).sum()


def test_bodies_are_where_the_cpu_renderer_draws_them(work, page, tmp_path):
    """At two frames, with other people and stages; each start takes long."""
    early, late = (
        drawn(picture_of(screenshot(page, f'view=over&{what}', tmp_path)))
        for what in ('frame=2&show=a', 'frame=11&show=b,a before')
    )
    assert overlap(early, expected(work, 'a', 2)) > 0.9
    wanted = expected(work, 'b', 11) | expected(work, 'a', 11, 'before')
    assert overlap(late, wanted) > 0.9
    assert overlap(early, expected(work, 'a', 11)) < 0.3  # it has moved


def test_the_page_reports_no_error(tmp_path):
    """It plays from frame 5 on; Chromium may not draw while it dumps."""
    need_chromium()
    need_three()
    folder = write_run(tmp_path / 'run', frames=8, fps=1.0)
    assert main(['view', str(folder)]) == 0
    page = folder / 'view.html'
    shown = run(page, 'view=free&frame=5&play=1', tmp_path, '--dump-dom')
    assert 'data-ready="yes"' in shown
    assert '<output id="message"></output>' in shown
    assert re.search('data-frame="[567]"', shown)


def test_a_video_shows_the_frame_of_the_bodies(work, tmp_path):
    need_chromium()
    need_three()
    times = range(0, 12 * 40, 40)
    video = write_h264(tmp_path / 'v.mp4', times, (WIDTH, HEIGHT))
    out = tmp_path / 'new' / 'page.html'
    options = ['--video', str(video), '--pictures', 'file', '--out', str(out)]
    assert main(['view', str(work), *options]) == 0
    image = screenshot(out, 'frame=10', tmp_path)
    place = image.shape[1] // 4  # the picture is in the left half
    assert image[200, place].mean() == pytest.approx(200, abs=5)


def test_glb_of_all_tracks(work, tmp_path, capsys):
    out = tmp_path / 'a.glb'
    assert main(['view', str(work), '--out', str(out)]) == 0
    assert str(out) in capsys.readouterr().out
    names = [n['name'] for n in PlainGlb(out.read_bytes()).doc['meshes']]
    assert names == ['a', 'a before', 'b', 'b before']


def test_errors_are_one_line(work, tmp_path, capsys):
    assert main(['view', str(tmp_path)]) == 2
    assert 'has no result.npz' in capsys.readouterr().err
    assert main(['view', str(work), '--out', 'x.obj']) == 2
    assert '.html, .glb, .rrd' in capsys.readouterr().err
    assert main(['view', str(work), '--pictures', 'frames']) == 2
    assert 'video: is not known' in capsys.readouterr().err
    missing = str(tmp_path / 'no.mp4')
    assert main(['view', str(work), '--video', missing]) == 2
    assert 'no.mp4: video: does not exist' in capsys.readouterr().err
