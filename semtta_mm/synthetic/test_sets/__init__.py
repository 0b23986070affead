from .build import make_clips, plan_clips
from .clip_job import ClipJob, make_clip_files
from .plan import EDITIONS, HELD_OUT, SHIFTS, SIZES, TestSetPlan
from .variants import VARIANTS

__all__ = [
    'EDITIONS',
    'HELD_OUT',
    'SHIFTS',
    'SIZES',
    'VARIANTS',
    'ClipJob',
    'TestSetPlan',
    'make_clip_files',
    'make_clips',
    'plan_clips',
]
