"""``convert DATASET SRC DST`` on miniatures of the data sets."""

import json

import numpy as np
import pytest
from dataset_stand_ins import write_3dhp, write_egobody, write_h36m
from stand_ins import write_3dpw

from semtta_mm.commands.convert import main
from semtta_mm.datasets import NpzTrackReader, TrackDataset, load_track


def run(*arguments):
    return main([str(item) for item in arguments])


def summary(folder):
    return json.loads((folder / 'summary.json').read_text())


def test_3dpw(tmp_path, capsys):
    source, out = tmp_path / '3dpw', tmp_path / 'tracks'
    write_3dpw(source)
    assert run('3dpw', source, out) == 2
    message = capsys.readouterr().err
    assert '1 sequences instead of 24, 2 tracks instead of 37' in message
    assert '--allow-partial' in message and message.count('\n') == 1
    assert not out.exists()
    assert run('3dpw', source, out, '--allow-partial') == 0
    content = summary(out)
    assert content['dataset'] == '3dpw'
    assert content['protocol']['annotation'].startswith('SMPL')
    assert content['protocol']['evidence'] == 'poses2d'
    assert content['counts']['published']['frames'] == 35515
    assert content['counts']['tracks'] == 2
    assert content['counts']['frames'] == 10
    assert [row['gender'] for row in content['tracks']] == ['male', 'female']
    printed = capsys.readouterr().out
    assert '1 sequences (of 24), 2 tracks (of 37)' in printed
    tracks = NpzTrackReader(out)()
    assert [t.name for t in tracks] == [
        'downtown_test_00_0',
        'downtown_test_00_1',
    ]
    assert tracks[0].video == source / 'imageFiles/downtown_test_00'
    assert tracks[0].reference.gender == 'male'


def test_nothing_is_overwritten(tmp_path, capsys):
    source, out = tmp_path / '3dpw', tmp_path / 'tracks'
    write_3dpw(source)
    assert run('3dpw', source, out, '--allow-partial') == 0
    before = (out / 'summary.json').stat().st_mtime_ns
    assert run('3dpw', source, out, '--allow-partial') == 2
    assert '3 files are there already' in capsys.readouterr().err
    assert (out / 'summary.json').stat().st_mtime_ns == before
    assert run('3dpw', source, out, '--allow-partial', '--force') == 0
    (out / 'downtown_test_00_0.npz').rename(out / 'mine.npz')
    assert run('3dpw', source, out, '--allow-partial', '--force') == 2
    assert 'holds 1 other tracks, first mine' in capsys.readouterr().err


def test_wild_shapes_on_request(tmp_path):
    source = tmp_path / '3dpw'
    write_3dpw(source)
    more = ('--allow-partial', '--keep-wild-betas')
    assert run('3dpw', source, tmp_path / 'out', *more) == 0
    assert summary(tmp_path / 'out')['protocol']['wild_betas'] == 'kept'


def test_3dhp(tmp_path, capsys):
    write_3dhp(tmp_path)
    out = tmp_path / 'tracks'
    with pytest.raises(SystemExit):  # the rate is unknown: it must be given
        run('3dhp', tmp_path, out)
    assert '--fps' in capsys.readouterr().err
    assert run('3dhp', tmp_path, out, '--fps', 25) == 2
    assert '--openpose FOLDER' in capsys.readouterr().err
    more = ('--fps', 25, '--evidence', 'annot2', '--annotation', 'annot3')
    assert run('3dhp', tmp_path, out, *more) == 0
    content = summary(out)
    assert content['protocol']['annotation'] == 'annot3'
    assert content['protocol']['evidence'] == 'annot2'
    assert content['counts']['tracks'] == 6
    assert content['tracks'][0]['gaps'] == 2
    assert '3dhp: annot3' in capsys.readouterr().out
    reader = {'type': 'NpzTrackReader', 'keypoints': str(out)}
    dataset = TrackDataset(reader=reader, input_size=32)
    assert dataset.names == [f'TS{i}' for i in range(1, 7)]
    with dataset[0] as frames:
        assert frames.images.shape == (3, 3, 32, 32)


def test_a_part_of_3dhp(tmp_path, capsys):
    write_3dhp(tmp_path)
    root = tmp_path / 'mpi_inf_3dhp_test_set'
    (root / 'TS5').rename(root / 'away')
    more = ('--fps', 25, '--evidence', 'annot2')
    assert run('3dhp', tmp_path, tmp_path / 'a', *more) == 2
    assert 'lacks TS5/annot_data.mat' in capsys.readouterr().err
    more += ('--allow-partial',)
    assert run('3dhp', tmp_path, tmp_path / 'a', *more) == 0
    assert summary(tmp_path / 'a')['counts']['tracks'] == 5


def test_egobody(tmp_path):
    write_egobody(tmp_path)
    out = tmp_path / 'tracks'
    assert run('egobody', tmp_path, out) == 0
    content = summary(out)
    assert content['counts']['published']['sequences'] == 1
    assert content['protocol']['view'].startswith('egocentric')
    assert content['tracks'][0]['frames'] == 4


def test_h36m(tmp_path):
    write_h36m(tmp_path)
    out = tmp_path / 'tracks'
    more = ('--subjects', 9, '--cameras', 4, '--stride', 2)
    assert run('h36m', tmp_path, out, *more, '--evidence', 'truth') == 0
    (row,) = summary(out)['tracks']
    assert (row['stride'], row['frames'], row['fps']) == (2, 3, 50.0)
    assert summary(out)['protocol']['frames'] == 'every 2 of 50 fps'


def test_human_data_both_ways(tmp_path, capsys):
    source, out = tmp_path / '3dpw', tmp_path / 'tracks'
    write_3dpw(source)
    assert run('3dpw', source, out, '--allow-partial') == 0
    file, again = tmp_path / 'human.npz', tmp_path / 'again'
    assert run('humandata', out, file) == 0
    images = source / 'imageFiles'
    assert run('humandata', file, again, '--images', images) == 0
    for path in out.glob('*.npz'):
        one, other = load_track(path), load_track(again / path.name)
        np.testing.assert_allclose(
            one.reference.pose, other.reference.pose, atol=1e-6
        )
        assert one.frame_ids.tolist() == other.frame_ids.tolist()
        assert one.video == other.video
    capsys.readouterr()
    assert run('humandata', out, file) == 2
    assert '1 files are there already' in capsys.readouterr().err
    assert run('humandata', out, tmp_path / 'x.npz', '--fps', 3) == 2
    assert 'options: are for reading' in capsys.readouterr().err


def test_a_wrong_folder_is_one_line(tmp_path, capsys):
    (tmp_path / 'readme.txt').touch()
    for name in ('3dpw', 'egobody'):
        assert run(name, tmp_path, tmp_path / 'out') == 2
        message = capsys.readouterr().err
        assert message.count('\n') == 1
        assert 'it holds readme.txt' in message
        assert 'give the folder that holds' in message


def test_help_lists_the_data_sets(capsys):
    with pytest.raises(SystemExit):
        run('--help')
    assert '3dpw, 3dhp, egobody, h36m, humandata' in ' '.join(
        capsys.readouterr().out.split()
    )
    with pytest.raises(SystemExit):
        run('3dhp', '--help')
    assert '--annotation' in capsys.readouterr().out
