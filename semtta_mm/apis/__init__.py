"""The Python API: adapt, evaluate, and the inferencer for videos."""

from .adapt import adapt, init_adaptor
from .config import read_config
from .evaluate import evaluate
from .export import export_results, find_results
from .inferencer import SemTTAInferencer
from .track_result import TrackResult

__all__ = [
    'SemTTAInferencer',
    'TrackResult',
    'adapt',
    'evaluate',
    'export_results',
    'find_results',
    'init_adaptor',
    'read_config',
]
