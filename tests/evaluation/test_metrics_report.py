"""metrics.json and the table."""

import io
import json
import os

import pytest
from rich.console import Console

from semtta_mm.evaluation import (
    METRIC_NAMES,
    Protocol,
    Total,
    TrackErrors,
    merge_stages,
    metrics_table,
    stage_report,
    summarise,
    write_metrics_json,
)
from semtta_mm.evaluation.table import metric_number
from semtta_mm.utils import InputError


def make_track(name='a', frames=10, evaluated=8, fps=30.0, **means):
    """Errors of a track with the given means over its evaluated frames."""
    totals = dict.fromkeys(METRIC_NAMES, Total())
    for metric, mean in means.items():
        totals[metric] = Total(mean * evaluated, evaluated)
    return TrackErrors(name, frames, evaluated, fps, totals)


def render(report, width=80):
    file = io.StringIO()
    Console(width=width, file=file).print(metrics_table(report))
    return file.getvalue()


def report_of(*tracks, **options):
    return stage_report(tracks, Protocol(**options))


def test_summary_weighs_frames_per_metric():
    tracks = [
        make_track('a', evaluated=30, mpjpe=1.0, mpvpe=7.0),
        make_track('b', evaluated=10, mpjpe=5.0),
        make_track('c', evaluated=0),
    ]
    values = summarise(tracks)
    assert values['mpjpe'] == pytest.approx(2.0)
    assert values['mpvpe'] == pytest.approx(7.0)
    assert values['accel'] is None
    assert all(value is None for value in summarise([]).values())


def test_zero_error_is_zero_and_not_null():
    assert summarise([make_track(mpjpe=0.0)])['mpjpe'] == 0.0


def test_stages_side_by_side():
    before = report_of(make_track(mpjpe=281.0, pa_mpjpe=178.0))
    after = report_of(make_track(mpjpe=178.0, pa_mpjpe=107.0))
    epochs = {'a': [{'mpjpe': 200.0}, {'mpjpe': 178.0}]}
    merged = merge_stages(before, after, epochs)
    assert merged['overall']['before']['mpjpe'] == 281
    assert merged['overall']['after']['mpjpe'] == 178
    track = merged['tracks']['a']
    assert track['frames'] == 10
    assert track['after']['pa_mpjpe'] == 107
    assert set(track['before']) == set(METRIC_NAMES)
    assert track['epochs'] == epochs['a']
    assert merged['units'] == 'mm'
    assert merged['protocol'] == before['protocol']
    assert 'mpjpe' in before['overall']


def test_without_adaptation_after_is_null():
    merged = merge_stages(report_of(make_track(mpjpe=281.0)))
    assert merged['overall']['after'] is None
    assert merged['tracks']['a']['after'] is None
    assert merged['tracks']['a']['epochs'] == []
    assert '281.0' in render(merged)


@pytest.mark.parametrize(
    ('tracks', 'options', 'message'),
    [
        ([make_track()], {'root': 'mid_hip'}, 'metrics: protocol'),
        ([make_track('b')], {}, 'metrics: tracks'),
        ([make_track(), make_track('b')], {}, 'metrics: tracks'),
        ([make_track(evaluated=7)], {}, 'metrics: coverage'),
    ],
)
def test_stages_that_cannot_be_compared(tracks, options, message):
    with pytest.raises(InputError, match=message):
        merge_stages(report_of(make_track()), report_of(*tracks, **options))


def test_json_round_trip_keeps_null(tmp_path):
    merged = merge_stages(
        report_of(make_track(mpjpe=281.5), make_track('b', evaluated=0)),
        report_of(make_track(mpjpe=178.25), make_track('b', evaluated=0)),
    )
    path = tmp_path / 'new' / 'metrics.json'
    write_metrics_json(path, merged)
    text = path.read_text()
    assert json.loads(text) == merged
    assert '"mpvpe": null' in text
    assert json.loads(text)['tracks']['b']['after']['mpjpe'] is None
    assert [p.name for p in path.parent.iterdir()] == ['metrics.json']


@pytest.mark.parametrize('bad', [float('nan'), float('-inf')])
def test_nan_is_named_and_the_old_file_stays(tmp_path, bad):
    path = tmp_path / 'metrics.json'
    write_metrics_json(path, report_of(make_track(mpjpe=1.0)))
    old = path.read_text()
    worse = {'tracks': {'a': {'epochs': [{'mpjpe': 1.0}, {'mpjpe': bad}]}}}
    with pytest.raises(
        InputError, match=r'metrics.json: tracks.a.epochs\[1\].mpjpe: is -?'
    ):
        write_metrics_json(path, worse)
    assert path.read_text() == old


def test_reports_are_written_atomically(tmp_path):
    path, reader = tmp_path / 'metrics.json', tmp_path / 'reader'
    write_metrics_json(path, {'a': 1})
    os.link(path, reader)
    write_metrics_json(path, {'a': 2})
    assert json.loads(reader.read_text()) == {'a': 1}
    assert json.loads(path.read_text()) == {'a': 2}


def test_a_failed_write_leaves_nothing_behind(tmp_path):
    (tmp_path / 'metrics.json').mkdir()
    with pytest.raises(OSError, match=r'metrics\.json'):
        write_metrics_json(tmp_path / 'metrics.json', {'a': 1})
    assert [p.name for p in tmp_path.iterdir()] == ['metrics.json']


def test_table_of_one_stage():
    text = render(
        report_of(
            make_track('[bold]walk', mpjpe=281.04, accel=9.806),
            make_track('video', frames=30, evaluated=0),
            accel_unit='mm/frame^2',
        )
    )
    words = ' '.join(text.split())
    assert 'root h36m_pelvis, joints h36m_14, frame camera, 30 fps' in words
    assert '8 of 40 frames have a 3D reference (20.0 %)' in words
    assert 'mm/frame^2' in text
    rows = {line.split()[0]: line for line in text.splitlines() if line}
    assert '8/10' in rows['[bold]walk']
    assert '281.0' in rows['[bold]walk']
    assert '9.81' in rows['[bold]walk']
    assert rows['video'].split()[1:] == ['0/30', '-', '-']
    assert '8/40' in rows['overall']
    # A column without any value is not shown.
    assert 'MPVPE' not in text


def test_table_of_two_stages():
    merged = merge_stages(
        report_of(make_track(mpjpe=281.0, pck=0.5), make_track('b', fps=25.0)),
        report_of(
            make_track(mpjpe=178.0, pck=0.58), make_track('b', fps=25.0)
        ),
        {},
    )
    text = render(merged)
    rows = [line.split() for line in text.splitlines()]
    assert ['a', 'before', '8/10', '281.0', '0.500'] in rows
    assert ['a', 'after', '8/10', '178.0', '0.580'] in rows
    assert ['b', 'before', '8/10', '-', '-'] in rows
    assert ['overall', 'after', '16/20', '178.0', '0.580'] in rows
    assert '@0.05' in text
    assert 'several rates' in ' '.join(text.split())


@pytest.mark.parametrize('name', ['cam01', 'downtown_walkUphill_00_p1' * 3])
@pytest.mark.parametrize('width', [60, 80])
def test_all_metrics_fit_a_narrow_console(width, name):
    before = {m: 1000.5 + i for i, m in enumerate(METRIC_NAMES)}
    after = {m: 100.25 + i for i, m in enumerate(METRIC_NAMES)}
    text = render(
        merge_stages(
            report_of(make_track(name, frames=9999, **before)),
            report_of(make_track(name, frames=9999, **after)),
        ),
        width,
    )
    assert max(map(len, text.splitlines())) <= width
    assert '…' not in text and text.isascii()
    words = text.split()
    for values in (before, after):
        for metric, value in values.items():
            assert words.count(metric_number(value, metric)) == 2
