import json

import cv2
import pytest

from semtta_mm.commands.main import main
from semtta_mm.utils import InputError
from semtta_mm.visualization import plots
from semtta_mm.visualization.plots import (
    curves,
    loss_curves,
    plot_track,
    plot_work_dir,
)

EPOCHS = [
    {
        'mpjpe': 90.0,
        'pa_mpjpe': 60.0,
        'reproj_px': 8.0,
        'similarity': None,
        'losses': {'keypoints': 3.0, 'align': 0.0, 'smooth': None},
    },
    {
        'mpjpe': 80.0,
        'pa_mpjpe': None,
        'reproj_px': 6.0,
        'similarity': 0.5,
        'losses': {'keypoints': 2.0, 'align': 0.0, 'smooth': 0.01},
    },
]
BEFORE = {'mpjpe': 110.0, 'pa_mpjpe': 70.0, 'reproj_px': 12.0}


def test_curves_by_hand():
    names = {'mpjpe': 'A', 'pa_mpjpe': 'B', 'accel': 'C'}
    assert curves(EPOCHS, names, BEFORE) == {
        'A': ([0, 1, 2], [110, 90, 80]),
        'B': ([0, 1], [70, 60]),
    }
    assert curves(EPOCHS, {'similarity': ''}, None) == {'': ([2], [0.5])}
    assert loss_curves(EPOCHS) == {
        'keypoints': ([1, 2], [3, 2]),
        'smooth': ([2], [0.01]),
    }
    assert loss_curves([{'mpjpe': 1.0}]) == {}


@pytest.fixture
def drawn(monkeypatch):
    """Title to the lines of each diagram."""
    found, real = {}, plots._draw

    def spy(axis, name, lines, last):
        real(axis, name, lines, last)
        found[axis.get_title()] = [
            line.get_xydata().tolist() for line in axis.get_lines()
        ]

    monkeypatch.setattr(plots, '_draw', spy)
    return found


def test_a_picture_has_what_is_known(tmp_path, drawn):
    path = plot_track(tmp_path / 'n' / 'c.png', EPOCHS, BEFORE, 'someone')
    image = cv2.imread(str(path))
    assert image.shape[0] > 500 and image.shape[1] > 900
    assert len(drawn) == 4
    assert drawn['reprojection error, px'] == [[[0, 12], [1, 8], [2, 6]]]
    assert len(drawn['3D error, mm']) == 2
    assert len(drawn['loss (mean of the epoch)']) == 2


def test_unknown_values_make_no_diagram(tmp_path, drawn):
    plain = [{'mpjpe': None, 'reproj_px': 8.0, 'similarity': None}] * 2
    assert plot_track(tmp_path / 'c.png', plain) == tmp_path / 'c.png'
    assert list(drawn) == ['reprojection error, px']
    assert plot_track(tmp_path / 'd.png', [{'mpjpe': None}]) is None
    assert [p.name for p in tmp_path.iterdir()] == ['c.png']


def test_pyplot_is_not_touched(tmp_path):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    plot_track(tmp_path / 'c.png', EPOCHS)
    assert plt.get_fignums() == before


def test_a_finished_work_directory(tmp_path):
    for name in 'ba':
        (tmp_path / name).mkdir()
        values = {'name': name, 'before': BEFORE, 'epochs': EPOCHS}
        (tmp_path / name / 'metrics.json').write_text(json.dumps(values))
    (tmp_path / 'metrics.json').write_text('{}')  # of all tracks
    found = plot_work_dir(tmp_path)
    assert found == [tmp_path / n / 'curves.png' for n in 'ab']
    assert all(path.stat().st_size > 10_000 for path in found)


def test_a_folder_without_results(tmp_path):
    with pytest.raises(InputError, match=r'metrics\.json: no track has one'):
        plot_work_dir(tmp_path)
    path = tmp_path / 'a' / 'metrics.json'
    path.parent.mkdir()
    for text, problem in (('{', 'cannot be read'), ('{}', 'epochs: is abs')):
        path.write_text(text)
        with pytest.raises(InputError, match=problem):
            plot_work_dir(tmp_path)


def test_the_command_names_its_pictures(tmp_path, capsys):
    path = tmp_path / 'a' / 'metrics.json'
    path.parent.mkdir()
    path.write_text(json.dumps({'epochs': EPOCHS}))
    assert main(['plot', str(tmp_path)]) == 0
    assert capsys.readouterr().out.split() == [str(path.parent / 'curves.png')]
    assert main(['plot', str(tmp_path / 'no')]) == 2
    assert 'no track has one' in capsys.readouterr().err
