from .evidence import CONVENTION, LifterEvidence, camera_numbers
from .text_lifter import LiftedWindows, TextLifter

__all__ = [
    'CONVENTION',
    'LiftedWindows',
    'LifterEvidence',
    'TextLifter',
    'camera_numbers',
]
