from .evaluator import (
    MAIN,
    TrackEvaluator,
    build_evaluator,
    build_protocols,
    build_reference_bodies,
)
from .io import write_metrics_json
from .metrics import MeshMetric
from .protocol import FRAMES, Protocol
from .report import merge_stages, stage_report, staged_report, summarise
from .table import metrics_table, protocols_table
from .track_errors import METRIC_NAMES, Total, TrackErrors, evaluate_track

__all__ = [
    'FRAMES',
    'MAIN',
    'METRIC_NAMES',
    'MeshMetric',
    'Protocol',
    'Total',
    'TrackErrors',
    'TrackEvaluator',
    'build_evaluator',
    'build_protocols',
    'build_reference_bodies',
    'evaluate_track',
    'merge_stages',
    'metrics_table',
    'protocols_table',
    'stage_report',
    'staged_report',
    'summarise',
    'write_metrics_json',
]
