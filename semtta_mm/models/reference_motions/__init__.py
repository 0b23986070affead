from .base import ReferenceMotions, at_rate, draw_piece
from .exemplars import ExemplarMotions
from .npz import NpzMotions

__all__ = [
    'ExemplarMotions',
    'NpzMotions',
    'ReferenceMotions',
    'at_rate',
    'draw_piece',
]
