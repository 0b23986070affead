import numpy as np
import pytest
import torch

from semtta_mm.models.bodies import SMPLBody
from semtta_mm.synthetic.motions.procedural import make_clip
from semtta_mm.synthetic.test_sets import (
    ClipJob,
    TestSetPlan,
    make_clip_files,
)
from semtta_mm.synthetic.test_sets.body_track import world_body
from semtta_mm.synthetic.test_sets.motions import Take

FRAMES, SIZE = 24, 96


def small_plan(**changes):
    values = dict(
        edition='open',
        split='test',
        shift='all',
        clips=1,
        min_frames=FRAMES,
        max_frames=FRAMES,
        size=SIZE,
    )
    return TestSetPlan(**(values | changes))


def march_job(folder, **changes):
    rng = np.random.default_rng(3)
    clip = make_clip('march in place', rng, 2.0, 30.0, 'test')
    pose = clip.pose[:FRAMES]
    take = Take(clip.label, clip.source, clip.name, 0, False, pose)
    return ClipJob(folder, small_plan(**changes), 0, take)


@pytest.fixture(scope='session')
def plan_with():
    return small_plan


@pytest.fixture(scope='session')
def job_in():
    return march_job


@pytest.fixture(scope='session', params=['all', 'none'])
def made(request, tmp_path_factory):
    """A rendered clip, with and without shift."""
    threads = torch.get_num_threads()
    folder = tmp_path_factory.mktemp(request.param)
    job = march_job(folder, shift=request.param)
    make_clip_files(job)
    torch.set_num_threads(threads)
    return job


@pytest.fixture(scope='module')
def marching():
    """A world body that marches, [40, ...]."""
    rng = np.random.default_rng(0)
    pose = make_clip('march in place', rng, 2.0, 30.0, 'dev').pose[:40]
    return world_body(SMPLBody(), pose, np.zeros(10), 'coco_23')
