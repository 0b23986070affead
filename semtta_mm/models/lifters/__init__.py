from .cycle_lifter import CycleLifter
from .evidence import CONVENTION, LifterEvidence, camera_numbers
from .text_lifter import LiftedWindows, TextLifter

__all__ = [
    'CycleLifter',
    'CONVENTION',
    'LiftedWindows',
    'LifterEvidence',
    'TextLifter',
    'camera_numbers',
]
