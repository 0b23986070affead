from .base import BaseAdaptor
from .batch import WindowBatch
from .dapa import DAPA
from .iso import ISO
from .loss_input import LossInput
from .semtta import SemTTA
from .session import FrameLabels, Session

__all__ = [
    'DAPA',
    'ISO',
    'BaseAdaptor',
    'FrameLabels',
    'LossInput',
    'SemTTA',
    'Session',
    'WindowBatch',
]
