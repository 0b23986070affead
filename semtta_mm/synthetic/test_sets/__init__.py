from .build import make_clips, plan_clips
from .clip_job import ClipJob, make_clip_files
from .plan import (
    EDITIONS,
    HELD_OUT,
    SHIFTS,
    SIZE_PX,
    SIZES,
    TestSetPlan,
)
from .variants import VARIANTS, variants_of

__all__ = [
    'EDITIONS',
    'HELD_OUT',
    'SHIFTS',
    'SIZES',
    'SIZE_PX',
    'VARIANTS',
    'ClipJob',
    'TestSetPlan',
    'make_clip_files',
    'make_clips',
    'plan_clips',
    'variants_of',
]
