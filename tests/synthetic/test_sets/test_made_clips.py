"""A rendered clip, read by the public readers."""

import json
import shutil

import cv2
import numpy as np
import pytest
import torch

from semtta_mm.conventions import keypoint_names
from semtta_mm.datasets import TrackDataset
from semtta_mm.datasets.track_io import load_track
from semtta_mm.datasets.video import read_frames
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams
from semtta_mm.synthetic.test_sets import VARIANTS, make_clip_files, make_clips
from semtta_mm.synthetic.test_sets.manifest import arrays_sha256
from semtta_mm.synthetic.test_sets.sheet import contact_sheet


@pytest.fixture
def tracks(made):
    return {name: load_track(made.track_path(name)) for name in VARIANTS}


def hashes(job):
    tracks = [job.track_path(name) for name in VARIANTS]
    return [arrays_sha256(p) for p in (*tracks, job.path / 'truth.npz')]


def pixels(job, film='video.mp4'):
    frames = read_frames(job.path / film, np.arange(24))
    return np.stack([image for _, image in frames])


def covered_at(job, points):
    """Whether the two videos differ clearly about some points."""
    films = [pixels(job, f).astype(int) for f in ('video.mp4', 'covered.mp4')]
    differs = np.abs(films[0] - films[1]).max(axis=-1) > 30
    differs = np.stack(
        [cv2.dilate(d.astype(np.uint8), np.ones((5, 5))) > 0 for d in differs]
    )
    x, y = np.moveaxis(np.clip(points.round().astype(int), 0, 95), -1, 0)
    return differs[np.arange(24)[:, None], y, x]


def test_track_dataset_reads_all_variants(made):
    readers = [
        dict(type='NpzTrackReader', keypoints=made.folder / 'tracks' / name)
        for name in VARIANTS
    ]
    dataset = TrackDataset(
        reader=readers, input_size=64, convention='cycleadapt_29'
    )
    assert dataset.names == [f'{made.name}_{name}' for name in VARIANTS]
    with dataset[0] as frames:
        assert frames.images.shape == (24, 3, 64, 64)
        assert frames.images.float().std() > 10
        assert frames.fps == 30
        assert frames.keypoints.shape == (24, 29, 2)
    dataset.close()


def test_projected_reference_is_the_noise_free_evidence(made, tracks):
    """Through the file and the body model, against the world's own path."""
    track, body = tracks['none'], SMPLBody()
    known = track.reference
    params = SMPLParams.from_axis_angle(
        *(torch.tensor(v) for v in (known.pose, known.betas, known.transl))
    )
    out = body(params, keypoints=('coco_23',))
    points = out.keypoints['coco_23'].detach().double().numpy()
    homogeneous = np.einsum('tij,tkj->tki', track.intrinsics, points)
    projected = homogeneous[..., :2] / homogeneous[..., 2:]
    with np.load(made.path / 'truth.npz') as truth:
        assert np.abs(projected - truth['keypoints']).max() < 0.1
    np.testing.assert_allclose(known.joints, out.joints.detach(), atol=1e-5)
    assert np.isfinite(projected).all()
    assert ((projected > 0) & (projected < made.plan.size)).all()


def test_body_stands_on_the_ground(made, tracks):
    """Back in the world by the stored camera, the lowest vertex is at 0."""
    known = tracks['none'].reference
    params = SMPLParams.from_axis_angle(
        *(torch.tensor(v) for v in (known.pose, known.betas, known.transl))
    )
    vertices = SMPLBody()(params, keypoints=()).vertices.numpy()
    with np.load(made.path / 'truth.npz') as truth:
        rotation, centre = truth['camera_rotation'], truth['camera_centre']
    world = np.einsum('tji,tvj->tvi', rotation, vertices) + centre
    np.testing.assert_allclose(world[..., 1].min(axis=1), 0, atol=1e-4)


def test_missing_keypoints_of_variants(made, tracks):
    whole = tracks['none']
    detected = {name: track.scores > 0 for name, track in tracks.items()}
    names = keypoint_names('coco_23')
    low = [n.endswith(('knee', 'ankle', 'toe', 'heel')) for n in names]
    assert not detected['lower_body'][:, low].any()
    covered = covered_at(made, tracks['none'].keypoints)
    kept = detected['none'] & ~np.array(low)
    clear = kept & ~covered
    assert detected['lower_body'][clear].mean() > 0.95  # noise moves a few
    assert (detected['lower_body'] <= detected['none']).all()
    empty = np.flatnonzero(~detected['block'].any(axis=1))
    assert len(empty) == 8
    assert np.ptp(empty) == 7
    assert 0 < empty[0] < empty[-1] < 23
    lost = (detected['none'] & ~detected['random']).sum() / detected[
        'none'
    ].sum()
    assert 0.2 < lost < 0.4
    for name, track in tracks.items():
        film = 'covered.mp4' if name == 'lower_body' else 'video.mp4'
        assert track.video == made.path / film
        np.testing.assert_array_equal(
            track.keypoints[detected[name]], whole.keypoints[detected[name]]
        )
        assert not track.keypoints[~detected[name]].any()
        np.testing.assert_array_equal(
            track.reference.pose, whole.reference.pose
        )


def test_legs_are_covered_in_the_second_video(made, tracks):
    """Knees and below are hidden; the rest of the image is unchanged."""
    names = keypoint_names('coco_23')
    low = [n.endswith(('knee', 'ankle', 'toe', 'heel')) for n in names]
    with np.load(made.path / 'truth.npz') as truth:
        points = truth['keypoints']
    covered = covered_at(made, points)
    assert covered[:, low].mean() > 0.9  # where colours differ
    nose = covered[:, names.index('nose')]
    assert not nose.any()
    assert not covered_at(made, np.zeros((24, 23, 2))).any()


def test_boxes_of_a_block_are_interpolated(tracks):
    empty = np.flatnonzero(~(tracks['block'].scores > 0).any(axis=1))
    inside = tracks['block'].boxes[empty[0] - 1 : empty[-1] + 2]
    np.testing.assert_allclose(np.diff(inside, n=2, axis=0), 0, atol=1e-3)


def test_labels(made):
    labels = json.loads((made.path / 'labels.json').read_text())
    assert [(e['start'], e['end'], e['text']) for e in labels] == [
        (0, 24, 'march in place')
    ]
    assert set(labels[0]) == {
        'start',
        'end',
        'text',
        'dictionary_entry',
        'score',
        'source',
        'raw',
    }


def test_same_seed_same_bytes(made, tmp_path, job_in):
    """In another process, and after an interruption."""
    job = job_in(tmp_path, shift=made.plan.shift)
    job.path.with_suffix('.part').mkdir(parents=True)
    workers = 2 if made.plan.shift == 'all' else 1
    threads = torch.get_num_threads()
    assert list(make_clips([job], workers)) == [job.path]
    torch.set_num_threads(threads)
    assert hashes(job) == hashes(made)
    np.testing.assert_array_equal(pixels(job), pixels(made))
    before = job.path.stat().st_mtime_ns
    assert list(make_clips([job], workers=1)) == [job.path]
    assert job.path.stat().st_mtime_ns == before


def test_other_seed_other_person(made, tmp_path, job_in):
    threads = torch.get_num_threads()
    job = job_in(tmp_path, shift=made.plan.shift, seed=1)
    make_clip_files(job)
    torch.set_num_threads(threads)
    mine, theirs = (
        load_track(j.track_path('none')).reference for j in (job, made)
    )
    assert np.abs(mine.betas - theirs.betas).max() > 0.1
    assert not np.allclose(mine.transl, theirs.transl)
    shutil.rmtree(tmp_path)


def test_sheet(made):
    sheet = contact_sheet([made, made])
    assert sheet.shape == (512, 6 * 256, 3)
    plain = cv2.resize(pixels(made)[-1], (256, 256))
    np.testing.assert_array_equal(sheet[:256, -256:], plain)
