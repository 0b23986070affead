from .official import check_official, read_regressor
from .prepare import Prepared, find_sources, prepare, summary, write

__all__ = [
    'Prepared',
    'check_official',
    'find_sources',
    'prepare',
    'read_regressor',
    'summary',
    'write',
]
