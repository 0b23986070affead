"""Labels of made motions, by the encoders and the readout that ship."""

import numpy as np
import pytest
import torch

from semtta_mm.labeling import MotionLabeler, frame_labels
from semtta_mm.models.motion_text import (
    JointMotionText,
    MotionCLIP,
    read_dictionary,
)
from semtta_mm.models.motion_text.label_readout_file import read_readout
from semtta_mm.setup_env import register_all_modules
from semtta_mm.structures import PersonTrack
from semtta_mm.synthetic.motions.procedural import make_clip

ACTION = 'wave a hand'


@pytest.fixture(scope='module')
def encoders():
    register_all_modules()
    return (
        MotionCLIP(
            width=192,
            layers=4,
            heads=4,
            feedforward=384,
            positions=None,
            text_dim=384,
            weights='motion_text_open',
        ).eval(),
        JointMotionText(
            body=dict(type='SMPLBody'), weights='motion_text_gate_open'
        ).eval(),
    )


@pytest.fixture
def labeler(encoders):
    def make(threshold=0.4, **options):
        readout = read_readout('motion_text_open')
        words = read_dictionary()
        return MotionLabeler(encoders, words, readout, threshold, **options)

    return make


def motion(label, seconds, fps=30):
    clip = make_clip(label, np.random.default_rng(3), seconds, fps)
    return torch.from_numpy(clip.pose).float()


def track_of(count, fps=30.0, gap=None):
    ids = np.arange(count) + 100
    if gap is not None:
        ids[gap:] += 5
    return PersonTrack(
        name='someone',
        frame_ids=ids,
        fps=fps,
        boxes=np.tile([0.0, 0, 9, 9], (count, 1)),
        keypoints=np.zeros((count, 17, 2)),
        scores=np.ones((count, 17)),
        convention='coco_17',
    )


def test_a_motion_gets_its_label(labeler):
    pose = motion(ACTION, 3)
    track = track_of(len(pose))
    (span,) = labeler()(track, pose)
    assert (span.text, span.dictionary_entry) == (ACTION, ACTION)
    assert (span.start, span.end) == (100, 100 + len(pose))
    assert span.source == 'motion' and 0.4 <= span.score <= 1
    assert span.raw.startswith(f'{ACTION} {span.score:.2f}')
    words = read_dictionary()
    rows = frame_labels(track, [span], words).index
    assert (rows == words.index(ACTION)).all()
    # The orientation to the camera does not matter.
    turned = pose.clone()
    turned[:, 0] = torch.eye(3)
    assert labeler()(track, turned) == [span]


def test_below_the_threshold_it_is_unknown(labeler):
    pose = motion(ACTION, 3)
    (span,) = labeler(threshold=1.0)(track_of(len(pose)), pose)
    assert (span.text, span.dictionary_entry) == ('unknown', None)
    assert span.raw.startswith(ACTION) and span.score > 0
    with pytest.raises(ValueError, match='threshold: expected 0 to 1'):
        labeler(threshold=1.5)


def test_equal_parts_are_one_span_and_gaps_divide_the_track(labeler):
    pose = motion(ACTION, 4)
    track = track_of(len(pose))
    parts = labeler(span_seconds=2.1).confidences(track, pose)
    assert [part for part, _ in parts] == [slice(0, 60), slice(60, 120)]
    assert all(float(c.sum()) == pytest.approx(1) for _, c in parts)
    spans = labeler(threshold=0.0, span_seconds=2.1)(track, pose)
    if len(spans) == 1:
        assert (spans[0].start, spans[0].end) == (100, 220)
        lower = min(float(c.max()) for _, c in parts)
        assert spans[0].score == pytest.approx(lower, abs=1e-3)
    gap = labeler().confidences(track_of(len(pose), gap=50), pose)
    assert [part for part, _ in gap] == [slice(0, 50), slice(50, 120)]


def test_too_few_frames_are_unknown(labeler):
    pose = motion(ACTION, 0.6)
    (span,) = labeler(threshold=0.0)(track_of(len(pose)), pose)
    assert span.dictionary_entry is None and span.score == 0
