from .base import BaseAdaptor
from .batch import WindowBatch
from .cycleadapt import CycleAdapt
from .loss_input import LossInput
from .semtta import SemTTA
from .session import FrameLabels, Session
from .step_bodies import StepBodies

__all__ = [
    'BaseAdaptor',
    'CycleAdapt',
    'FrameLabels',
    'LossInput',
    'SemTTA',
    'Session',
    'StepBodies',
    'WindowBatch',
]
