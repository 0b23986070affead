"""Test sets as tracks, with right labels, wrong ones and true evidence."""

import json

import numpy as np
import pytest

from semtta_mm.datasets.readers.test_set import TestSetReader, clip_of
from semtta_mm.datasets.track_io import load_track, save_track
from semtta_mm.geometry.views import look_at
from semtta_mm.labeling.test_set_labeler import TestSetLabeler, next_other
from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.structures import PersonTrack
from semtta_mm.utils import InputError

LABELS = ('walk', 'walk', 'jump')


@pytest.fixture
def folder(tmp_path):
    clips = [
        {'name': f'open_test_{i:02d}', 'label': label}
        for i, label in enumerate(LABELS)
    ]
    manifest = json.dumps({'clips': clips})
    (tmp_path / 'manifest.json').write_text(manifest)
    for i, clip in enumerate(clips):
        (tmp_path / 'clips' / clip['name']).mkdir(parents=True)
        np.savez(
            tmp_path / 'clips' / clip['name'] / 'truth.npz',
            keypoints=np.full((4, 23, 2), 100.0 + i),
            camera_rotation=np.tile(look_at(0.7, 0.5), (4, 1, 1)),
        )
        for variant in ('none', 'lower_body'):
            track = PersonTrack(
                name=f'{clip["name"]}_{variant}',
                frame_ids=np.arange(4),
                fps=30,
                boxes=np.tile([0.0, 0, 50, 100], (4, 1)),
                keypoints=np.ones((4, 23, 2)),
                scores=np.full((4, 23), 0.5),
                convention='coco_23',
            )
            path = tmp_path / 'tracks' / variant / f'{track.name}.npz'
            path.parent.mkdir(parents=True, exist_ok=True)
            save_track(path, track)
    return tmp_path


def test_all_variants_at_once(folder):
    tracks = TestSetReader(folder, ('none', 'lower_body'))()
    assert len(tracks) == 6
    assert len({track.name for track in tracks}) == 6
    with pytest.raises(InputError, match='block'):
        TestSetReader(folder, ('block',))()


def test_true_evidence_lacks_nothing(folder):
    tracks = TestSetReader(folder, ('lower_body',), evidence='true')()
    assert [t.keypoints[0, 0, 0] for t in tracks] == [100, 101, 102]
    assert all((t.scores == 1).all() for t in tracks)


def test_other_errors_of_the_same_keypoints(folder):
    found, exact, triple = (
        TestSetReader(folder, ('lower_body',), error=error)()[1]
        for error in (1.0, 0.0, 3.0)
    )
    there = found.scores > 0
    true = TestSetReader(folder, ('lower_body',), evidence='true')()[1]
    assert np.allclose(exact.keypoints[there], true.keypoints[there])
    assert (exact.keypoints[~there] == 0).all()
    change = found.keypoints - true.keypoints
    assert np.allclose(
        triple.keypoints[there], (true.keypoints + 3 * change)[there]
    )
    assert np.array_equal(triple.scores, found.scores)
    with pytest.raises(ValueError, match='error: expected 0 or more'):
        TestSetReader(folder, error=-1)


def test_exact_places_of_what_is_visible(folder):
    path = folder / 'clips' / 'open_test_01' / 'truth.npz'
    occluded, outside = np.zeros((2, 4, 23), bool)
    occluded[1, 2] = outside[1, 3] = True
    np.savez(
        path,
        keypoints=np.full((4, 23, 2), 101.0),
        occluded=occluded,
        outside=outside,
    )
    file = folder / 'tracks' / 'none' / 'open_test_01_none.npz'
    track = load_track(file)
    track.scores[1, 4] = 0
    save_track(file, track)
    tracks = TestSetReader(folder, ('none',), evidence='visible')()
    assert np.flatnonzero(tracks[1].scores[1] == 0).tolist() == [2, 3, 4]
    assert not tracks[1].keypoints[1, 2:5].any()
    assert (tracks[1].keypoints[0] == 101).all()
    assert (tracks[1].scores[0] == 0.5).all()
    # A set that does not record what is hidden.
    assert (tracks[0].keypoints == 100).all()


def test_true_gravity(folder):
    """A camera above by 0.5 rad: up leans away from it, not to its side."""
    assert TestSetReader(folder, ('none',))()[0].up is None
    up = TestSetReader(folder, ('none',), gravity=True)()[0].up
    expected = [0, -np.cos(0.5), -np.sin(0.5)]
    assert up.shape == (4, 3)
    assert up[0] == pytest.approx(expected, abs=1e-6)


def test_labels(folder):
    tracks = TestSetReader(folder, ('none',))()
    right, wrong = (
        [TestSetLabeler(folder, rule)(t)[0] for t in tracks]
        for rule in ('right', 'shuffled')
    )
    assert [span.text for span in right] == list(LABELS)
    assert [span.text for span in wrong] == ['jump', 'jump', 'walk']
    assert (right[0].start, right[0].end) == (0, 4)
    away = [TestSetLabeler(folder, 'wrong')(track)[0].text for track in tracks]
    assert len(set(away)) == 2
    assert not set(away) & set(LABELS)
    assert set(away) <= set(read_dictionary().labels)


def test_an_unknown_clip(folder):
    track = TestSetReader(folder, ('none',))()[0]
    track.name = 'open_test_77_none'
    with pytest.raises(InputError, match='open_test_77'):
        TestSetLabeler(folder)(track)
    (folder / 'manifest.json').write_text('[]')
    with pytest.raises(InputError, match=r'manifest\.json'):
        TestSetLabeler(folder)(track)


def test_names():
    assert clip_of('cmu_test_unshifted_03_lower_body') == (
        'cmu_test_unshifted_03'
    )
    assert next_other(['a', 'b', 'a'], 1) == 'a'
    with pytest.raises(ValueError, match='one label'):
        next_other(['a', 'a'], 0)
