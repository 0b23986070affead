from .io import write_metrics_json
from .metrics import MeshMetric
from .protocol import FRAMES, Protocol
from .report import merge_stages, stage_report, summarise
from .table import metrics_table, protocols_table
from .track_errors import METRIC_NAMES, Total, TrackErrors, evaluate_track

__all__ = [
    'FRAMES',
    'METRIC_NAMES',
    'MeshMetric',
    'Protocol',
    'Total',
    'TrackErrors',
    'evaluate_track',
    'merge_stages',
    'metrics_table',
    'protocols_table',
    'stage_report',
    'summarise',
    'write_metrics_json',
]
