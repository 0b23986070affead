"""A rendered handheld clip, read by the public readers."""

import json
import shutil
from dataclasses import replace

import numpy as np
import torch

from semtta_mm.conventions import keypoint_names
from semtta_mm.datasets import TrackDataset
from semtta_mm.datasets.readers.test_set import TestSetReader
from semtta_mm.datasets.track_io import load_track
from semtta_mm.datasets.video import read_frames
from semtta_mm.detection import Detector2D
from semtta_mm.synthetic.test_sets import variants_of
from semtta_mm.synthetic.test_sets.handheld import make_handheld_files
from semtta_mm.synthetic.test_sets.manifest import arrays_sha256
from semtta_mm.synthetic.test_sets.sheet import contact_sheet

VARIANTS = tuple(variants_of('handheld'))
NAMES = keypoint_names('coco_23')


def truth_of(job, variant):
    with np.load(job.path / variant / 'truth.npz') as data:
        return dict(data)


def pixels(job, variant):
    video = job.path / variant / 'video.mp4'
    frames = read_frames(video, np.arange(24))
    return np.stack([image for _, image in frames])


def test_tracks_of_all_variants(handheld):
    reader = dict(
        type='TestSetReader', folder=handheld.folder, variants=VARIANTS
    )
    dataset = TrackDataset(reader=reader, input_size=64)
    assert dataset.names == [f'{handheld.name}_{v}' for v in VARIANTS]
    with dataset[1] as frames:
        assert frames.images.shape == (24, 3, 64, 64)
        assert frames.images.float().std() > 5
    dataset.close()
    track = load_track(handheld.track_path('clear'))
    assert not track.scores[1].any()  # not detected
    assert (track.scores[0] > 0).sum() < 21  # a low score
    assert track.reference.pose.shape == (24, 24, 3)
    assert handheld.name == 'open_test_handheld_00'


def test_true_evidence_is_that_of_the_variant(handheld):
    tracks = TestSetReader(handheld.folder, VARIANTS, evidence='true')()
    for track, variant in zip(tracks, VARIANTS, strict=True):
        truth = truth_of(handheld, variant)
        np.testing.assert_allclose(track.keypoints, truth['keypoints'])
        assert (track.scores == 1).all()


def test_things_hide_the_legs(handheld):
    low = [n.endswith(('ankle', 'heel', 'toe')) for n in NAMES]
    clear, hidden = (truth_of(handheld, v) for v in VARIANTS[:2])
    assert not clear['occluded'].any()
    away = hidden['occluded'] | hidden['outside']
    assert away[:, low].mean() > 0.8
    assert not hidden['occluded'][:, NAMES.index('nose')].any()
    differs = np.abs(
        pixels(handheld, 'clear').astype(int)
        - pixels(handheld, 'legs_hidden').astype(int)
    )
    at = np.clip(hidden['keypoints'].round().astype(int), 0, None)
    height, width = differs.shape[1:3]
    shown = (hidden['occluded'] & ~hidden['outside'])[:, low]
    x = np.minimum(at[:, low, 0], width - 1)
    y = np.minimum(at[:, low, 1], height - 1)
    change = differs.max(axis=-1)[np.arange(24)[:, None], y, x]
    assert (change[shown] > 15).mean() > 0.7


def test_scene_is_recorded(handheld):
    scene = json.loads((handheld.path / 'scene.json').read_text())
    assert set(scene) == set(VARIANTS)
    assert scene['clear']['size'] in ([72, 128], [128, 72])
    assert scene['legs_hidden']['by']
    assert scene['blocks']['blocks'][0]['hides']


def test_same_seed_same_bytes(handheld, film, job_in, tmp_path):
    job = job_in(tmp_path, shift='handheld', size=128)
    job.path.with_suffix('.part').mkdir(parents=True)  # interrupted
    film(job)
    assert set(job.arrays) == set(VARIANTS) | {f'truth_{v}' for v in VARIANTS}
    for name, path in job.arrays.items():
        assert arrays_sha256(path) == arrays_sha256(handheld.arrays[name])
    for variant in VARIANTS:
        np.testing.assert_array_equal(
            pixels(job, variant), pixels(handheld, variant)
        )
    shutil.rmtree(tmp_path)


def test_sheet(handheld):
    sheet = contact_sheet([handheld])
    assert sheet.shape == (256, 8 * 256, 3)


class LosesFirst(Detector2D):
    """Does not find the person behind the first furniture."""

    def __init__(self, other):
        self.other, self.lost = other, 0

    def settings(self):
        return {}

    def detect(self, video, frames=None, progress=None, fps=None):
        found = self.other.detect(video, frames, progress, fps)
        if video.parent.name == 'legs_hidden' and not self.lost:
            self.lost += 1
            return replace(found, boxes=found.boxes + 1000)
        return found


def test_other_furniture_if_the_person_is_not_found(
    handheld, job_in, tmp_path, stand_in
):
    job = job_in(tmp_path, shift='handheld', size=128)
    threads = torch.get_num_threads()
    detector = LosesFirst(stand_in)
    make_handheld_files(job, detector)
    torch.set_num_threads(threads)
    before, after = (
        json.loads((j.path / 'scene.json').read_text())
        for j in (handheld, job)
    )
    assert detector.lost == 1
    assert before['legs_hidden']['by'] != after['legs_hidden']['by']
    assert before['blocks'] == after['blocks']
