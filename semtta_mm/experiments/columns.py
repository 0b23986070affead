"""Metrics of the tables of an experiment: groups, headings, directions."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

from .unobserved_errors import TRUE_HIDDEN, TRUE_ROOT, Values


class Column(NamedTuple):
    """How a metric is shown.

    Attributes:
        heading: Name and unit, in Markdown.
        digits: After the point.
        higher_is_better: Direction.
    """

    heading: str
    digits: int = 1
    higher_is_better: bool = False


COLUMNS = MappingProxyType(
    {
        'mpjpe': Column('MPJPE mm'),
        'pa_mpjpe': Column('PA mm'),
        'mpvpe': Column('MPVPE mm'),
        'reproj_px': Column('reprojection px'),
        'mpjpe_visible': Column('observed mm'),
        'mpjpe_occluded': Column('unobserved mm'),
        'pa_mpjpe_occluded': Column('PA unobserved mm'),
        'hidden_deg': Column('hidden °'),
        'tilt_deg': Column('tilt °'),
        'heading_deg': Column('heading °'),
        'root_deg': Column('root °'),
        'root_constant_deg': Column('root, constant °'),
        'root_shown_deg': Column('root, constant where shown °'),
        'tilt_constant_deg': Column('tilt, constant °'),
        'heading_constant_deg': Column('heading, constant °'),
        TRUE_ROOT: Column('unobserved, true root mm'),
        TRUE_HIDDEN: Column('unobserved, true hidden mm'),
        'best_phase_mm': Column('best phase mm'),
        'wasserstein_mm': Column('Wasserstein mm'),
        'swing_error': Column('swing error', 2),
        'step_hz_error': Column('step error Hz', 2),
        'steps_found': Column('steps found', 2, True),
        'accel': Column('accel m/s²', 2),
        'filled_percent': Column('filled 2D %'),
        'filled_pck': Column('PCK of fills', 2, True),
        'seconds_per_frame': Column('s a frame', 3),
        'peak_memory_mb': Column('peak MB', 0),
        'coverage': Column('coverage', 2, True),
        'accel_occluded': Column('accel unobserved m/s²', 2),
        'foot_slide_mm': Column('foot slide mm/frame'),
        'action_r1': Column('action R@1', 2, True),
        'action_r3': Column('action R@3', 2, True),
        'action_r1_true': Column('R@1 of the truth', 2, True),
        'action_r3_true': Column('R@3 of the truth', 2, True),
    }
)
"""All metrics of the tables, by name."""

HEADLINE = (
    'mpjpe',
    'pa_mpjpe',
    'mpjpe_occluded',
    'pa_mpjpe_occluded',
    'hidden_deg',
    'tilt_deg',
    'heading_deg',
)
"""Metrics of the first table."""

GROUPS = MappingProxyType(
    {
        'Further errors': HEADLINE,
        'Motion of unobserved joints': (
            'best_phase_mm',
            'wasserstein_mm',
            'swing_error',
            'step_hz_error',
            'steps_found',
            'accel_occluded',
        ),
        'Action, recognised by an independent classifier': (
            'action_r1',
            'action_r1_true',
            'action_r3',
            'action_r3_true',
        ),
        'Root and causes': (
            'root_deg',
            'root_constant_deg',
            'tilt_constant_deg',
            'heading_constant_deg',
            TRUE_ROOT,
            TRUE_HIDDEN,
        ),
        'Observed joints and motion': (
            'mpjpe_visible',
            'accel',
            'foot_slide_mm',
        ),
    }
)
"""Title of a table to its metrics; a report shows its own columns first."""

OF_THE_TRUTH = ('action_r1_true', 'action_r3_true')
"""Values that do not depend on the row; they have no difference."""


def with_derived(values: Values) -> Values:
    """Values of a track and those that follow from them.

    Args:
        values: Of one track in one run.

    Returns:
        The same with ``swing_error``, the distance of the swing ratio from
        1; ``steps_found``, 1 where the prediction has a clear period and 0
        where not; and ``step_hz_error``, the absolute error of the step
        frequency where it has one. None where the truth has none.
    """
    swing = values.get('swing_ratio')
    true, found = values.get('step_hz_true'), values.get('step_hz_pred')
    error = share = None
    if true is not None:
        share = float(found is not None)
        error = None if found is None else abs(found - true)
    return values | {
        'swing_error': None if swing is None else abs(swing - 1),
        'steps_found': share,
        'step_hz_error': error,
    }
