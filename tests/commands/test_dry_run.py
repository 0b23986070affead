"""What ``--dry-run`` finds missing, before any work."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from stand_ins import write_3dpw, write_smpl

from semtta_mm.apis.config import find_config, read_config
from semtta_mm.apis.missing_files import missing_files, missing_in_tracks
from semtta_mm.commands import adapt
from semtta_mm.commands import test as scoring
from semtta_mm.datasets.track_io import save_track
from semtta_mm.registry import TASK_UTILS
from semtta_mm.structures import PersonTrack
from semtta_mm.utils.required_files import RequiredFile

PAPER = str(find_config('semtta_hmr_3dpw.py'))


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv('SMPL_MODEL_DIR', raising=False)


FIELDS = ('path', 'how to get it', 'field')


def cells(text: str) -> list[list[str]]:
    """Name, path, way to get it and field of each entry of a list."""
    rows = []
    for line in text.splitlines()[1:-1]:
        name = next((f for f in FIELDS if line.startswith(f'  {f} ')), None)
        if name is None:
            rows.append([line, '', '', ''])
        else:
            value = line.removeprefix(f'  {name}').strip()
            rows[-1][FIELDS.index(name) + 1] = value
    return rows


def test_all_that_is_missing_in_one_table(capsys, tmp_path):
    assert adapt.main([PAPER, '--dry-run']) == 2
    printed = capsys.readouterr()
    assert printed.out == ''
    rows = {row[0]: row for row in cells(printed.err)}
    for name, where, how in (
        ('SMPL, neutral', 'data/body_models', 'semtta prepare-smpl'),
        ('SMPL, male', 'data/body_models', 'semtta prepare-smpl'),
        ('SMPL, female', 'data/body_models', 'semtta prepare-smpl'),
        (
            'J_regressor_h36m.npy',
            'data/body_models/J_regressor_h36m.npy',
            'CycleAdapt',
        ),
        ('3DPW', 'data/3dpw', 'sequenceFiles'),
        ('text labels', 'data/labels/3dpw', 'docs/tracks.md'),
        (
            'HMR with GroupNorm, trained on Human3.6M',
            'data/checkpoints/',
            'basemodel.pt',
        ),
    ):
        assert where in rows[name][1]
        assert how in rows[name][2]
    assert f'{len(rows)} missing' in printed.err
    assert 'train_cfg.labeler.path' in rows['text labels'][3]
    assert not list(tmp_path.iterdir())


def test_a_run_stops_there_too(capsys, tmp_path):
    assert adapt.main([PAPER]) == 2
    assert 'SMPL, female' in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_smpl_is_looked_for_by_gender(tmp_path, monkeypatch):
    write_smpl(tmp_path / 'lab')
    (tmp_path / 'lab/smpl/SMPL_MALE.npz').unlink()
    monkeypatch.setenv('SMPL_MODEL_DIR', str(tmp_path / 'lab'))
    bodies = {
        gender: {
            'type': 'semtta_mm.SMPLBody',
            'model_path': '$SMPL_MODEL_DIR',
            'gender': gender,
            'regressors': {
                'h36m_17': str(tmp_path / 'lab/J_regressor_h36m.npy')
            },
        }
        for gender in ('neutral', 'male', 'female')
    }
    missing = missing_files({'reference_bodies': bodies})
    assert [m.name for m in missing] == ['SMPL, male']
    assert missing[0].fields == ('reference_bodies.male.model_path',)


def test_one_row_for_what_several_fields_name():
    tracks = read_config('semtta_hmr2_egobody').tracks.to_dict()
    found = missing_files({'a': tracks, 'b': dict(tracks)})
    (found,) = found
    assert found.fields == ('a.reader.keypoints', 'b.reader.keypoints')
    assert 'semtta convert egobody SRC data/tracks/egobody' in found.get


@pytest.mark.parametrize(
    ('estimator', 'name'),
    [
        ({'type': 'HMREstimator'}, 'HMR with GroupNorm'),
        (
            {
                'type': 'HMREstimator',
                'backbone': {'norm_cfg': {'type': 'BN'}},
            },
            'HMR with BatchNorm',
        ),
        ({'type': 'semtta_mm.HMR2Estimator'}, 'HMR2.0'),
        ({'type': 'Other'}, 'weights'),
    ],
)
def test_weights_are_named_by_the_network(estimator, name):
    model = {'type': 'SemTTA', 'estimator': estimator, 'weights': 'no.pth'}
    (found,) = missing_files({'model': model})
    assert found.name.startswith(name)


def test_shipped_and_fetched_names_are_no_files(tmp_path):
    estimator = {
        'type': 'HMREstimator',
        'backbone_weights': 'movenet/lightning',
        'mean_params': 'standing',
    }
    config = {
        'model': {
            'type': 'SemTTA',
            'estimator': estimator,
            'weights': 'hmr_mobilenetv2_open',
            'dictionary': 'open',
        },
        'hooks': [{'type': 'DenoiserHook', 'weights': 'mdnet_opened'}],
        'labeler': {'type': 'FileLabeler', 'path': 'pose2sim'},
        'checkpoint': 'https://example.org/a.pth',
        'reader': {'type': 'OpenPoseReader', 'keypoints': str(tmp_path)},
    }
    (found,) = missing_files(config)
    assert (found.fields, found.path) == (('hooks.0.weights',), 'mdnet_opened')


@pytest.mark.parametrize(
    ('owner', 'field', 'name'),
    [
        ('FileLabeler', 'path', 'nolabels'),
        ('semtta_mm.SemTTA', 'dictionary', 'nowords'),
        ('BlazePoseDetector', 'landmark_file', 'no.tflite'),
    ],
)
def test_a_missing_file_may_look_like_a_name(owner, field, name):
    (found,) = missing_files({'type': owner, field: name})
    assert (found.fields, found.path) == ((field,), name)


def test_a_component_may_compute_its_files(tmp_path):
    @TASK_UTILS.register_module(name='ReaderOfTheTest')
    class Reader:
        @classmethod
        def required_files(cls, config):
            get = f'write {config["count"]} of them'
            return (RequiredFile('files.first', 'numbers', get),)

    try:
        files = {'first': str(tmp_path / 'no.txt')}
        config = {'type': 'ReaderOfTheTest', 'count': 3, 'files': files}
        (found,) = missing_files({'a': [config]})
        assert found.fields == ('a.0.files.first',)
        assert found.get == 'write 3 of them'
        (tmp_path / 'no.txt').touch()
        assert not missing_files(config)
    finally:
        TASK_UTILS.module_dict.pop('ReaderOfTheTest')


def a_track(video: Path) -> PersonTrack:
    return PersonTrack(
        name='a',
        frame_ids=np.arange(3),
        fps=30.0,
        boxes=np.tile([16.0, 8, 48, 56], (3, 1)),
        keypoints=np.full((3, 17, 2), 30.0),
        scores=np.ones((3, 17)),
        convention='coco_17',
        video=video,
    )


def test_videos_and_labels_of_tracks(tmp_path):
    track = a_track(tmp_path / 'gone.mp4')
    save_track(tmp_path / 'tracks/a.npz', track)
    save_track(tmp_path / 'tracks/b.npz', replace(track, name='b'))
    labels = tmp_path / 'labels'
    labels.mkdir()
    (labels / 'a.json').write_text('[]')
    reader = {'type': 'NpzTrackReader', 'keypoints': str(tmp_path / 'tracks')}
    found = missing_in_tracks(
        reader, {'type': 'FileLabeler', 'path': str(labels)}
    )
    assert [m.name for m in found] == [
        'video of a',
        'video of b',
        'text labels: b has no labels',
    ]
    assert found[0].path == str(tmp_path / 'gone.mp4')
    (tmp_path / 'gone.mp4').touch()
    (labels / 'b.json').write_text('[]')
    assert not missing_in_tracks(
        reader, {'type': 'FileLabeler', 'path': str(labels)}
    )


def test_a_half_data_set_is_a_row_of_the_table(tmp_path, capsys):
    write_3dpw(tmp_path / 'data/3dpw')
    pictures = tmp_path / 'data/3dpw/imageFiles/downtown_test_00'
    pictures.rename(pictures.with_name('elsewhere'))
    assert adapt.main([PAPER, '--dry-run']) == 2
    rows = cells(capsys.readouterr().err)
    names = [row[0] for row in rows]
    assert 'SMPL, neutral' in names
    (tracks,) = [row for row in rows if row[0].startswith('tracks:')]
    assert 'imageFiles/downtown_test_00' in tracks[0].replace(' ', '')
    assert 'sequenceFiles/SPLIT' in tracks[2].replace(' ', '')


def test_files_of_unused_tracks_are_not_required(tmp_path, capsys):
    video = tmp_path / 'walk.mp4'
    video.touch()
    assert adapt.main([PAPER, '--video', str(video), '--dry-run']) == 2
    names = [row[0] for row in cells(capsys.readouterr().err)]
    assert 'SMPL, neutral' in names
    assert not {'3DPW', 'text labels'} & set(names)


def test_scoring_has_a_dry_run(tmp_path, capsys):
    config = str(find_config('noadapt_hmr_synthetic.py'))
    assert scoring.main([config, '--dry-run']) == 2
    (row,) = cells(capsys.readouterr().err)
    assert row[0] == 'tracks of synthetic'
    assert 'make-test-set' in row[2]
    video = tmp_path / 'video.mp4'
    video.touch()
    save_track(
        tmp_path / 'data/test_sets/open_test/tracks/none/a.npz',
        a_track(video),
    )
    assert scoring.main([config, '--dry-run']) == 0
    assert not (tmp_path / 'work_dirs').exists()
