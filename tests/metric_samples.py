"""Samples for the tests of MeshMetric, and the metric run on them."""

import numpy as np

from semtta_mm.conventions import keypoint_names
from semtta_mm.evaluation import MeshMetric

H36M = keypoint_names('h36m_17')
KNEE = H36M.index('left_knee')
SPINE = H36M.index('h36m_spine')


def make_sample(name='a', frames=6, off=0.0, **changes):
    """A body whose left knee is ``off`` m from where it should be."""
    rng = np.random.default_rng(0)
    reference = rng.normal(size=(frames, 17, 3)) * 0.3
    prediction = reference + [0.2, -0.1, 5.0]
    prediction[:, KNEE] += [off, 0, 0]
    sample = {
        'name': name,
        'frame_ids': np.arange(frames) + 10,
        'fps': 30.0,
        'prediction': {'joints': {'h36m_17': prediction}},
        'reference': {'joints': reference, 'convention': 'h36m_17'},
    }
    return sample | changes


def with_vertices(sample, off):
    frames = len(sample['frame_ids'])
    root = sample['reference']['joints'][:, :1]
    pred_root = sample['prediction']['joints']['h36m_17'][:, :1]
    shape = np.random.default_rng(1).normal(size=(frames, 50, 3))
    sample['reference']['vertices'] = root + shape
    sample['prediction']['vertices'] = pred_root + shape + [0, off, 0]
    return sample


def with_evidence(sample, shift=5.0):
    frames = len(sample['frame_ids'])
    points = np.random.default_rng(2).uniform(0, 500, (frames, 17, 2))
    sample['prediction']['joints2d'] = points + [0, shift]
    sample['evidence'] = {
        'keypoints': points,
        'visible': np.ones((frames, 17), bool),
        'box_size': np.full(frames, 200.0),
    }
    return sample


def run(*samples, dataset_meta=None, **options):
    metric = MeshMetric(**options)
    metric.dataset_meta = dataset_meta
    metric.process(None, samples)
    return metric.report()


def overall(*samples, **options):
    return run(*samples, **options)['overall']
